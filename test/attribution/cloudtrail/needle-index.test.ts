import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NeedleIndex } from '../../../src/attribution/cloudtrail/needle-index.ts';

/** What the index does, said in the simplest way. */
function naive(needles: readonly string[], text: string): boolean {
  const word = (character: string | undefined): boolean =>
    character !== undefined && /[A-Za-z0-9_\-\u0080-\uffff]/.test(character);
  return needles.some((needle) => {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
      const end = at + needle.length;
      const begins = !word(text[at - 1]) || !word(needle[0]);
      const ends = !word(text[end]) || !word(needle.at(-1));
      if (begins && ends) return true;
    }
    return false;
  });
}

describe('a needle index', () => {
  it('agrees with a search for each needle', () => {
    const text = (most: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', '-', '/', ':', 'é', '"'), maxLength: most });
    const needle = text(6).filter((one) => Buffer.from(one).length > 1);
    fc.assert(
      fc.property(fc.array(needle, { minLength: 1, maxLength: 6 }), text(60), (needles, haystack) => {
        expect(new NeedleIndex(needles).occursInText(haystack)).toBe(naive(needles, haystack));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with a search for each of several long needles, wherever in memory the text lies', () => {
    const unit = fc.constantFrom('a', 'b', '-', '/', ':', 'é', '"');
    const needle = fc.string({ unit, minLength: 4, maxLength: 20 });
    const texts = fc.array(needle, { minLength: 1, maxLength: 5 }).chain((needles) => {
      const part = fc.oneof(fc.constantFrom(...needles), fc.string({ unit, maxLength: 9 }));
      return fc.record({ needles: fc.constant(needles), parts: fc.array(part, { maxLength: 6 }), skew: fc.nat(9) });
    });
    fc.assert(
      fc.property(texts, ({ needles, parts, skew }) => {
        const text = parts.join('');
        const memory = new Uint8Array(skew + Buffer.byteLength(text) + 3).fill(0x61);
        memory.set(Buffer.from(text), skew);
        const end = memory.length - 3;
        expect(new NeedleIndex(needles).occursIn(memory, skew, end)).toBe(naive(needles, text));
        expect(new NeedleIndex(needles).occursIn(memory.subarray(skew, end), 0, end - skew)).toBe(naive(needles, text));
      }),
      { numRuns: 3000 },
    );
  });

  it('finds one among thousands, and nothing where none stands', () => {
    const needles = Array.from({ length: 5000 }, (_, i) => `sg-${(i * 7919).toString(16).padStart(17, '0')}`);
    const index = new NeedleIndex([...needles, 'web']);
    expect(index.occursInText(`{"groupId":"${needles[4321]}"}`)).toBe(true);
    expect(index.occursInText(`{"groupId":"${needles[4321]}0"}`)).toBe(false);
    expect(index.occursInText('{"name":"web"}')).toBe(true);
    expect(index.occursInText('{"name":"webs"}')).toBe(false);
  });

  it.each([
    ['sg-12', false],
    ['sg-1', true],
    ['x:sg-1/y', true],
    ['xsg-1', false],
    ['', false],
  ])('takes whole names only: sg-1 in %s', (text, found) => {
    expect(new NeedleIndex(['sg-1']).occursInText(text)).toBe(found);
  });

  it('looks between the given bytes only', () => {
    const bytes = Buffer.from('"sg-1","sg-2"');
    const index = new NeedleIndex(['sg-2']);
    expect(index.occursIn(bytes, 0, 7)).toBe(false);
    expect(index.occursIn(bytes, 7, bytes.length)).toBe(true);
  });

  it('finds nothing where there is no needle', () => {
    expect(new NeedleIndex([]).occursInText('sg-1')).toBe(false);
  });
});
