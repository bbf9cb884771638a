// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates look like this.
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { parseExpression } from '../../src/terraform/expression-parse.ts';
import { convertTo, declaredVariables, variableFromText } from '../../src/terraform/variables.ts';

const convert = (type: string, value: Value): Value => convertTo(parseExpression(type), value);

describe('declaredVariables', () => {
  it('reads type, default, sensitive and nullable, in HCL and in JSON form', () => {
    const variables = declaredVariables([
      ['a', { type: '${number}', default: '5', sensitive: true }],
      ['b', { type: 'string', nullable: false }],
    ]);
    expect(variables.get('a')).toMatchObject({ fallback: 5, sensitive: true, nullable: true });
    expect(variables.get('b')).toMatchObject({ fallback: UNKNOWN, sensitive: false, nullable: false });
  });
});

describe('variableFromText', () => {
  it('takes text as it is for a primitive type, or for none', () => {
    expect(variableFromText('[1]', parseExpression('string'))).toBe('[1]');
    expect(variableFromText('[1]', undefined)).toBe('[1]');
    expect(variableFromText('5', parseExpression('number'))).toBe('5');
  });

  it('takes an expression for any other type', () => {
    expect(variableFromText('["a", {b = 1}]', parseExpression('list(any)'))).toEqual(['a', { b: 1 }]);
    expect(variableFromText('nonsense(', parseExpression('any'))).toBe(UNKNOWN);
  });
});

describe('convertTo', () => {
  it('converts primitives as Terraform does', () => {
    expect(convert('string', 5)).toBe('5');
    expect(convert('number', '5')).toBe(5);
    expect(convert('bool', 'true')).toBe(true);
    expect(convert('number', '12345678901234567890')).toBe('12345678901234567890');
    expect(convert('any', [1])).toEqual([1]);
  });

  it('converts members of collections, and gives a set its order', () => {
    expect(convert('list(string)', [1, true])).toEqual(['1', 'true']);
    expect(convert('set(string)', ['b', 'a', 'b'])).toEqual(['a', 'b']);
    expect(convert('map(number)', { a: '1' })).toEqual({ a: 1 });
    expect(convert('tuple([string, number])', [1, '2'])).toEqual(['1', 2]);
  });

  it('keeps the attributes of an object type, with defaults of optional ones', () => {
    const type = 'object({ a = string, b = optional(number, 3), c = optional(list(string)) })';
    expect(convert(type, { a: 1, z: 'dropped' })).toEqual({ a: '1', b: 3, c: null });
    expect(convert(`list(${type})`, [{ a: 'x', b: '4' }])).toEqual([{ a: 'x', b: 4, c: null }]);
  });

  it('does not know what does not fit', () => {
    expect(convert('number', 'x')).toBe(UNKNOWN);
    expect(convert('list(string)', 'x')).toBe(UNKNOWN);
    expect(convert('object({a = string})', {})).toBe(UNKNOWN);
    expect(convert('sometype(string)', 'x')).toBe(UNKNOWN);
  });

  it('leaves null and unknown alone', () => {
    expect(convert('string', null)).toBeNull();
    expect(convert('list(string)', UNKNOWN)).toBe(UNKNOWN);
  });
});
