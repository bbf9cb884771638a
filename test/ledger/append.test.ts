import { describe, expect, it } from 'vitest';
import type { LedgerReader } from '../../src/ledger/port.ts';
import { openHead } from '../../src/ledger/head.ts';
import { provenReader, readEntries } from '../../src/ledger/read.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { appendNotes } from '../support/ledger-notes.ts';
import { freshLedger, gathered, ticking } from '../support/ledger-world.ts';

const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => `note ${at}`);

describe('an append', () => {
  it.each([1, 255, 256, 257, 512, 700])(
    'of %i entries at once is the same log as of one after the other',
    async (count) => {
      const atOnce = await freshLedger(memoryStore());
      await appendNotes(atOnce, texts(count), ticking());
      expect(await verifyLedger(atOnce.store, atOnce.trust)).toMatchObject({ ok: true, size: count, unaccounted: [] });

      const inParts = await freshLedger(memoryStore());
      const parts = [texts(count).slice(0, 1), texts(count).slice(1, 200), texts(count).slice(200)];
      for (const part of parts) if (part.length > 0) await appendNotes(inParts, part, ticking());
      expect(await verifyLedger(inParts.store, inParts.trust)).toMatchObject({
        ok: true,
        size: count,
        unaccounted: [],
      });
      const keys = async ({ store }: typeof atOnce): Promise<string[]> =>
        (await store.list('')).filter((key) => !/^checkpoints\/|\.p\//.test(key));
      expect(await keys(inParts)).toEqual(await keys(atOnce));
    },
  );

  it('leaves the partial forms of a full tile to nobody, and whoever looks at an earlier head reads the full one', async () => {
    const ledger = await freshLedger(memoryStore());
    const { store, trust } = ledger;
    await appendNotes(ledger, texts(250), ticking());
    const { checkpoint, note } = await openHead(store, trust.checkpointKeys);
    await appendNotes(ledger, texts(20), ticking());
    expect((await store.list('tile/')).filter((key) => key.endsWith('.p/250'))).toEqual([]);

    const earlier: LedgerReader = {
      get: async (key) => (key === 'checkpoint' ? note : store.get(key)),
      list: async (prefix) => (await store.list(prefix)).filter((key) => !/^checkpoints\/2[67]/.test(key)),
    };
    expect(await gathered(readEntries(earlier))).toHaveLength(250);
    expect((await provenReader(earlier, checkpoint)(249))?.index).toBe(249);
    expect((await verifyLedger(earlier, trust)).failures).toEqual([]);
  });
});
