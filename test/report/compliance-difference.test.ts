import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldAgainst } from '../../src/report/compliance/difference.ts';

/** What is looked for, found in whole texts. */
function firstOther(given: string, again: string): object | null {
  if (given === again) return null;
  const [left, right] = [given, again].map((text) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .slice(text === '' ? 1 : 0),
  );
  const at = (left as string[]).findIndex((line, i) => line !== right?.[i]);
  return { line: (at < 0 ? (left as string[]).length : at) + 1 };
}

describe('holding a report against the one made again', () => {
  it('finds the same first line wherever pieces begin and end', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (given, again, lengths) => {
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < again.length; i++) {
          const length = lengths[i % lengths.length] as number;
          pieces.push(again.slice(at, at + length));
          at += length;
        }
        const { digest, difference } = heldAgainst(Buffer.from(given), pieces);
        expect(digest).toBe(createHash('sha256').update(again).digest('hex'));
        const expected = firstOther(given, again);
        if (expected === null) expect(difference).toBeNull();
        else expect(difference).toMatchObject(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('shows both lines, and says where one of the two ends', () => {
    const held = (given: string, ...again: string[]) => heldAgainst(Buffer.from(given), again).difference;
    expect(held('a\nb\nc\n', 'a\n', 'x', 'y\nc\n')).toEqual({ line: 2, given: 'b', again: 'xy' });
    expect(held('a\n', 'a\n', 'more\n')).toEqual({ line: 2, given: '(the file ends)', again: 'more' });
    expect(held('a\nmore\n', 'a\n')).toEqual({ line: 2, given: 'more', again: '(it ends here)' });
  });
});
