import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import type { LedgerStore } from '../../src/ledger/port.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { freshLedger, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const FIRST = scanOf(['a', 'b'], [timeoutDrift('a'), timeoutDrift('b')]);
const SECOND = scanOf(['a', 'b', 'c'], [timeoutDrift('b', 30), timeoutDrift('c')]);

/** A ledger in which the first scan is recorded. */
async function begun() {
  const store = memoryStore();
  const ledger = await freshLedger(store);
  await recordScan(ledger, FIRST, ticking());
  return { store, ledger };
}

/** Records a scan of another workspace, as another writer would at this moment. */
async function another(ledger: Ledger, store: LedgerStore, name: string): Promise<void> {
  const scan = scanOf([name], [timeoutDrift(name)], { workspace: name });
  await recordScan(onStore(ledger, { ...store, locked: (work) => work() }), scan, ticking());
}

describe('a writer that another one overtakes', () => {
  it('starts again from the new head and loses nothing', async () => {
    const { store, ledger } = await begun();
    let overtaken = 0;
    const slow: LedgerStore = {
      ...store,
      swapHead: async (expected, next, objects) => {
        // No lock here, as on an object store: the head moves between our read and our swap.
        if (overtaken++ < 2) await another(ledger, store, `other${overtaken}`);
        return store.swapHead(expected, next, objects);
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

describe('a writer that is not told whether its append became true', () => {
  const lost = {
    'as a failure': async () => {
      throw new Error('the line went dead');
    },
    'as a refusal': async () => false,
  };

  it.each(Object.keys(lost) as (keyof typeof lost)[])('%s, does not append it again', async (how) => {
    for (const overtaken of [false, true]) {
      const { store, ledger } = await begun();
      const deaf: LedgerStore = {
        ...store,
        swapHead: async (expected, next, objects) => {
          await store.swapHead(expected, next, objects);
          if (overtaken) await another(ledger, store, 'other');
          return lost[how]();
        },
        locked: (work) => work(),
      };
      await recordScan(onStore(ledger, deaf), SECOND, ticking());
      const verification = await verifyLedger(store, ledger.trust);
      expect(verification.failures).toEqual([]);
      expect(verification.size).toBe(overtaken ? 9 : 7);
    }
  });

  it('says that it failed where nothing became true', async () => {
    const { store, ledger } = await begun();
    const dead: LedgerStore = { ...store, swapHead: lost['as a failure'] };
    await expect(recordScan(onStore(ledger, dead), SECOND, ticking())).rejects.toThrow('the line went dead');
    expect((await verifyLedger(store, ledger.trust)).size).toBe(3);
  });

  it('is done though it fails to tidy up, and the next one does that', async () => {
    const { store, ledger } = await begun();
    let swapped = false;
    const tired: LedgerStore = {
      ...store,
      swapHead: async (...swap) => {
        swapped = await store.swapHead(...swap);
        return swapped;
      },
      put: async (objects) => {
        if (swapped) throw new Error('the disk is full');
        await store.put(objects);
      },
    };
    const { checkpoint } = await recordScan(onStore(ledger, tired), SECOND, ticking());
    expect(await store.list('checkpoints/')).not.toContain(`checkpoints/${checkpoint.size}`);
    await another(ledger, store, 'other');
    expect(await store.list('checkpoints/')).toContain(`checkpoints/${checkpoint.size}`);
  });
});
