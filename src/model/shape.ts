import type { AttributeSchema, BlockSchema, NestedBlock, NestedObject, ResourceSchema, TypeSpec } from './schema.ts';

/** What a schema says of one place in a value, whichever of its spellings (block, attribute, nested attribute) says it. */
export type Shape = Flags &
  (
    | { readonly kind: 'any' }
    | { readonly kind: 'scalar'; readonly type: 'string' | 'number' | 'bool' }
    | { readonly kind: 'list' | 'set' | 'map'; readonly element: Shape }
    | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Shape> }
  );

interface Flags {
  /** Only the provider sets it. */
  readonly computed: boolean;
  /** The provider may choose a value where the user wrote none. */
  readonly defaulted: boolean;
  readonly sensitive: boolean;
  /** Goes to the provider and never comes back. */
  readonly writeOnly: boolean;
  /** A nested block: it cannot be null, and an unset list of them is []. */
  readonly block: boolean;
}

const PLAIN: Flags = { computed: false, defaulted: false, sensitive: false, writeOnly: false, block: false };

/** Where no schema is known: comparison goes by what the values look like. */
export const ANY: Shape = { ...PLAIN, kind: 'any' };

const known = new WeakMap<ResourceSchema, Shape>();

/** The shape of a whole resource. Built once for each schema object. */
export function shapeOf(schema: ResourceSchema | undefined): Shape {
  if (schema === undefined) return ANY;
  const before = known.get(schema);
  if (before !== undefined) return before;
  const shape = blockShape(schema.block, PLAIN);
  known.set(schema, shape);
  return shape;
}

function blockShape(block: BlockSchema, flags: Flags): Shape {
  const members = new Map<string, Shape>();
  for (const [name, attribute] of Object.entries(block.attributes)) members.set(name, attributeShape(attribute, flags));
  for (const [name, nested] of Object.entries(block.blocks)) members.set(name, nestedBlockShape(nested, flags));
  return { ...flags, kind: 'object', members };
}

function nestedBlockShape(nested: NestedBlock, outer: Flags): Shape {
  const flags = { ...outer, block: true };
  return nest(nested.nesting, blockShape(nested.block, { ...outer, block: false }), flags);
}

function attributeShape(attribute: AttributeSchema, outer: Flags): Shape {
  const settable = attribute.optional === true || attribute.required === true;
  const flags: Flags = {
    computed: outer.computed || (attribute.computed === true && !settable),
    defaulted: outer.defaulted || attribute.computed === true,
    sensitive: outer.sensitive || attribute.sensitive === true,
    writeOnly: outer.writeOnly || attribute.writeOnly === true,
    block: false,
  };
  if (attribute.nested !== undefined) return nestedObjectShape(attribute.nested, flags);
  return attribute.type === undefined ? { ...flags, kind: 'any' } : typeShape(attribute.type, flags);
}

function nestedObjectShape(nested: NestedObject, flags: Flags): Shape {
  const object = blockShape({ attributes: nested.attributes, blocks: {} }, flags);
  return nest(nested.nesting, object, flags);
}

function nest(nesting: NestedBlock['nesting'], object: Shape, flags: Flags): Shape {
  if (nesting === 'list' || nesting === 'set' || nesting === 'map') return { ...flags, kind: nesting, element: object };
  return { ...object, block: flags.block };
}

function typeShape(type: TypeSpec, flags: Flags): Shape {
  if (typeof type === 'string')
    return type === 'dynamic' ? { ...flags, kind: 'any' } : { ...flags, kind: 'scalar', type };
  const [kind, inner] = type;
  if (kind === 'tuple') return { ...flags, kind: 'list', element: { ...flags, kind: 'any' } };
  if (kind !== 'object') return { ...flags, kind, element: typeShape(inner, flags) };
  const members = new Map(Object.entries(inner).map(([name, one]) => [name, typeShape(one, flags)]));
  return { ...flags, kind: 'object', members };
}
