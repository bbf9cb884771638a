import { createHash } from 'node:crypto';
import { order, refOf } from './coverage.ts';
import type { SamplePack } from './model.ts';
import type { EntryRef } from './model-scope.ts';

/** How the draw is made, so that anybody can make it again with sha256sum and sort. */
const SAMPLE_METHOD =
  'rank of an entry = SHA-256 of the seed, a line feed and the statement digest (hex); the n lowest ranks are drawn';

/** Draws n of the population: the same seed and population give the same sample, whatever order it is listed in. */
export function drawSample(population: readonly EntryRef[], seed: string, n: number): SamplePack {
  const ranked = population
    .map((entry) => ({
      rank: createHash('sha256').update(`${seed}\n${entry.digest}`).digest('hex'),
      entry: refOf(entry),
    }))
    .sort((a, b) => order(a.rank, b.rank));
  return { seed, method: SAMPLE_METHOD, n, of: population.length, items: ranked.slice(0, n) };
}
