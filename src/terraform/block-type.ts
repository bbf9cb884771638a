import type { AttributeSchema, BlockSchema, NestedBlock, NestedObject, TypeSpec } from '../model/schema.ts';

/**
 * The object type that a block implies: one attribute a schema attribute, one a nested block type. This is the type by
 * which the plugin protocol writes the value of a whole resource or provider configuration.
 * Source: Terraform plugin protocol, object-wire-format, "Schema.Block mapping rules".
 */
export function typeOfBlock(block: BlockSchema): TypeSpec {
  const types: { [name: string]: TypeSpec } = Object.create(null);
  for (const [name, attribute] of Object.entries(block.attributes)) types[name] = typeOfAttribute(attribute);
  for (const [name, nested] of Object.entries(block.blocks)) types[name] = typeOfNested(nested);
  return ['object', types];
}

/** The type of one attribute; where it has attributes of its own (protocol 6), the type that these imply. */
function typeOfAttribute(attribute: AttributeSchema): TypeSpec {
  if (attribute.nested !== undefined) return typeOfObject(attribute.nested);
  return attribute.type ?? 'dynamic';
}

function typeOfObject(nested: NestedObject): TypeSpec {
  return collection(nested.nesting, typeOfBlock({ attributes: nested.attributes, blocks: {} }));
}

function typeOfNested(nested: NestedBlock): TypeSpec {
  const inner = typeOfBlock(nested.block);
  // Elements of a list or map of blocks may each have another dynamic type, which no list or map type can say: then
  // Terraform declares the whole collection dynamic (terraform, configs/configschema, implied type).
  if ((nested.nesting === 'list' || nested.nesting === 'map') && holdsDynamic(inner)) return 'dynamic';
  return collection(nested.nesting, inner);
}

function collection(nesting: NestedBlock['nesting'], inner: TypeSpec): TypeSpec {
  return nesting === 'single' || nesting === 'group' ? inner : [nesting, inner];
}

function holdsDynamic(type: TypeSpec): boolean {
  if (typeof type === 'string') return type === 'dynamic';
  if (type[0] === 'tuple') return type[1].some(holdsDynamic);
  return type[0] === 'object' ? Object.values(type[1]).some(holdsDynamic) : holdsDynamic(type[1]);
}
