import { describe, expect, it } from 'vitest';
import { gapTexts } from '../../src/attribution/gap-texts.ts';
import type { CoverageGap } from '../../src/attribution/port.ts';

const broken = (n: number, message = 'is no JSON'): CoverageGap[] =>
  Array.from({ length: n }, (_, i) => ({ what: `f${i}.json.gz`, message }));

describe('gaps of a log, in words', () => {
  it('are told one by one where each is of its own kind', () => {
    const gaps = [
      { what: 'region us-east-1', message: 'LookupEvents failed on page 3: ThrottlingException' },
      ...broken(1),
    ];
    expect(gapTexts(gaps)).toEqual([
      'region us-east-1: LookupEvents failed on page 3: ThrottlingException',
      'f0.json.gz: is no JSON',
    ]);
  });

  it('of many files are one, with their count', () => {
    expect(gapTexts(broken(3))).toEqual(['f0.json.gz, f1.json.gz, f2.json.gz: is no JSON']);
    expect(gapTexts(broken(5000))).toEqual(['f0.json.gz, f1.json.gz, f2.json.gz and 4997 more: is no JSON']);
  });

  it('that differ in numbers alone are of one kind', () => {
    const records = [0, 7, 9].map((n) => ({ what: 'a.json', message: `record ${n} is no JSON` }));
    expect(gapTexts(records)).toEqual(['a.json: record 0 is no JSON (3 such)']);
  });

  it('are told up to twenty kinds, and the rest is counted', () => {
    const kinds = Array.from({ length: 23 }, (_, i) => broken(2, `fault ${'x'.repeat(i + 1)}`)).flat();
    const told = gapTexts(kinds);
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('and 6 more gaps of other kinds');
  });
});
