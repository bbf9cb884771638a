import { beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { recordScan } from '../../../src/ledger/record.ts';
import { memoryStore } from '../../../src/ledger/stores/memory.ts';
import { type Verification, verifyLedger } from '../../../src/ledger/verify.ts';
import { freshLedger, scanOf, ticking, timeoutDrift } from '../../support/ledger-world.ts';

const WEB = 'aws_lambda_function.web';

let ledger: Ledger;
let objects: ReadonlyMap<string, Uint8Array>;
const asked: string[] = [];

/** Three scans, so that partial tiles and checkpoints of earlier heads are there too. */
beforeAll(async () => {
  const store = memoryStore();
  ledger = await freshLedger(store);
  const clock = ticking();
  for (const live of [900, 901, 902]) await recordScan(ledger, scanOf([WEB], [timeoutDrift(WEB, live)]), clock);
  objects = store.objects;
});

function ofTree(copy: ReadonlyMap<string, Uint8Array>, kept: readonly Uint8Array[] = []): Promise<Verification> {
  const { get, list } = memoryStore(new Map(copy));
  const reader = {
    list,
    get: (key: string) => {
      asked.push(key);
      return get(key);
    },
  };
  return verifyLedger(reader, { ...ledger.trust, kept }, { treeOnly: true });
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, place) => (place === at ? byte ^ (1 << (at % 8)) : byte));
}

describe('verifying the tree alone', () => {
  it('reads no payload and no document, and says that it did not', async () => {
    asked.length = 0;
    const verification = await ofTree(objects);
    expect(asked.filter((key) => /^(dsse|state)\//.test(key))).toEqual([]);
    expect(verification).toMatchObject({
      ok: true,
      scope: 'tree',
      size: 6,
      checked: { entries: 0, signatures: 0, documents: 0, checkpoints: 4 },
      failures: [],
      unaccounted: [],
    });
    expect(verification.checked.tiles).toBeGreaterThan(0);
    expect(verification.skipped).toEqual([expect.stringContaining('payloads, signatures of entries, documents')]);
  });

  it('notices flipped bytes of leaves, tiles and checkpoints', async () => {
    const unnoticed: string[] = [];
    for (const [key, bytes] of objects) {
      if (!/^(tile|checkpoint)/.test(key)) continue;
      // Of the leaves, which are the bulk, some of each; checkpoints and tiles to the last byte.
      const stride = key.startsWith('tile/entries/') ? 41 : 1;
      for (let at = 0; at < bytes.byteLength; at += stride) {
        const { ok } = await ofTree(new Map(objects).set(key, flipped(bytes, at)));
        if (ok) unnoticed.push(`${key} at ${at}`);
      }
    }
    expect(unnoticed).toEqual([]);
  });

  it('holds the log against a checkpoint that was kept elsewhere', async () => {
    const now = objects.get('checkpoint') as Uint8Array;
    const earlier = new Map(objects).set('checkpoint', objects.get('checkpoints/4') as Uint8Array);
    earlier.delete('checkpoints/6');
    expect((await ofTree(earlier)).ok).toBe(true);
    expect(await ofTree(earlier, [now])).toMatchObject({ ok: false, failures: [{ code: 'rolled-back', index: 4 }] });
    expect(await ofTree(objects, [objects.get('checkpoints/2') as Uint8Array])).toMatchObject({
      ok: true,
      continues: [{ size: 2, appended: 4 }],
    });
  });

  it('names the leaf that was altered, as long as the tiles are whole', async () => {
    const bundle = objects.get('tile/entries/000.p/6') as Uint8Array;
    const { failures } = await ofTree(new Map(objects).set('tile/entries/000.p/6', flipped(bundle, 10)));
    expect(failures).toContainEqual(expect.objectContaining({ code: 'leaf-wrong', index: 0 }));
  });

  it('lets an altered payload pass, which the whole verification does not', async () => {
    const payloads = objects.get('dsse/000.intoto.jsonl') as Uint8Array;
    const copy = new Map(objects).set('dsse/000.intoto.jsonl', flipped(payloads, 40));
    expect((await ofTree(copy)).ok).toBe(true);
    expect((await verifyLedger(memoryStore(copy), ledger.trust)).ok).toBe(false);
  });
});
