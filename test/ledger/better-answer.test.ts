import { describe, expect, it } from 'vitest';
import { annotate } from '../../src/ledger/annotate.ts';
import { correctionOf, isBetter } from '../../src/ledger/better-answer.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recall } from '../../src/ledger/recall.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { VERDICTS } from '../../src/model/attribution.ts';
import { attributionOf } from '../support/attribution-samples.ts';
import { freshLedger, gathered, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const later = (verdict: (typeof VERDICTS)[number], names: readonly string[] = ['alice']) => {
  const attribution = attributionOf(verdict, names);
  return { ...attribution, paths: [{ ...attribution, path: 'timeout' }] };
};

describe('a later look into the audit log', () => {
  it('replaces what nobody knew by what is known now, and never the other way round', () => {
    expect(isBetter({ verdict: 'cannot-tell', hasReason: false }, later('confirmed'))).toBe(true);
    expect(isBetter({ verdict: 'several', hasReason: false }, later('likely'))).toBe(true);
    for (const verdict of VERDICTS) {
      expect(isBetter({ verdict: 'confirmed', hasReason: true }, later(verdict))).toBe(false);
      expect(isBetter({ verdict, hasReason: true }, later('not-attempted'))).toBe(false);
    }
  });

  it('adds a reason to an answer that is as sure as before', () => {
    expect(isBetter({ verdict: 'likely', hasReason: false }, later('likely'))).toBe(true);
    expect(isBetter({ verdict: 'likely', hasReason: false }, later('likely', []))).toBe(false);
  });

  it('is a statement of its own; readers see the merged picture, and the ledger stays whole', async () => {
    const ledger = await freshLedger();
    const clock = ticking();
    await recordScan(ledger, scanOf(['a'], [timeoutDrift('a')]), clock);
    const [entry] = await gathered(readEntries(ledger.store));
    if (entry === undefined) throw new Error('nothing was recorded');
    const before = await (await recall(ledger)).answers();
    expect(before.open).toMatchObject([{ verdict: 'not-attempted', hasReason: false, occurredAt: null }]);
    await annotate(ledger, [correctionOf(entry, later('confirmed'))], { clock, version: '0' });
    const after = await (await recall(ledger)).answers();
    expect(after.open).toMatchObject([
      { verdict: 'confirmed', hasReason: true, occurredAt: '2026-11-02T02:14:07Z', drift: { entry: entry.digest } },
    ]);
    expect(after.events).toEqual(new Set(['event-alice']));
    expect((await verifyLedger(ledger.store, ledger.trust)).failures).toEqual([]);
  });
});
