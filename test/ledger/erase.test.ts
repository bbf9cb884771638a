import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendStatements } from '../../src/ledger/append-statements.ts';
import { decodeUtf8, encodeUtf8, toHex } from '../../src/ledger/bytes.ts';
import { type ErasureWishes, eraseEntries } from '../../src/ledger/erase.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { formatTombstone, parseLine } from '../../src/ledger/line.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Entry } from '../../src/model/entry.ts';
import { annotate } from '../support/annotations.ts';
import { Crash, Fault, FaultyMap } from '../support/faulty-store.ts';
import { change, freshLedger, gathered, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const PAYLOADS = 'dsse/000.intoto.jsonl';
const clock = ticking();

/** Entries 0 drift a, 1 drift b, 2 scan; 3 resolved a, 4 scan; 5 scan. Open: b. */
async function recorded() {
  const store = memoryStore();
  const ledger = await freshLedger(store);
  const secret = {
    address: 'a',
    changes: [change('policy', 'personal '.repeat(210), 'x')],
    live: { policy: 'personal' },
  };
  await recordScan(ledger, scanOf(['a', 'b'], [secret, timeoutDrift('b')]), clock);
  await recordScan(ledger, scanOf(['a', 'b'], [timeoutDrift('b')]), clock);
  await recordScan(ledger, scanOf(['a', 'b'], [timeoutDrift('b')]), clock);
  return { store, ledger };
}

function erase(ledger: Ledger, indexes: readonly number[], more: Partial<ErasureWishes> = {}) {
  const people = { requestedBy: 'alice', approvedBy: 'bob' };
  return eraseEntries(ledger, { indexes, reason: 'request 12', version: '0', ...people, ...more }, clock);
}

function linesIn(store: { readonly objects: ReadonlyMap<string, Uint8Array> }): string[] {
  return decodeUtf8(store.objects.get(PAYLOADS) as Uint8Array)
    .split('\n')
    .slice(0, -1);
}

function textOf(objects: ReadonlyMap<string, Uint8Array>): string {
  return [...objects.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n');
}

describe('erasing an entry', () => {
  it('takes payload and documents away and leaves a log that verifies, signatures and all', async () => {
    const { store, ledger } = await recorded();
    expect(textOf(store.objects)).toContain('personal');
    const documents = (await store.list('state/')).length;
    const erased = await erase(ledger, [0, 3]);
    expect(erased).toMatchObject({ indexes: [0, 3], before: [], entry: { index: 6 }, kept: [] });
    expect(erased.removed).toBeGreaterThan(0);
    expect((await store.list('state/')).length).toBe(documents - erased.removed);
    expect(textOf(store.objects)).not.toContain('personal');
    const verification = await verifyLedger(store, ledger.trust);
    expect(verification).toMatchObject({
      ok: true,
      size: 7,
      checked: { entries: 7, erased: 2, signatures: 7 },
      skipped: [],
      unaccounted: [],
    });
    const passed: number[] = [];
    const left = await gathered(readEntries(store, { onErased: ({ index }) => passed.push(index) }));
    expect([left.map((entry) => entry.index), passed]).toEqual([
      [1, 2, 4, 5, 6],
      [0, 3],
    ]);
  });

  it('keeps documents that another entry names', async () => {
    const { store, ledger } = await recorded();
    // Entries 2, 4 and 5 share nothing that goes with 2 alone.
    const before = await store.list('state/');
    await erase(ledger, [2]);
    const verification = await verifyLedger(store, ledger.trust);
    expect(verification.failures).toEqual([]);
    expect(before).toEqual(expect.arrayContaining([...(await store.list('state/'))]));
  });

  it('lets the ledger go on: drifts that were open stay open and are resolved', async () => {
    const { store, ledger } = await recorded();
    await erase(ledger, [0, 2, 3, 4]);
    await recordScan(ledger, scanOf(['a', 'b'], [timeoutDrift('a')]), clock);
    const verification = await verifyLedger(store, ledger.trust);
    expect(verification).toMatchObject({ failures: [], skipped: [], checked: { erased: 4 } });
  });

  it('does it twice as once', async () => {
    const { store, ledger } = await recorded();
    await erase(ledger, [0]);
    const objects = new Map(store.objects);
    expect(await erase(ledger, [0, 0])).toMatchObject({ indexes: [], before: [0], entry: null, removed: 0 });
    expect(store.objects).toEqual(objects);
  });

  it('needs two people', async () => {
    const { store, ledger } = await recorded();
    const before = new Map(store.objects);
    for (const people of [{ approvedBy: ' Alice' }, { approvedBy: '' }, { requestedBy: '' }]) {
      await expect(erase(ledger, [0], people)).rejects.toMatchObject({ code: 'E_APPROVAL' });
    }
    expect(store.objects).toEqual(before);
  });

  it('refuses what the ledger still needs, and what is not there', async () => {
    const { ledger } = await recorded();
    const key = { change: 'retired', keyId: `sha256:${'0'.repeat(64)}`, publicKey: null, use: 'entry' } as const;
    const { index } = await annotate(ledger, { kind: 'key', key }, clock);
    await expect(erase(ledger, [1])).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringMatching(/open/) });
    await expect(erase(ledger, [5])).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(/newest/),
    });
    await expect(erase(ledger, [index])).rejects.toMatchObject({ code: 'E_USAGE' });
    const { entry } = await erase(ledger, [0]);
    await expect(erase(ledger, [entry?.index as number])).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(erase(ledger, [99])).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('says what a store keeps that keeps everything', async () => {
    const { store, ledger } = await recorded();
    const keeping = { ...store, remove: async () => undefined, put: store.put };
    const { kept, removed } = await erase(onStore(ledger, keeping), [0]);
    expect(removed).toBe(0);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((key) => key.startsWith('state/'))).toBe(true);
    expect((await verifyLedger(store, ledger.trust)).ok).toBe(true);
  });

  it('killed at any write is finished by asking again', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let write = 0; ; write++) {
        const { store, ledger } = await recorded();
        const fault = new Fault(write, when);
        const broken = onStore(ledger, memoryStore(new FaultyMap(store.objects, fault)));
        await erase(broken, [0, 3]).catch((thrown) => expect(thrown).toBeInstanceOf(Crash));
        expect((await verifyLedger(store, ledger.trust)).failures).toEqual([]);
        await erase(ledger, [0, 3]);
        const verification = await verifyLedger(store, ledger.trust);
        expect(verification).toMatchObject({ ok: true, size: 7, checked: { erased: 2 } });
        if (fault.writes <= write) break;
      }
    }
  });
});

describe('a ledger with any of its erasable entries erased', () => {
  it('verifies, and goes on', async () => {
    const many = async () => {
      const store = memoryStore();
      const ledger = await freshLedger(store);
      // Drifts a, b, c come and go, are seen again, move on.
      const rounds = [['a', 'b'], ['b', 'c'], ['c'], ['a', 'c'], []];
      for (const [at, names] of rounds.entries()) {
        const drifts = names.map((name) => timeoutDrift(name, 900 + (at % 2)));
        await recordScan(ledger, scanOf(['a', 'b', 'c'], drifts), clock);
      }
      return { store, ledger, size: (await verifyLedger(store, ledger.trust)).size };
    };
    const { size } = await many();
    const indexes = Array.from({ length: size - 1 }, (_, index) => index);
    await fc.assert(
      fc.asyncProperty(fc.subarray(indexes, { minLength: 1 }), async (chosen) => {
        const { store, ledger } = await many();
        await erase(ledger, chosen);
        await recordScan(ledger, scanOf(['a', 'b', 'c'], [timeoutDrift('a', 5)]), clock);
        const verification = await verifyLedger(store, ledger.trust);
        expect(verification.failures).toEqual([]);
        expect(verification.checked.erased).toBe(chosen.length);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a tombstone', () => {
  it.each([
    ['names an entry that authorises nothing', (stone: object, note: string) => ({ ...stone, authorisedBy: note })],
    ['names another payload', (stone: object) => ({ ...stone, payloadSha256: 'ab'.repeat(32) })],
  ])('that %s is a forgery', async (_what, forge) => {
    const { store, ledger } = await recorded();
    const note = await annotate(ledger, { kind: 'note' }, clock);
    await erase(ledger, [0]);
    const lines = linesIn(store);
    const line = parseLine(lines[0] as string, 0);
    if (line.kind !== 'erased') throw new Error('no tombstone');
    const forged = formatTombstone(forge(line.tombstone, note.digest) as typeof line.tombstone, 0);
    await store.put([
      {
        key: PAYLOADS,
        bytes: encodeUtf8(
          lines
            .with(0, forged)
            .map((one) => `${one}\n`)
            .join(''),
        ),
      },
    ]);
    const { failures } = await verifyLedger(store, ledger.trust);
    expect(failures[0]).toMatchObject({ code: 'erasure-unauthorised', index: 0 });
  });

  it('over an entry that the erasure does not name is a forgery', async () => {
    const { store, ledger } = await recorded();
    const { entry } = await erase(ledger, [0]);
    const lines = linesIn(store);
    const line = parseLine(lines[3] as string, 3);
    if (line.kind !== 'envelope') throw new Error('no envelope');
    const stone = {
      paeSha256: toHex(line.paeSha256),
      payloadSha256: line.digest,
      erasedAt: '2026-11-03T00:00:00.000Z',
      authorisedBy: entry?.digest as string,
    };
    const forged = lines.with(3, formatTombstone(stone, 3));
    await store.put([{ key: PAYLOADS, bytes: encodeUtf8(forged.map((one) => `${one}\n`).join('')) }]);
    expect((await verifyLedger(store, ledger.trust)).failures).toMatchObject([
      { code: 'erasure-unauthorised', index: 3 },
    ]);
  });
});

describe('the signature of an erased entry', () => {
  it('is checked over the digest that the leaf holds', async () => {
    const { store, ledger } = await recorded();
    const signer = { ...ledger.signer, sign: (message: Uint8Array) => ledger.signer.sign(message.subarray(1)) };
    const { index } = await annotate({ ...ledger, signer }, { kind: 'note' }, clock);
    await erase(ledger, [index]);
    const { failures } = await verifyLedger(store, ledger.trust);
    expect(failures[0]).toMatchObject({ code: 'signature-wrong', index, message: expect.stringContaining('erased') });
  });

  it('cannot be checked for Ed25519, and that is said', async () => {
    const store = memoryStore();
    const signer = entrySigner(newEntryKey('ed25519'));
    const fresh = await freshLedger(store);
    const trust = { ...fresh.trust, entryKeys: [{ keyId: signer.keyId, publicKey: signer.publicKey }] };
    const ledger = { ...fresh, signer, trust };
    await recordScan(ledger, scanOf(['a']), clock);
    await recordScan(ledger, scanOf(['a']), clock);
    await erase(ledger, [0]);
    const verification = await verifyLedger(store, trust);
    expect(verification).toMatchObject({ ok: true, checked: { erased: 1, signatures: 2 } });
    expect(verification.skipped).toEqual([expect.stringContaining('Ed25519')]);
  });
});

describe('the chain behind an erased entry', () => {
  it('still tells a scan that conceals a drift', async () => {
    const { store, ledger } = await recorded();
    await erase(ledger, [0]);
    await recordScan(ledger, scanOf(['a', 'b'], [timeoutDrift('b')]), clock);
    const scan = (await gathered(readEntries(store))).at(-1);
    if (scan?.kind !== 'scan') throw new Error('no scan');
    await recordConcealing(ledger, scan);
    expect((await verifyLedger(store, ledger.trust)).failures).toMatchObject([{ code: 'open-list-wrong' }]);
  });
});

/** Appends a scan entry that lists no open drift. */
async function recordConcealing(ledger: Ledger, scan: Entry & { readonly kind: 'scan' }): Promise<void> {
  const { predicate } = scan.statement;
  await appendStatements(ledger, clock, async ({ entryId }) => {
    const concealing = { ...predicate, entryId: entryId(), scan: { ...predicate.scan, open: [], resolved: [] } };
    return { statements: [{ ...scan.statement, predicate: concealing }], objects: [] };
  });
}
