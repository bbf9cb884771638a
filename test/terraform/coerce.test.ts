import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeSchema, BlockSchema, NestedBlock, TypeSpec } from '../../src/model/schema.ts';
import type { Value } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { coerce } from '../../src/terraform/coerce.ts';

const { type } = fc.letrec<{ type: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<TypeSpec>('string', 'number', 'bool', 'dynamic'),
    fc.tuple(fc.constantFrom('list' as const, 'set' as const, 'map' as const), tie('type')),
    fc.tuple(fc.constant('tuple' as const), fc.array(tie('type'), { maxLength: 3 })),
    fc.tuple(fc.constant('object' as const), fc.dictionary(fc.constantFrom('a', 'b', 'type', 'value'), tie('type'))),
  ) as fc.Arbitrary<TypeSpec>,
}));

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(null, UNKNOWN, '', 'true', '1', '0', '007', '1e3', '12345678901234567890', 'string'),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'type', 'value', 'x'), tie('value'), { maxKeys: 4 }),
    fc.record({ type: type as fc.Arbitrary<Value>, value: tie('value') }),
  ) as fc.Arbitrary<Value>,
}));

const { block } = fc.letrec<{ block: BlockSchema }>((tie) => ({
  block: fc.record({
    attributes: fc.dictionary(
      fc.constantFrom('a', 'b'),
      fc.oneof(
        fc.record({ type }) as fc.Arbitrary<AttributeSchema>,
        fc.record({
          nested: fc.record({
            nesting: fc.constantFrom('single' as const, 'list' as const, 'set' as const, 'map' as const),
            attributes: fc.dictionary(fc.constantFrom('a', 'b'), fc.record({ type })),
          }),
        }) as fc.Arbitrary<AttributeSchema>,
      ),
    ),
    blocks: fc.dictionary(
      fc.constantFrom('x', 'value'),
      fc.record({
        nesting: fc.constantFrom('single', 'list', 'set', 'map', 'group'),
        block: fc.oneof({ maxDepth: 2 }, fc.constant({ attributes: {}, blocks: {} }), tie('block')),
      }) as fc.Arbitrary<NestedBlock>,
      { maxKeys: 2 },
    ),
  }) as fc.Arbitrary<BlockSchema>,
}));

describe('coerce', () => {
  it('is total and idempotent for any type', () => {
    fc.assert(
      fc.property(type, value, (aType, aValue) => {
        const once = coerce(aValue, aType);
        expect(coerce(once, aType)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('is total and idempotent for any block', () => {
    fc.assert(
      fc.property(block, value, (aBlock, aValue) => {
        const once = coerce(aValue, aBlock);
        expect(coerce(once, aBlock)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('brings a number to text without an exponent, and that text back to the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = coerce(number, 'string');
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(coerce(text, 'number')).toBe(number + 0);
      }),
    );
  });

  it.each<[Value, TypeSpec, Value]>([
    ['true', 'bool', true],
    ['0', 'bool', false],
    ['yes', 'bool', 'yes'],
    [true, 'string', 'true'],
    [5, 'string', '5'],
    [1e21, 'string', '1000000000000000000000'],
    [1e-7, 'string', '0.0000001'],
    ['5', 'number', 5],
    ['5.0', 'number', 5],
    ['0.1', 'number', 0.1],
    ['-0', 'number', 0],
    ['12345678901234567890', 'number', '12345678901234567890'],
    ['0.1000000000000000000001', 'number', '0.1000000000000000000001'],
    ['five', 'number', 'five'],
    [true, 'number', true],
    [null, ['list', 'string'], null],
    [UNKNOWN, 'number', UNKNOWN],
    [
      [1, '2', true],
      ['list', 'string'],
      ['1', '2', 'true'],
    ],
    [
      [1, '1', 2],
      ['set', 'string'],
      ['1', '2'],
    ],
    [{ a: 1 }, ['map', 'string'], { a: '1' }],
    [{ a: 1 }, ['object', { a: 'string', b: 'bool' }], { a: '1', b: null }],
    [{ a: 1 }, ['list', ['object', { a: 'string' }]], [{ a: '1' }]],
    [
      [1, 2],
      ['tuple', ['string', 'number']],
      ['1', 2],
    ],
    [{ type: 'string', value: 5 }, 'dynamic', '5'],
    [{ type: ['object', { a: 'bool' }], value: { a: 'true' } }, 'dynamic', { a: true }],
    [{ type: 'car', value: 5 }, 'dynamic', { type: 'car', value: 5 }],
  ])('brings %j of type %j to %j', (before, aType, after) => {
    expect(coerce(before, aType)).toEqual(after);
  });

  const schema: BlockSchema = {
    attributes: { name: { type: 'string' }, tags: { type: ['map', 'string'] }, size: { type: 'number' } },
    blocks: {
      disk: { nesting: 'list', block: { attributes: { encrypted: { type: 'bool' } }, blocks: {} } },
      rule: { nesting: 'set', block: { attributes: { port: { type: 'number' } }, blocks: {} } },
      timeouts: { nesting: 'single', block: { attributes: { create: { type: 'string' } }, blocks: {} } },
      label: { nesting: 'map', block: { attributes: { text: { type: 'string' } }, blocks: {} } },
      meta: { nesting: 'group', block: { attributes: { note: { type: 'string' } }, blocks: {} } },
    },
  };

  it('fills in what is not there and leaves out what the schema does not know', () => {
    expect(coerce({ name: 7, former: 'x' }, schema)).toEqual({
      name: '7',
      tags: null,
      size: null,
      disk: [],
      rule: [],
      timeouts: null,
      label: {},
      meta: { note: null },
    });
  });

  it('takes a block written once for a list of one, and a list of one for a single block', () => {
    const value = coerce({ disk: { encrypted: 'true' }, rule: [{ port: 1 }, { port: '1' }], timeouts: [{}] }, schema);
    expect(value).toMatchObject({ disk: [{ encrypted: true }], rule: [{ port: 1 }], timeouts: { create: null } });
  });

  it('keeps two unknown members of a set, which may differ', () => {
    expect(coerce([UNKNOWN, UNKNOWN], ['set', 'string'])).toEqual([UNKNOWN, UNKNOWN]);
  });

  it('treats prototype keys as plain data', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Value;
    const map = coerce(hostile, ['map', 'string']) as object;
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
