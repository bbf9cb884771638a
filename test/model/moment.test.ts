import { describe, expect, it } from 'vitest';
import { readDay, readTime } from '../../src/model/moment.ts';

describe('a day or a time', () => {
  it('is read where the calendar has it', () => {
    expect(readDay('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
    expect(readTime('2026-03-14T03:00:00Z')).toBe(Date.UTC(2026, 2, 14, 3));
    expect(readTime('2026-03-14T03:00+01:00')).toBe(Date.UTC(2026, 2, 14, 2));
  });

  it.each(['2026-02-29', '2026-02-30', '2026-13-01', '2026-3-1', '14.03.2026', '2026-03-14T03:00:00Z', ''])(
    'takes %j for no day',
    (text) => expect(readDay(text)).toBeUndefined(),
  );

  it.each([
    '2026-02-30T03:00:00Z',
    '2026-03-14T24:00:00Z',
    '2026-03-14T03:60:00Z',
    '2026-03-14T03:00:00',
    '2026-03-14 03:00:00Z',
    '2026-03-14',
    'yesterday',
  ])('takes %j for no time', (text) => expect(readTime(text)).toBeUndefined());
});
