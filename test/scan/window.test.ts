import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowOf } from '../../src/scan/window.ts';

const TO = '2026-03-14T02:00:00.000Z';
const OLDEST = '2025-12-14T00:00:00.000Z';

describe('the time in which a log is read', () => {
  it('begins at the earliest moment that bounds a change', () => {
    const begins = ['2026-03-10T00:00:00Z', '2026-03-09T00:00:00.500Z', '2026-03-09T00:00:00Z'];
    expect(windowOf(begins, TO, OLDEST)).toEqual({ from: '2026-03-09T00:00:00Z', to: TO });
  });

  it('begins as far back as the log is looked into where a change has no such moment', () => {
    expect(windowOf(['2026-03-10T00:00:00Z', null], TO, OLDEST).from).toBe(OLDEST);
    expect(windowOf([], TO, OLDEST).from).toBe(OLDEST);
    expect(windowOf(['2026-03-10T00:00:00Z', null], TO, null).from).toBeNull();
    expect(windowOf([], TO, null).from).toBeNull();
  });

  it('begins before that where another change may be older', () => {
    expect(windowOf([null, '2025-06-01T00:00:00Z'], TO, OLDEST).from).toBe('2025-06-01T00:00:00Z');
  });

  it('leaves out no moment, in whatever order they come', () => {
    const moment = fc.option(
      fc.date({ min: new Date('2025-01-01'), max: new Date('2026-03-01'), noInvalidDate: true }),
    );
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1 }), fc.boolean(), (dates, all) => {
        const begins = dates.map((date) => date?.toISOString() ?? null);
        const { from } = windowOf(begins, TO, all ? null : OLDEST);
        expect(windowOf([...begins].reverse(), TO, all ? null : OLDEST).from).toBe(from);
        for (const begin of begins) {
          const bound = begin ?? (all ? null : OLDEST);
          expect(from === null || (bound !== null && Date.parse(from) <= Date.parse(bound))).toBe(true);
        }
      }),
    );
  });
});
