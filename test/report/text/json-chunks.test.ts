import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../../../src/report/text/chunks.ts';
import { jsonChunks, LongList } from '../../../src/report/text/json-chunks.ts';

describe('JSON in pieces', () => {
  it('is the text that JSON.stringify gives, whatever the value and the indent', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 1, max: 4 }), (value, indent) => {
        expect(whole(jsonChunks(value, indent))).toBe(JSON.stringify(value, undefined, indent));
      }),
    );
  });

  it('is that text for lists of every length around those that are written part by part, at any depth', () => {
    for (const length of [0, 1, 99, 100, 101, 200, 201, 250, 300]) {
      const items = Array.from({ length }, (_, i) => ({ i, text: 'line\nbreak', list: [i, [], {}], gone: undefined }));
      for (const value of [items, { items }, { a: [{ items, after: 1 }] }]) {
        expect(whole(jsonChunks(value, 2))).toBe(JSON.stringify(value, undefined, 2));
      }
    }
  });

  it('writes a list that is made meanwhile like any other, and leaves it out where it is empty and to be left out', () => {
    const made = (n: number): unknown[] => Array.from({ length: n }, (_, i) => [i]);
    for (const n of [1, 100, 400]) {
      const expected = JSON.stringify({ a: { list: made(n) }, b: 1 }, undefined, 1);
      expect(whole(jsonChunks({ a: { list: new LongList(made(n)) }, b: 1 }, 1))).toBe(expected);
      expect(whole(jsonChunks({ a: { list: new LongList(made(n), 'left out') }, b: 1 }, 1))).toBe(expected);
    }
    expect(whole(jsonChunks({ a: new LongList([]), b: new LongList([], 'left out') }, 2))).toBe('{\n  "a": []\n}');
  });

  it('comes in pieces: no piece is the whole of a large text', () => {
    const pieces = [...jsonChunks({ list: Array.from({ length: 20_000 }, (_, i) => `item ${i}`) }, 2)];
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000);
  });
});
