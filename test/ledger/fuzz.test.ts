import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../src/ledger/append.ts';
import { decodeUtf8 } from '../../src/ledger/bytes.ts';
import { openHead } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { bundleKey, payloadKey } from '../../src/ledger/paths.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { parseBundle } from '../../src/ledger/tiles.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { appendAnnotation, digestAt } from '../support/export-world.ts';
import { freshLedger, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

let ledger: Ledger;
let objects: ReadonlyMap<string, Uint8Array>;

/** Three entries under one checkpoint: a drift, its scan, a note. Fewer heads to open make every verification cheaper. */
beforeAll(async () => {
  const draft = memoryStore();
  const drafted = await freshLedger(draft);
  await recordScan(drafted, scanOf(['a.b'], [timeoutDrift('a.b')]), ticking());
  await appendAnnotation(drafted, { kind: 'note', about: [digestAt(draft.objects, 0)], text: 'seen', by: 'me' });
  const leaves = parseBundle(draft.objects.get(bundleKey(0, 3)) as Uint8Array, 3);
  const lines = decodeUtf8(draft.objects.get(payloadKey(0)) as Uint8Array).split('\n');
  const entries = leaves.map((leaf, at) => ({ digest: digestAt(draft.objects, at), line: lines[at] as string, leaf }));
  const documents = [...draft.objects].filter(([key]) => key.startsWith('state/'));
  const store = memoryStore();
  ledger = await freshLedger(store);
  const head = await openHead(store, ledger.trust.checkpointKeys);
  await append(
    store,
    ledger.notary,
    head,
    entries,
    documents.map(([key, bytes]) => ({ key, bytes })),
  );
  objects = store.objects;
});

/** The real verification; signatures of drifts and scans are not needed, since checking them could only notice more. */
function isNoticed(altered: Map<string, Uint8Array>): Promise<boolean> {
  return verifyLedger(memoryStore(altered), ledger.trust, { signatures: 'none' }).then(({ ok }) => !ok);
}

describe('a small ledger', () => {
  it('has no byte, in any of its files, that may change unnoticed, and none that makes verify crash', async () => {
    const unnoticed: string[] = [];
    let flipped = 0;
    for (const [key, bytes] of objects) {
      for (let at = 0; at < bytes.byteLength; at++) {
        const altered = Uint8Array.from(bytes);
        altered[at] = (altered[at] as number) ^ (1 << (at % 8));
        flipped++;
        if (!(await isNoticed(new Map(objects).set(key, altered)))) unnoticed.push(`${key} at ${at}`);
      }
    }
    expect(unnoticed).toEqual([]);
    // A drift with its states, a scan and a note take this much; less, and the ledger would not be one.
    expect(flipped).toBeGreaterThan(8000);
  }, 240_000);

  it('notices bytes that are cut off, put in or written over, wherever', async () => {
    const keys = [...objects.keys()];
    const edit = fc.record({
      key: fc.constantFrom(...keys),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(40),
      put: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ key, place, removed, put }) => {
        const bytes = Buffer.from(objects.get(key) as Uint8Array);
        const at = Math.floor(place * bytes.byteLength);
        const altered = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]);
        // What follows the last line in the log is a crash's leftover: it belongs to no entry, and the next append drops it.
        const leftover = key.startsWith('dsse/') && altered.subarray(0, bytes.byteLength).equals(bytes);
        fc.pre(!altered.equals(bytes) && !leftover);
        expect(await isNoticed(new Map(objects).set(key, altered))).toBe(true);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('names every file that does not belong to it', async () => {
    const names = [
      'notes.txt',
      'dsse/001.intoto.jsonl',
      'tile/0/000.p/9',
      'tile/1/000.p/1',
      'state/x.json',
      'evidence/x',
      'keys/x',
    ];
    for (const name of names) {
      const { ok, unaccounted } = await verifyLedger(
        memoryStore(new Map(objects).set(name, Buffer.from('x'))),
        ledger.trust,
      );
      expect({ ok, unaccounted }).toEqual({ ok: true, unaccounted: [name] });
    }
    for (const name of ['checkpoints/4', 'checkpoints/x', 'keys/entry/x.pem', 'keys/checkpoint/x.vkey']) {
      expect(await isNoticed(new Map(objects).set(name, Buffer.from('x')))).toBe(true);
    }
  });
});
