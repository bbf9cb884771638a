import type { AttributeSchema, BlockSchema, NestedBlock, NestedObject, TypeSpec } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { canonicalText } from './canonical.ts';
import { numberOfText, textOfNumber } from './number.ts';
import { isTypeSpec } from './type-spec.ts';

/**
 * Brings a value in JSON clothes (a state's attributes, plan values, configuration values) to the types of a schema, by
 * Terraform's own conversions (go-cty, "convert": string, number and bool into each other where the text allows it):
 *
 * - an attribute that is not there becomes null, one that the schema does not know is left out;
 * - a nested block that is not there becomes [] (list, set), {} (map) or null (single);
 * - one object where a list or set of objects stands becomes a list of one;
 * - a set loses its duplicates;
 * - the wrapper that states put round a value of dynamic type, {"type": ..., "value": ...}, is taken off.
 *
 * Total and idempotent: what cannot be converted stays as it is, UNKNOWN stays UNKNOWN, nothing is thrown.
 */
export function coerce(value: Value, schema: BlockSchema | TypeSpec): Value {
  return isBlock(schema) ? coerceBlock(value, schema) : coerceType(value, schema);
}

function isBlock(schema: BlockSchema | TypeSpec): schema is BlockSchema {
  return typeof schema === 'object' && !Array.isArray(schema);
}

function coerceBlock(value: Value, block: BlockSchema): Value {
  if (!isMap(value)) return value;
  return record([
    ...Object.entries(block.attributes).map(
      ([name, attribute]) => [name, coerceAttribute(member(value, name), attribute)] as const,
    ),
    ...Object.entries(block.blocks).map(([name, nested]) => [name, coerceNested(member(value, name), nested)] as const),
  ]);
}

function coerceAttribute(value: Value, attribute: AttributeSchema): Value {
  if (attribute.nested !== undefined) return coerceNestedObject(value, attribute.nested);
  return attribute.type === undefined ? value : coerceType(value, attribute.type);
}

function coerceNestedObject(value: Value, nested: NestedObject): Value {
  const one = (item: Value): Value => coerceBlock(item, { attributes: nested.attributes, blocks: {} });
  switch (nested.nesting) {
    case 'list':
      return coerceMany(value, one, true);
    case 'set':
      return unique(coerceMany(value, one, true));
    case 'map':
      return coerceEach(value, one);
    default:
      return one(single(value));
  }
}

function coerceNested(value: Value, nested: NestedBlock): Value {
  const one = (item: Value): Value => coerceBlock(item, nested.block);
  switch (nested.nesting) {
    case 'list':
      return coerceMany(value ?? [], one, true);
    case 'set':
      return unique(coerceMany(value ?? [], one, true));
    case 'map':
      return coerceEach(value ?? record([]), one);
    case 'group':
      return one(single(value) ?? record([]));
    default:
      return one(single(value));
  }
}

function coerceType(value: Value, type: TypeSpec): Value {
  if (value === null || value === UNKNOWN) return value;
  if (typeof type === 'string') return coerceScalar(value, type);
  const [kind] = type;
  if (kind === 'list' || kind === 'set') {
    const many = coerceMany(value, (item) => coerceType(item, type[1]), isObjectType(type[1]));
    return kind === 'set' ? unique(many) : many;
  }
  if (kind === 'map') return coerceEach(value, (item) => coerceType(item, type[1]));
  if (kind === 'tuple') {
    return isArray(value) ? value.map((item, i) => coerceType(item, type[1][i] ?? 'dynamic')) : value;
  }
  if (!isMap(value)) return value;
  return record(Object.entries(type[1]).map(([name, inner]) => [name, coerceType(member(value, name), inner)]));
}

function coerceScalar(value: Value, type: TypeSpec & string): Value {
  switch (type) {
    case 'string':
      if (typeof value === 'number') return textOfNumber(value);
      return typeof value === 'boolean' ? String(value) : value;
    case 'number':
      return typeof value === 'string' ? (numberOfText(value) ?? value) : value;
    case 'bool':
      if (value === 'true' || value === '1') return true;
      return value === 'false' || value === '0' ? false : value;
    default:
      return unwrapDynamic(value);
  }
}

/** Takes off every wrapper: a second pass must find none, or coercion would not be idempotent. */
function unwrapDynamic(value: Value): Value {
  let inner = value;
  while (isMap(inner) && Object.keys(inner).length === 2 && Object.hasOwn(inner, 'value') && isTypeSpec(inner.type)) {
    inner = coerceType(inner.value as Value, inner.type);
  }
  return inner;
}

function isObjectType(type: TypeSpec): boolean {
  return Array.isArray(type) && type[0] === 'object';
}

function coerceMany(value: Value, one: (item: Value) => Value, ofObjects: boolean): Value {
  if (isArray(value)) return value.map(one);
  return ofObjects && isMap(value) ? [one(value)] : value;
}

function coerceEach(value: Value, one: (item: Value) => Value): Value {
  return isMap(value) ? record(Object.entries(value).map(([key, item]) => [key, one(item)])) : value;
}

/** Configuration in JSON may write a block that stands at most once as a list of one. */
function single(value: Value): Value {
  return isArray(value) && value.length === 1 && isMap(value[0]) ? value[0] : value;
}

function unique(value: Value): Value {
  if (!isArray(value) || value.length < 2) return value;
  const seen = new Set<string>();
  return value.filter((item) => {
    const key = canonicalText(item);
    if (key === undefined) return true;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

function member(value: ValueMap, name: string): Value {
  return Object.hasOwn(value, name) ? (value[name] as Value) : null;
}

function record(entries: Iterable<readonly [string, Value]>): ValueMap {
  const map: Record<string, Value> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}
