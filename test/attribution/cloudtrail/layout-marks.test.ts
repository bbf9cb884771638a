import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/attribution/cloudtrail/byte-text.ts';
import { BEGIN, LayoutMarks, READ_ONLY, TIME } from '../../../src/attribution/cloudtrail/layout-marks.ts';

const MARKS = new Map([
  ['{"eventVersion":"', BEGIN],
  ['"eventTime":"', TIME],
  ['"readOnly":', READ_ONLY],
]);

function found(bytes: Buffer): readonly (readonly [number, number])[] {
  const marks = new LayoutMarks(bytes, viewOf(bytes));
  const all: (readonly [number, number])[] = [];
  for (let mark = marks.next(); mark !== -1; mark = marks.next()) all.push([marks.at, mark]);
  return all;
}

describe('the marks of a layout', () => {
  it('are all found in their order, and nothing else, wherever in memory the bytes lie', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...MARKS.keys(),
        '"eventName":"',
        '"eventVersion":"',
        'eventTime":"',
        '"readOnly"',
        '{',
        'Only":',
      ),
      fc.string({ unit: fc.constantFrom('"', ':', 'e', 'v', 'é'), maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.nat(9), fc.nat(20), (parts, skew, cut) => {
        const whole = Buffer.from(parts.join(''));
        const memory = Buffer.concat([Buffer.alloc(skew, '"'), whole, Buffer.from('"readOnly":')]);
        const bytes = memory.subarray(skew, Math.max(skew, skew + whole.length - cut));
        const text = bytes.toString('latin1');
        const expected = [...text.matchAll(/(?=(\{"eventVersion":"|"eventTime":"|"readOnly":))/g)];
        expect(found(bytes)).toEqual(expected.map(({ index, 1: mark = '' }) => [index, MARKS.get(mark)]));
      }),
      { numRuns: 3000 },
    );
  });
});
