import { Decoder, Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import type { TypeSpec } from '../model/schema.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { numberOfText } from './number.ts';

/** Deeper than any provider's types nest, shallow enough that no recursion over a value can overflow. */
const DEEPEST = 256;

/** A value that does not fit its type, on the way in or out. Says where and what kind, never the value itself. */
export class ValueFault extends Error {
  override readonly name = 'ValueFault';
}

/**
 * Every extension type stands for an unknown value; the payload (refinements, type 12) only narrows it down and may be
 * ignored. Written is always type 0. Source: Terraform plugin protocol, object-wire-format, "MessagePack".
 */
const unknowns: ExtensionCodecType<undefined> = {
  tryToEncode: (item) => (item instanceof ExtData ? item : null),
  decode: () => UNKNOWN,
};
const UNKNOWN_ON_WIRE = new ExtData(0, new Uint8Array(1));

/**
 * The library refuses the key __proto__, yet a map of a user may hold it: it passes in a disguise that no text decoded
 * from UTF-8 can equal, a lone surrogate.
 */
const PROTO = '__proto__';
const DISGUISE = '\ud800';

const encoder = new Encoder({ extensionCodec: unknowns, maxDepth: 2 * DEEPEST, useBigInt64: false });
const decoder = new Decoder({
  extensionCodec: unknowns,
  useBigInt64: true,
  keyDecoder: {
    canBeCached: (byteLength) => byteLength === PROTO.length,
    decode: (bytes, offset, byteLength) => {
      const key = new TextDecoder().decode(bytes.subarray(offset, offset + byteLength));
      return key === PROTO ? DISGUISE : key;
    },
  },
});

/**
 * Writes a value as the msgpack that the plugin protocol wants for the type. A missing object attribute is written as
 * null. Throws ValueFault where the value does not fit the type: nothing is converted here.
 */
export function encodeValue(value: Value, type: TypeSpec): Uint8Array {
  return encoder.encode(toWire(value, type, '', 0));
}

/**
 * Reads msgpack of the plugin protocol. Objects have no prototype; an attribute that was not sent is null; a number
 * that a double would change is a decimal string. Throws ValueFault where the bytes are no value of that type.
 */
export function decodeValue(bytes: Uint8Array, type: TypeSpec): Value {
  let decoded: unknown;
  try {
    decoded = decoder.decode(bytes);
  } catch (cause) {
    throw new ValueFault('the value is not valid msgpack', { cause });
  }
  return fromWire(decoded, type, '', 0);
}

function toWire(value: Value, type: TypeSpec, at: string, depth: number): unknown {
  if (depth > DEEPEST) throw fault(at, `is nested more than ${DEEPEST} levels deep`);
  if (value === null) return null;
  if (value === UNKNOWN) return UNKNOWN_ON_WIRE;
  if (type === 'dynamic') {
    const actual = dynamicType(value, depth);
    return [new TextEncoder().encode(JSON.stringify(actual)), toWire(value, actual, at, depth + 1)];
  }
  if (typeof type === 'string') return scalarToWire(value, type, at);
  if (type[0] === 'map' || type[0] === 'object') return mapToWire(value, type, at, depth);
  if (!isArray(value)) throw misfit(at, type);
  const typeOfItem = itemTypes(type, value.length, at);
  return value.map((item, i) => toWire(item, typeOfItem(i), `${at}[${i}]`, depth + 1));
}

function mapToWire(value: Value, type: MapType, at: string, depth: number): unknown {
  if (!isMap(value)) throw misfit(at, type);
  const typeOfKey = memberTypes(type);
  const map: { [key: string]: unknown } = Object.create(null);
  if (type[0] === 'object') for (const key of Object.keys(type[1])) map[key] = null;
  for (const key of Object.keys(value)) {
    const one = typeOfKey(key);
    if (one === undefined) throw fault(`${at}.${key}`, 'is not known to the provider');
    map[key] = toWire(value[key] as Value, one, `${at}.${key}`, depth + 1);
  }
  return map;
}

function scalarToWire(value: Value, type: TypeSpec & string, at: string): unknown {
  if (type === 'number') {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string' && numberOfText(value) !== undefined) return value;
  } else if (typeof value === (type === 'bool' ? 'boolean' : 'string')) return value;
  throw misfit(at, type);
}

/** The type that a value of dynamic type has by itself: maps are objects and arrays tuples, as in configuration. */
function dynamicType(value: Value, depth: number): TypeSpec {
  if (depth > DEEPEST) throw fault('', `is nested more than ${DEEPEST} levels deep`);
  if (value === null || value === UNKNOWN) return 'dynamic';
  if (isArray(value)) return ['tuple', value.map((item) => dynamicType(item, depth + 1))];
  if (isMap(value)) {
    const types: { [key: string]: TypeSpec } = Object.create(null);
    for (const key of Object.keys(value)) types[key] = dynamicType(value[key] as Value, depth + 1);
    return ['object', types];
  }
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'number' : 'string';
}

function fromWire(item: unknown, type: TypeSpec, at: string, depth: number): Value {
  if (depth > DEEPEST) throw fault(at, `is nested more than ${DEEPEST} levels deep`);
  if (item === null || item === undefined) return null;
  if (item === UNKNOWN) return UNKNOWN;
  if (type === 'dynamic') return dynamicFromWire(item, at, depth);
  if (typeof type === 'string') return scalarFromWire(item, type, at);
  if (type[0] === 'map' || type[0] === 'object') return mapFromWire(item, type, at, depth);
  if (!Array.isArray(item)) throw misfit(at, type);
  const typeOfItem = itemTypes(type, item.length, at);
  return item.map((one, i) => fromWire(one, typeOfItem(i), `${at}[${i}]`, depth + 1));
}

function mapFromWire(item: unknown, type: MapType, at: string, depth: number): Value {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || item instanceof Uint8Array) {
    throw misfit(at, type);
  }
  const typeOfKey = memberTypes(type);
  const map: { [key: string]: Value } = Object.create(null);
  if (type[0] === 'object') for (const key of Object.keys(type[1])) map[key] = null;
  for (const [disguised, member] of Object.entries(item)) {
    const key = disguised === DISGUISE ? PROTO : disguised;
    const one = typeOfKey(key);
    if (one === undefined) throw fault(`${at}.${key}`, 'is not in the schema');
    map[key] = fromWire(member, one, `${at}.${key}`, depth + 1);
  }
  return map;
}

function dynamicFromWire(item: unknown, at: string, depth: number): Value {
  const [type, inner] = Array.isArray(item) && item.length === 2 ? (item as [unknown, unknown]) : [];
  if (!(type instanceof Uint8Array)) throw misfit(at, 'dynamic');
  const parsed = typeOfJson(new TextDecoder().decode(type));
  if (parsed === undefined) throw fault(at, 'names a type that does not exist');
  // A null of dynamic type names "dynamic" itself: nothing further can be inside.
  if (parsed === 'dynamic' && inner !== null && inner !== UNKNOWN) throw misfit(at, 'dynamic');
  return fromWire(inner, parsed, at, depth + 1);
}

function scalarFromWire(item: unknown, type: TypeSpec & string, at: string): Value {
  if (type === 'number') {
    const number = typeof item === 'number' && Number.isFinite(item) ? item + 0 : undefined;
    const exact = typeof item === 'bigint' || typeof item === 'string' ? numberOfText(String(item)) : number;
    if (exact !== undefined) return exact;
  } else if (typeof item === (type === 'bool' ? 'boolean' : 'string')) return item as string | boolean;
  throw misfit(at, type);
}

/** Parses a type constraint in JSON, as schemas and dynamic values carry it. Undefined where it is none. */
export function typeOfJson(text: string): TypeSpec | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isType(parsed, 0) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isType(item: unknown, depth: number): item is TypeSpec {
  if (depth > DEEPEST) return false;
  if (typeof item === 'string') return ['string', 'number', 'bool', 'dynamic'].includes(item);
  if (!Array.isArray(item)) return false;
  const [kind, inner] = item as [unknown, unknown];
  if (kind === 'list' || kind === 'set' || kind === 'map') return isType(inner, depth + 1);
  if (kind === 'tuple') return Array.isArray(inner) && inner.every((one) => isType(one, depth + 1));
  if (kind !== 'object' || typeof inner !== 'object' || inner === null) return false;
  return Object.values(inner).every((one) => isType(one, depth + 1));
}

type MapType = readonly ['list' | 'set' | 'map', TypeSpec] | Extract<TypeSpec, readonly ['object', ...unknown[]]>;

/** The type that stands under a key: the same for all keys of a map, one each for an object. */
function memberTypes(type: MapType): (key: string) => TypeSpec | undefined {
  if (type[0] !== 'object') return () => type[1];
  const types = type[1];
  return (key) => (Object.hasOwn(types, key) ? types[key] : undefined);
}

function itemTypes(type: Exclude<TypeSpec, string>, length: number, at: string): (index: number) => TypeSpec {
  if (type[0] === 'list' || type[0] === 'set') return () => type[1];
  if (type[0] !== 'tuple' || type[1].length !== length) throw misfit(at, type);
  const types = type[1];
  return (index) => types[index] as TypeSpec;
}

function misfit(at: string, type: TypeSpec): ValueFault {
  return fault(at, `is no ${typeof type === 'string' ? type : type[0]}`);
}

function fault(at: string, what: string): ValueFault {
  return new ValueFault(`${at.replace(/^\./, '') || 'the value'} ${what}`);
}
