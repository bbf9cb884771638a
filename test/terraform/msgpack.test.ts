import { encode, ExtData } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeSpec } from '../../src/model/schema.ts';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { typeOfBlock } from '../../src/terraform/block-type.ts';
import { decodeValue, encodeValue, typeOfJson, ValueFault } from '../../src/terraform/msgpack.ts';

const NAMES = ['a', 'b', '__proto__', 'constructor', 'x y'];

const types: fc.Arbitrary<TypeSpec> = fc.letrec<{ type: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'type' },
    fc.constantFrom<TypeSpec>('string', 'number', 'bool'),
    fc.tuple(fc.constantFrom('list' as const, 'set' as const, 'map' as const), tie('type')),
    fc.array(tie('type'), { maxLength: 3 }).map((inner): TypeSpec => ['tuple', inner]),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('type')), { selector: ([name]) => name, maxLength: 3 })
      .map((members): TypeSpec => ['object', record(members)]),
  ),
})).type;

/** A map without a prototype, which every decoded one is. */
function record<T>(entries: readonly (readonly [string, T])[]): { [key: string]: T } {
  const map: { [key: string]: T } = Object.create(null);
  for (const [key, member] of entries) map[key] = member;
  return map;
}

const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
  // More digits than a double has: Terraform sends them as text.
  fc.bigInt({ min: 2n ** 64n + 1n, max: 2n ** 80n }).map((one) => String(one | 1n)),
);

function valuesOf(type: TypeSpec): fc.Arbitrary<Value> {
  const known = ((): fc.Arbitrary<Value> => {
    if (type === 'string') return fc.string({ unit: 'binary' });
    if (type === 'number') return numbers;
    if (type === 'bool') return fc.boolean();
    if (typeof type === 'string') return fc.constant(null);
    if (type[0] === 'list' || type[0] === 'set') return fc.array(valuesOf(type[1]), { maxLength: 3 });
    if (type[0] === 'map') {
      return fc
        .uniqueArray(fc.tuple(fc.constantFrom(...NAMES, 'é', '\0__proto__'), valuesOf(type[1])), {
          selector: ([name]) => name,
          maxLength: 3,
        })
        .map(record);
    }
    if (type[0] === 'tuple') return type[1].length === 0 ? fc.constant([]) : fc.tuple(...type[1].map(valuesOf));
    const members = Object.entries(type[1]);
    return fc
      .tuple(...members.map(([, one]) => valuesOf(one)))
      .map((all) => record(all.map((v, i) => [members[i]?.[0] ?? '', v])));
  })();
  return fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: fc.constantFrom<Value>(null, UNKNOWN) });
}

describe('msgpack of the plugin protocol', () => {
  it('gives back every value of every type', () => {
    const typed = types.chain((type) => valuesOf(type).map((value) => [type, value] as const));
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it('gives back every value that travels with its own type', () => {
    const typed = types.chain((type) => valuesOf(type));
    fc.assert(
      fc.property(typed, (value) => {
        expect(decodeValue(encodeValue(value, 'dynamic'), 'dynamic')).toEqual(
          // Decimal text in a dynamic place is text, and stays what it is.
          value,
        );
      }),
    );
  });

  it('never throws anything but a ValueFault on foreign bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), types, (bytes, type) => {
        try {
          decodeValue(bytes, type);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ValueFault);
        }
      }),
    );
  });

  it('takes every extension for an unknown, refined or not', () => {
    for (const extension of [0, 12, 99]) {
      const bytes = encode({ id: new ExtData(extension, new Uint8Array([0x81, 1, 0xc2])) });
      expect(decodeValue(bytes, ['object', { id: 'string' }])).toEqual({ id: UNKNOWN });
    }
  });

  it('writes an unknown as extension 0, as Terraform does', () => {
    expect([...encodeValue(UNKNOWN, 'string')]).toEqual([0xd4, 0, 0]);
  });

  it('keeps numbers that a double would change as decimal text', () => {
    const bytes = encode({ a: 9007199254740993n, b: '1e-400', c: 42n, d: 1152921504606846976n }, { useBigInt64: true });
    expect(decodeValue(bytes, ['map', 'number'])).toEqual({
      a: '9007199254740993',
      b: `0.${'0'.repeat(399)}1`,
      c: 42,
      d: '1152921504606846976',
    });
  });

  it('writes null for an attribute that is not there and reads it so', () => {
    const type: TypeSpec = ['object', { a: 'string', b: ['list', 'string'] }];
    expect(decodeValue(encodeValue({ a: 'x' }, type), type)).toEqual({ a: 'x', b: null });
    expect(decodeValue(encode({ a: 'x' }), type)).toEqual({ a: 'x', b: null });
  });

  it('lets no key reach a prototype', () => {
    const decoded = decodeValue(encodeValue(record([['__proto__', 'x']]), ['map', 'string']), ['map', 'string']);
    expect(Object.getPrototypeOf(decoded)).toBeNull();
    expect(Object.entries(decoded as object)).toEqual([['__proto__', 'x']]);
  });

  it('names the place of a value that does not fit, and never the value', () => {
    const type: TypeSpec = ['object', { disk: ['list', ['object', { size: 'number' }]] }];
    const faulty = { disk: [{ size: 1 }, { size: 'hunter2' }] };
    expect(() => encodeValue(faulty, type)).toThrow(/^disk\[1\]\.size is no number$/);
    expect(() => decodeValue(encode(faulty), type)).toThrow(/^disk\[1\]\.size is no number$/);
    expect(() => decodeValue(encode({ other: 1 }), type)).toThrow('other is not in the schema');
    expect(() => encodeValue({ other: 1 }, type)).toThrow('other is not known to the provider');
    expect(() => decodeValue(encode([1]), ['tuple', ['number', 'number']])).toThrow(ValueFault);
  });

  it('refuses values that are nested without end', () => {
    let deep: Value = 'x';
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => encodeValue(deep, 'dynamic')).toThrow(/levels deep/);
    const hostile = new Uint8Array([...new Array(5000).fill(0x91), 0xc0]);
    expect(() => decodeValue(hostile, 'dynamic')).toThrow(ValueFault);
  });

  it('reads only type constraints that exist', () => {
    expect(typeOfJson('["object",{"a":["set","string"]}]')).toEqual(['object', { a: ['set', 'string'] }]);
    for (const text of ['"int"', '["list"]', '["list","x"]', '{}', '[', '["tuple","string"]', 'null']) {
      expect(typeOfJson(text)).toBeUndefined();
    }
  });

  it('derives the type of a block, dynamic where elements may differ', () => {
    expect(
      typeOfBlock({
        attributes: { a: { type: 'string' }, n: { nested: { nesting: 'map', attributes: { x: { type: 'bool' } } } } },
        blocks: {
          one: { nesting: 'single', block: { attributes: {}, blocks: {} } },
          many: { nesting: 'set', block: { attributes: { p: { type: 'number' } }, blocks: {} } },
          any: { nesting: 'list', block: { attributes: { d: { type: 'dynamic' } }, blocks: {} } },
        },
      }),
    ).toEqual([
      'object',
      {
        a: 'string',
        n: ['map', ['object', { x: 'bool' }]],
        one: ['object', {}],
        many: ['set', ['object', { p: 'number' }]],
        any: 'dynamic',
      },
    ]);
  });
});
