import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { recall } from '../../src/ledger/recall.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { Crash, Fault, type When } from '../support/faulty-store.ts';
import { freshLedger, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';
import type { StorePlace } from './ledger-store.ts';

const FIRST = scanOf(['a', 'b'], [timeoutDrift('a'), timeoutDrift('b')]);
const SECOND = scanOf(['a', 'b', 'c'], [timeoutDrift('b', 30), timeoutDrift('c')]);
const THIRD = scanOf(['a', 'b', 'c', 'd'], [timeoutDrift('d')]);

/** What every LedgerStore promises of a writer that dies: at any write, whether or not that one took effect. */
export function crashContract(name: string, place: () => Promise<StorePlace>): void {
  /** A ledger in which the first scan is recorded. */
  async function begun(): Promise<{ at: StorePlace; ledger: Ledger }> {
    const at = await place();
    const ledger = await freshLedger(at.open());
    await recordScan(ledger, FIRST, ticking());
    return { at, ledger };
  }

  async function writesOf(): Promise<number> {
    const { at, ledger } = await begun();
    const counting = new Fault();
    await recordScan(onStore(ledger, at.open(counting)), SECOND, ticking());
    return counting.writes;
  }

  /** Records the second scan with a writer that dies. Says whether the writer was told that it is recorded. */
  async function crashed(at: StorePlace, ledger: Ledger, fault: Fault): Promise<'told' | 'failed'> {
    return recordScan(onStore(ledger, at.open(fault)), SECOND, ticking()).then(
      () => 'told',
      (thrown: unknown) => {
        // The store may have put it into words of its own.
        if (!(thrown instanceof Crash || (thrown as Error).cause instanceof Crash)) throw thrown;
        return 'failed';
      },
    );
  }

  describe(`${name}, while a scan is recorded`, () => {
    it.each(['before', 'after'] as const)('is whole and goes on after a crash %s any write', async (when: When) => {
      const writes = await writesOf();
      expect(writes).toBeGreaterThan(8);
      const appended: boolean[] = [];
      for (let write = 0; write < writes; write++) {
        const { at, ledger } = await begun();
        const outcome = await crashed(at, ledger, new Fault(write, when));

        // Read by somebody who writes nothing.
        const after = await verifyLedger(at.open(), ledger.trust);
        expect(after.failures).toEqual([]);
        appended.push(after.size > 3);
        expect(outcome === 'told' && after.size === 3).toBe(false);
        const { open } = await recall(onStore(ledger, at.open()));
        expect(open.map((one) => one.address)).toEqual(after.size > 3 ? ['b', 'c'] : ['a', 'b']);

        // Another batch than the one that crashed, of another size: leftovers must not leak into it.
        const next = onStore(ledger, at.open());
        await recordScan(next, THIRD, ticking());
        await recordScan(next, SECOND, ticking());
        const later = await verifyLedger(at.open(), ledger.trust);
        expect(later.failures).toEqual([]);
        expect(later.skipped).toEqual([]);
        // Every head that was ever published is kept, also one whose copy the crash swallowed.
        const kept = later.checked.checkpoints;
        expect(kept).toBe(after.size > 3 ? 5 : 4);
      }
      // There is one moment before which it is not recorded and after which it is.
      expect(appended).toEqual(appended.toSorted((a, b) => Number(a) - Number(b)));
      expect(new Set(appended).size).toBe(2);
    });
  });
}
