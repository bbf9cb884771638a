import { describe, expect, it } from 'vitest';
import { recall } from '../../src/ledger/recall.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import type { LedgerStore } from '../../src/ledger/port.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { Crash, faultyStore } from '../support/faulty-store.ts';
import { freshLedger, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const FIRST = scanOf(['a', 'b'], [timeoutDrift('a'), timeoutDrift('b')]);
const SECOND = scanOf(['a', 'b', 'c'], [timeoutDrift('b', 30), timeoutDrift('c')]);
const THIRD = scanOf(['a', 'b', 'c', 'd'], [timeoutDrift('d')]);

/** A ledger in which the first scan is recorded. */
async function begun() {
  const store = memoryStore();
  const ledger = await freshLedger(store);
  await recordScan(ledger, FIRST, ticking());
  return { store, ledger };
}

async function writesOf(): Promise<number> {
  const { store, ledger } = await begun();
  const counting = faultyStore(store, Number.POSITIVE_INFINITY, 'before');
  await recordScan(onStore(ledger, counting), SECOND, ticking());
  return counting.writes;
}

describe('a crash while a scan is recorded', () => {
  it.each(['before', 'after'] as const)('%s any write leaves a whole ledger that goes on', async (when) => {
    const writes = await writesOf();
    expect(writes).toBeGreaterThan(8);
    for (let at = 0; at < writes; at++) {
      const { store, ledger } = await begun();
      const broken = faultyStore(store, at, when);
      await expect(recordScan(onStore(ledger, broken), SECOND, ticking())).rejects.toThrow(Crash);

      const after = await verifyLedger(store, ledger.trust);
      expect(after.failures).toEqual([]);
      const appended = after.size > 3;
      expect(appended).toBe(at > swapOf(writes) || (at === swapOf(writes) && when === 'after'));
      expect((await recall(ledger)).open.map((one) => one.address)).toEqual(appended ? ['b', 'c'] : ['a', 'b']);

      // Another batch than the one that crashed, of another size: leftovers must not leak into it.
      await recordScan(ledger, THIRD, ticking());
      await recordScan(ledger, SECOND, ticking());
      const later = await verifyLedger(store, ledger.trust);
      expect(later.failures).toEqual([]);
      expect(later.skipped).toEqual([]);
    }
  });

  it('keeps every checkpoint that was published, also one whose copy the crash swallowed', async () => {
    const { store, ledger } = await begun();
    const writes = await writesOf();
    const broken = faultyStore(store, writes - 1, 'before');
    await expect(recordScan(onStore(ledger, broken), SECOND, ticking())).rejects.toThrow(Crash);
    const size = (await verifyLedger(store, ledger.trust)).size;
    expect(await store.list('checkpoints/')).not.toContain(`checkpoints/${size}`);
    await recordScan(ledger, THIRD, ticking());
    expect(await store.list('checkpoints/')).toContain(`checkpoints/${size}`);
  });
});

describe('a writer that another one overtakes', () => {
  it('starts again from the new head and loses nothing', async () => {
    const { store, ledger } = await begun();
    let overtaken = 0;
    const slow: LedgerStore = {
      ...store,
      swapHead: async (expected, next) => {
        // No lock here, as on an object store: the head moves between our read and our swap.
        if (overtaken++ < 2) {
          const name = `other${overtaken}`;
          const scan = scanOf([name], [timeoutDrift(name)], { workspace: name });
          await recordScan(onStore(ledger, { ...store, locked: (work) => work() }), scan, ticking());
        }
        return store.swapHead(expected, next);
      },
      locked: (work) => work(),
    };
    const recorded = await recordScan(onStore(ledger, slow), SECOND, ticking());
    expect(overtaken).toBe(3);
    expect(recorded.open.map((one) => one.address)).toEqual(['other1', 'other2', 'b', 'c']);
    const verification = await verifyLedger(store, ledger.trust);
    expect(verification.failures).toEqual([]);
  });

  it('gives up with one clear error when it is overtaken again and again', async () => {
    const { store, ledger } = await begun();
    const losing = { ...store, swapHead: async () => false };
    await expect(recordScan(onStore(ledger, losing), SECOND, ticking())).rejects.toMatchObject({
      code: 'E_LEDGER_LOCKED',
    });
    expect((await verifyLedger(store, ledger.trust)).size).toBe(3);
  });
});

/** The swap is the write before the last one, which keeps the checkpoint. */
function swapOf(writes: number): number {
  return writes - 2;
}
