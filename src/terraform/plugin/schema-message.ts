import type {
  AttributeSchema,
  BlockSchema,
  NestedBlock,
  NestedObject,
  Nesting,
  ResourceSchema,
} from '../../model/schema.ts';
import { typeOfJson } from '../msgpack.ts';
import { type Diagnostic, decodeDiagnostic } from './diagnostic-message.ts';
import type { ProtocolVersion } from './protocol.ts';
import { type Reader, smallInt, walk } from './wire.ts';

/** The part of a provider's schema that somebody wanted. */
export interface SchemaAnswer {
  /** Of the provider's own configuration. */
  readonly provider: ResourceSchema;
  /** Wanted resource types; undefined stands for a type that the provider does not know. */
  readonly resources: ReadonlyMap<string, ResourceSchema | undefined>;
  /** The provider may be used later without being asked for its schema (get_provider_schema_optional). */
  readonly optional: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const EMPTY: ResourceSchema = { version: 0, block: { attributes: {}, blocks: {} } };

/**
 * Walks a GetProviderSchema answer and decodes the provider's configuration and the wanted types only: the whole of a
 * large provider is 14 MB on the wire and ten times that as objects.
 * Fields: provider = 1, resource_schemas = 2, diagnostics = 4, server_capabilities = 6.
 */
export function decodeSchemaAnswer(
  bytes: Uint8Array,
  wanted: ReadonlySet<string>,
  protocol: ProtocolVersion,
): SchemaAnswer {
  let provider = EMPTY;
  let optional = false;
  const diagnostics: Diagnostic[] = [];
  const resources = new Map<string, ResourceSchema | undefined>([...wanted].map((type) => [type, undefined]));
  walk(bytes, {
    1: (reader) => {
      provider = decodeSchema(reader.bytes(), protocol);
    },
    2: (reader) => {
      const [type, schema] = decodeEntry(reader.bytes());
      if (wanted.has(type)) resources.set(type, decodeSchema(schema, protocol));
    },
    4: (reader) => {
      diagnostics.push(decodeDiagnostic(reader.bytes()));
    },
    6: (reader) =>
      walk(reader.bytes(), {
        2: (flag) => {
          optional = flag.bool();
        },
      }),
  });
  return { provider, resources, optional, diagnostics };
}

/** An entry of a protobuf map: key = 1, value = 2. */
function decodeEntry(bytes: Uint8Array): [string, Uint8Array] {
  let key = '';
  let value: Uint8Array = new Uint8Array();
  walk(bytes, {
    1: (reader) => {
      key = reader.string();
    },
    2: (reader) => {
      value = reader.bytes();
    },
  });
  return [key, value];
}

/** Schema: version = 1, block = 2. */
function decodeSchema(bytes: Uint8Array, protocol: ProtocolVersion): ResourceSchema {
  let version = 0;
  let block = EMPTY.block;
  walk(bytes, {
    1: (reader) => {
      version = smallInt(reader);
    },
    2: (reader) => {
      block = decodeBlock(reader.bytes(), protocol);
    },
  });
  return { version, block };
}

/** Schema.Block: attributes = 2, block_types = 3. */
function decodeBlock(bytes: Uint8Array, protocol: ProtocolVersion): BlockSchema {
  const attributes: [string, AttributeSchema][] = [];
  const blocks: [string, NestedBlock][] = [];
  walk(bytes, {
    2: (reader) => {
      attributes.push(decodeAttribute(reader.bytes(), protocol));
    },
    3: (reader) => {
      blocks.push(decodeNestedBlock(reader.bytes(), protocol));
    },
  });
  return { attributes: Object.fromEntries(attributes), blocks: Object.fromEntries(blocks) };
}

/**
 * Schema.Attribute: name = 1, type = 2, required = 4, optional = 5, computed = 6, sensitive = 7; then write_only is
 * 10 in protocol 5 and 11 in protocol 6, where 10 is nested_type.
 */
function decodeAttribute(bytes: Uint8Array, protocol: ProtocolVersion): [string, AttributeSchema] {
  let name = '';
  const attribute: { -readonly [key in keyof AttributeSchema]: AttributeSchema[key] } = {};
  const flag =
    (key: 'required' | 'optional' | 'computed' | 'sensitive' | 'writeOnly') =>
    (reader: Reader): void => {
      if (reader.bool()) attribute[key] = true;
    };
  walk(bytes, {
    1: (reader) => {
      name = reader.string();
    },
    2: (reader) => {
      const type = typeOfJson(new TextDecoder().decode(reader.bytes()));
      if (type === undefined) throw new Error(`the type of attribute ${name} is no Terraform type`);
      attribute.type = type;
    },
    4: flag('required'),
    5: flag('optional'),
    6: flag('computed'),
    7: flag('sensitive'),
    ...(protocol === 5
      ? { 10: flag('writeOnly') }
      : {
          10: (reader) => {
            attribute.nested = decodeNestedObject(reader.bytes());
          },
          11: flag('writeOnly'),
        }),
  });
  return [name, attribute];
}

/** Schema.Object (protocol 6): attributes = 1, nesting = 3. */
function decodeNestedObject(bytes: Uint8Array): NestedObject {
  const attributes: [string, AttributeSchema][] = [];
  let nesting: Nesting = 'single';
  walk(bytes, {
    1: (reader) => {
      attributes.push(decodeAttribute(reader.bytes(), 6));
    },
    3: (reader) => {
      nesting = decodeNesting(reader);
    },
  });
  return { nesting, attributes: Object.fromEntries(attributes) };
}

/** Schema.NestedBlock: type_name = 1, block = 2, nesting = 3, min_items = 4, max_items = 5. */
function decodeNestedBlock(bytes: Uint8Array, protocol: ProtocolVersion): [string, NestedBlock] {
  let name = '';
  const nested: { -readonly [key in keyof NestedBlock]: NestedBlock[key] } = { nesting: 'single', block: EMPTY.block };
  walk(bytes, {
    1: (reader) => {
      name = reader.string();
    },
    2: (reader) => {
      nested.block = decodeBlock(reader.bytes(), protocol);
    },
    3: (reader) => {
      nested.nesting = decodeNesting(reader);
    },
    4: (reader) => {
      nested.minItems = smallInt(reader);
    },
    5: (reader) => {
      nested.maxItems = smallInt(reader);
    },
  });
  return [name, nested];
}

/** Schema.NestedBlock.NestingMode and Schema.Object.NestingMode: the same numbers. */
const NESTINGS: readonly (Nesting | undefined)[] = [undefined, 'single', 'list', 'set', 'map', 'group'];

function decodeNesting(reader: Reader): Nesting {
  const nesting = NESTINGS[reader.int32()];
  if (nesting === undefined) throw new Error('the schema nests in a mode that the protocol does not have');
  return nesting;
}
