import fc from 'fast-check';
import type { Path } from '../../src/model/path.ts';
import type { AttributeSchema, BlockSchema, NestedBlock, ResourceSchema, TypeSpec } from '../../src/model/schema.ts';
import type { Value } from '../../src/model/value.ts';

/** A schema and a value of it. Names tell nothing, so that no rule about names plays a part. */
export interface Typed {
  readonly schema: ResourceSchema;
  readonly value: { readonly [name: string]: Value };
}

const NAMES = ['alpha', 'beta', 'gamma', 'delta', '__proto__', 'constructor'];
const name = fc.constantFrom(...NAMES);
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('', '{"b":1,"a":[2,1]}', '{"Statement":[{"Effect":"Allow","Action":["b","a"]}]}', '[1,2]', '%7B'),
);

const scalar = fc.constantFrom<TypeSpec>('string', 'number', 'bool');
const { type } = fc.letrec<{ type: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    scalar,
    fc.tuple(fc.constantFrom('list' as const, 'set' as const, 'map' as const), tie('type')),
    fc.dictionary(name, tie('type'), { minKeys: 1, maxKeys: 3 }).map((members) => ['object', members] as const),
  ),
}));

function sampleOf(spec: TypeSpec): fc.Arbitrary<Value> {
  if (spec === 'string') return fc.option(text);
  if (spec === 'number') return fc.option(fc.integer());
  if (spec === 'bool') return fc.option(fc.boolean());
  if (spec === 'dynamic') return fc.constant(null);
  const [kind, inner] = spec;
  if (kind === 'map')
    return fc.dictionary(fc.oneof(name, fc.string({ maxLength: 3 })), sampleOf(inner), { maxKeys: 3 });
  if (kind === 'list' || kind === 'set') return fc.array(sampleOf(inner), { maxLength: 3 });
  if (kind === 'tuple') return fc.constant([]);
  return record(Object.entries(inner).map(([key, one]) => [key, sampleOf(one)]));
}

function record(members: readonly (readonly [string, fc.Arbitrary<Value>])[]): fc.Arbitrary<Value> {
  return fc.tuple(...members.map(([, one]) => one)).map((values) => {
    const map: Record<string, Value> = Object.create(null);
    members.forEach(([key], i) => {
      map[key] = values[i] as Value;
    });
    return map;
  });
}

const attributes = fc.dictionary(name, type, { minKeys: 1, maxKeys: 4, noNullPrototype: false });

function blockOf(members: Record<string, TypeSpec>, nested: Record<string, NestedBlock>): BlockSchema {
  const own: Record<string, AttributeSchema> = Object.create(null);
  for (const [key, spec] of Object.entries(members)) own[key] = { type: spec, optional: true };
  return { attributes: own, blocks: nested };
}

/** Resources with attributes of every type, and nested blocks. */
export const typed: fc.Arbitrary<Typed> = fc
  .tuple(attributes, attributes, fc.constantFrom('list' as const, 'set' as const))
  .chain(([outer, inner, nesting]) => {
    const nested: NestedBlock = { nesting, block: blockOf(inner, {}) };
    const schema: ResourceSchema = { version: 0, block: blockOf(outer, { nested }) };
    const items = record(Object.entries(inner).map(([key, spec]) => [key, sampleOf(spec)]));
    const members = Object.entries(outer).map(([key, spec]) => [key, sampleOf(spec)] as const);
    return record([...members, ['nested', fc.array(items, { maxLength: 3 })]]).map((value) => ({
      schema,
      value: value as Typed['value'],
    }));
  });

/** The same value with every set in another order. */
export function reordered(value: Value, spec: TypeSpec | BlockSchema): Value {
  if (typeof spec === 'object' && !Array.isArray(spec)) return reorderedBlock(value, spec as BlockSchema);
  if (typeof spec === 'string' || value === null) return value;
  const [kind, inner] = spec as readonly ['list' | 'set' | 'map' | 'object', TypeSpec];
  if (kind === 'set') return [...(value as Value[])].reverse().map((one) => reordered(one, inner));
  if (kind === 'list') return (value as Value[]).map((one) => reordered(one, inner));
  return mapOf(value, (key) =>
    kind === 'map' ? inner : ((inner as unknown as Record<string, TypeSpec>)[key] ?? 'string'),
  );
}

function reorderedBlock(value: Value, block: BlockSchema): Value {
  const map: Record<string, Value> = Object.create(null);
  for (const [key, one] of Object.entries(value as Record<string, Value>)) {
    const nested = Object.hasOwn(block.blocks, key) ? block.blocks[key] : undefined;
    if (nested === undefined) map[key] = reordered(one, block.attributes[key]?.type ?? 'string');
    else {
      const items = (one as Value[]).map((item) => reorderedBlock(item, nested.block));
      map[key] = nested.nesting === 'set' ? items.reverse() : items;
    }
  }
  return map;
}

function mapOf(value: Value, specOf: (key: string) => TypeSpec): Value {
  const map: Record<string, Value> = Object.create(null);
  for (const [key, one] of Object.entries(value as Record<string, Value>)) map[key] = reordered(one, specOf(key));
  return map;
}

/** Paths of all leaves that stand outside sets: those have a path of their own in a finding. */
export function leafPaths(value: Value, spec: TypeSpec | BlockSchema, path: Path = []): Path[] {
  if (typeof spec === 'object' && !Array.isArray(spec)) {
    const block = spec as BlockSchema;
    return Object.entries(value as Record<string, Value>).flatMap(([key, one]) => {
      const nested = Object.hasOwn(block.blocks, key) ? block.blocks[key] : undefined;
      if (nested === undefined) return leafPaths(one, block.attributes[key]?.type ?? 'string', [...path, key]);
      if (nested.nesting === 'set') return [];
      return (one as Value[]).flatMap((item, i) => leafPaths(item, nested.block, [...path, key, i]));
    });
  }
  if (typeof spec === 'string') return [path];
  const [kind, inner] = spec as readonly ['list' | 'set' | 'map' | 'object', TypeSpec];
  if (kind === 'set' || value === null) return [];
  if (kind === 'list') return (value as Value[]).flatMap((one, i) => leafPaths(one, inner, [...path, i]));
  return Object.entries(value as Record<string, Value>).flatMap(([key, one]) =>
    leafPaths(one, kind === 'map' ? inner : ((inner as unknown as Record<string, TypeSpec>)[key] as TypeSpec), [
      ...path,
      key,
    ]),
  );
}

/** The value with another leaf at a path. */
export function withLeaf(value: Value, path: Path, leaf: (before: Value) => Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return leaf(value);
  if (Array.isArray(value)) return value.map((one, i) => (i === step ? withLeaf(one, rest, leaf) : one));
  const map: Record<string, Value> = Object.assign(Object.create(null), value);
  map[step] = withLeaf(map[step] as Value, rest, leaf);
  return map;
}
