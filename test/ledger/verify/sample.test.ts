import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/ledger/bytes.ts';
import { signatureSample } from '../../../src/ledger/verify/sample.ts';

describe('the sample of signatures', () => {
  it('is all of a small log', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (size) => {
        const sampled = signatureSample(size, sha256());
        expect(Array.from({ length: size }, (_, index) => sampled(index)).every(Boolean)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('is 1,000 of a larger one, the newest 256 among them, the same each time and another for another root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1001, max: 20_000 }), fc.uint8Array(), (size, seed) => {
        const of = (root: Uint8Array): number[] => {
          const sampled = signatureSample(size, root);
          return Array.from({ length: size }, (_, index) => index).filter(sampled);
        };
        const drawn = of(sha256(seed));
        expect(drawn).toHaveLength(1000);
        expect(drawn.slice(-256)).toEqual(Array.from({ length: 256 }, (_, at) => size - 256 + at));
        expect(of(sha256(seed))).toEqual(drawn);
        if (size > 1100) expect(of(sha256(seed, Buffer.of(1)))).not.toEqual(drawn);
      }),
      { numRuns: 15 },
    );
  });
});
