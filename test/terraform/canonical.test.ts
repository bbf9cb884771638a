import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { canonicalText } from '../../src/terraform/canonical.ts';

/** Sorted keys, ECMAScript's numbers and strings: RFC 8785, written down without regard to time. */
function plainly(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const map = value as { readonly [key: string]: Value };
  const keys = Object.keys(map).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${plainly(map[key] as Value)}`).join(',')}}`;
}

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', 'a\udc00"', '\u2028', '€'),
);
const wide = fc.dictionary(texts, fc.integer(), { minKeys: 20, maxKeys: 60 });

describe('canonicalText', () => {
  it('writes any JSON as RFC 8785 does', () => {
    const json = fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), wide, fc.array(fc.dictionary(texts, texts)));
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(value as Value)).toBe(plainly(value as Value));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(wide, (map) => {
        const turned = Object.fromEntries(Object.entries(map).reverse());
        expect(canonicalText(turned)).toBe(canonicalText(map));
      }),
    );
  });

  it('has no text for what holds an unknown', () => {
    for (const value of [UNKNOWN, [1, UNKNOWN], { a: { b: [UNKNOWN, 1] }, c: 1 }] as const) {
      expect(canonicalText(value)).toBeUndefined();
    }
  });
});
