import { beforeAll, describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8, sameBytes, sha256Hex, toHex } from '../../src/ledger/bytes.ts';
import { formatCheckpoint, openCheckpoint } from '../../src/ledger/checkpoint.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { append } from '../../src/ledger/append.ts';
import { openHead } from '../../src/ledger/head.ts';
import { formatTombstone, parseLine } from '../../src/ledger/line.ts';
import { leafHash, rootOf } from '../../src/ledger/merkle.ts';
import { signNote } from '../../src/ledger/note.ts';
import { readEntries } from '../../src/ledger/read.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { payloadOf, seal } from '../../src/ledger/seal.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { formatBundle, formatTile, parseBundle } from '../../src/ledger/tiles.ts';
import { Failures } from '../../src/ledger/verify/diagnostics.ts';
import { EntryChecker } from '../../src/ledger/verify/entry.ts';
import { KeyRing } from '../../src/ledger/verify/key-ring.ts';
import { type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { change, freshLedger, gathered, onStore, scanOf, ticking, timeoutDrift } from '../support/ledger-world.ts';

const WEB = 'aws_lambda_function.web';
const BUNDLE = 'tile/entries/000.p/5';
const TILE = 'tile/0/000.p/5';
const PAYLOADS = 'dsse/000.intoto.jsonl';

let ledger: Ledger;
let objects: ReadonlyMap<string, Uint8Array>;

/** Entries 0 drift, 1 scan (checkpoint 2), 2 resolved, 3 scan (checkpoint 4), 4 scan (checkpoint 5). */
beforeAll(async () => {
  const store = memoryStore();
  ledger = await freshLedger(store);
  const drifting = { address: WEB, changes: [change('policy', 'long '.repeat(210), 'x')], live: { policy: 'x' } };
  const clock = ticking();
  await recordScan(ledger, scanOf([WEB], [drifting]), clock);
  await recordScan(ledger, scanOf([WEB]), clock);
  await recordScan(ledger, scanOf([WEB]), clock);
  objects = store.objects;
});

/** The ledger with something done to a copy of its objects. */
async function wounded(wound: (copy: Map<string, Uint8Array>) => void | Promise<void>): Promise<Verification> {
  const copy = new Map(objects);
  await wound(copy);
  return verifyLedger(memoryStore(copy), ledger.trust);
}

function codesOf(verification: Verification): string[] {
  return [...new Set(verification.failures.map((failure) => failure.code))];
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const altered = Uint8Array.from(bytes);
  altered[at] = (altered[at] as number) ^ (1 << (at % 8));
  return altered;
}

/** Lines as bytes see them; what is not UTF-8 reads as something else, never as what it was. */
function linesIn(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString('latin1').split('\n');
}

function linesOf(copy: ReadonlyMap<string, Uint8Array>): string[] {
  return decodeUtf8(copy.get(PAYLOADS) as Uint8Array)
    .split('\n')
    .slice(0, -1);
}

function withLines(copy: Map<string, Uint8Array>, lines: readonly string[]): void {
  copy.set(PAYLOADS, encodeUtf8(lines.map((line) => `${line}\n`).join('')));
}

function swapped<T>(items: readonly T[], a: number, b: number): T[] {
  return items.map((_, at) => items[at === a ? b : at === b ? a : at] as T) as T[];
}

describe('verifying a ledger', () => {
  it('accepts a whole one and says what it checked', async () => {
    const verification = await wounded(() => undefined);
    expect(verification).toMatchObject({
      ok: true,
      size: 5,
      origin: ledger.origin,
      checked: { entries: 5, erased: 0, signatures: 5, checkpoints: 4 },
      failures: [],
      firstBad: undefined,
      skipped: [],
      unaccounted: [],
    });
    expect(verification.checked.documents).toBe(3);
  });

  it('accepts an empty one', async () => {
    const empty = await freshLedger();
    expect(await verifyLedger(empty.store, empty.trust)).toMatchObject({ ok: true, size: 0, failures: [] });
  });

  it('notices every single flipped byte of every object', async () => {
    const unnoticed: string[] = [];
    for (const [key, bytes] of objects) {
      // Payloads, leaves and documents are the bulk: all of their bytes are flipped below, against what binds them.
      const stride = /^(dsse|state|tile\/entries)\//.test(key) ? 67 : 1;
      for (let at = 0; at < bytes.byteLength; at += stride) {
        const copy = new Map(objects).set(key, flipped(bytes, at));
        // Checking signatures too could only notice more.
        const verification = await verifyLedger(memoryStore(copy), ledger.trust, { signatures: 'none' });
        if (verification.ok) unnoticed.push(`${key} at ${at}`);
      }
    }
    expect(unnoticed).toEqual([]);
  });

  it('notices every flipped byte of a payload file at the entry where it is', async () => {
    const leaves = parseBundle(objects.get(BUNDLE) as Uint8Array, 5);
    const bytes = objects.get(PAYLOADS) as Uint8Array;
    const wrong: string[] = [];
    for (let at = 0; at < bytes.byteLength; at++) {
      const failures = new Failures();
      const checker = new EntryChecker(new KeyRing(ledger.trust), ledger.origin, failures, () => false);
      const index = lineAt(at);
      const line = linesIn(flipped(bytes, at))[index];
      if (checker.check({ index, leaf: leaves[index], line }) !== undefined) wrong.push(`byte ${at} of entry ${index}`);
    }
    expect(wrong).toEqual([]);
  });

  it('notices every flipped byte of an entry bundle by the root, and of a document by its name', () => {
    const head = openCheckpoint(objects.get('checkpoint') as Uint8Array, ledger.trust.checkpointKeys);
    const bundle = objects.get(BUNDLE) as Uint8Array;
    expect(sameBytes(rootOf(parseBundle(bundle, 5).map(leafHash)), head.root)).toBe(true);
    for (let at = 0; at < bundle.byteLength; at++) {
      let leaves: Uint8Array[] = [];
      try {
        leaves = parseBundle(flipped(bundle, at), 5);
      } catch {
        continue;
      }
      expect(sameBytes(rootOf(leaves.map(leafHash)), head.root)).toBe(false);
    }
    for (const [key, bytes] of objects) {
      if (!key.startsWith('state/')) continue;
      for (let at = 0; at < bytes.byteLength; at++) expect(key).not.toContain(sha256Hex(flipped(bytes, at)));
    }
  });

  it('notices every object that is taken away, but for copies of public keys and of older heads', async () => {
    for (const key of objects.keys()) {
      const verification = await wounded((copy) => {
        copy.delete(key);
      });
      const spare = /^(keys|checkpoints)\/|\.p\/[1-4]$/.test(key);
      expect({ key, ok: verification.ok }).toEqual({ key, ok: spare });
    }
  });

  it.each([
    ['payload', PAYLOADS, 3000, 'payload-wrong'],
    ['hash tile', TILE, 3 * 32 + 5, 'tile-wrong'],
    ['older hash tile', 'tile/0/000.p/2', 40, 'tile-wrong'],
  ])('names the entry of a flipped byte in a %s', async (_what, key, at, code) => {
    const verification = await wounded((copy) => {
      const altered = Uint8Array.from(copy.get(key) as Uint8Array);
      altered[at] = (altered[at] as number) ^ 0x02;
      copy.set(key, altered);
    });
    const expected = code === 'tile-wrong' ? Math.floor(at / 32) : lineAt(at);
    expect(verification.firstBad).toBe(expected);
    expect([code, 'payload-malformed']).toContain(codesOf(verification)[0]);
  });

  it('names both of two entries whose payloads were swapped', async () => {
    const verification = await wounded((copy) => withLines(copy, swapped(linesOf(copy), 1, 3)));
    expect(verification.failures.map(({ code, index }) => [code, index])).toEqual([
      ['payload-wrong', 1],
      ['payload-wrong', 3],
    ]);
  });

  it('names both of two entries that were swapped in payloads and leaves', async () => {
    const verification = await wounded((copy) => {
      withLines(copy, swapped(linesOf(copy), 1, 3));
      copy.set(BUNDLE, formatBundle(swapped(parseBundle(copy.get(BUNDLE) as Uint8Array, 5), 1, 3)));
    });
    const wrong = verification.failures.filter(({ code }) => code === 'leaf-wrong').map(({ index }) => index);
    expect(wrong).toEqual([1, 3]);
    expect(verification.firstBad).toBe(1);
  });

  it('says how far a log is whole whose payloads, leaves and tiles were all rewritten', async () => {
    const verification = await wounded((copy) => {
      withLines(copy, swapped(linesOf(copy), 3, 4));
      const leaves = swapped(parseBundle(copy.get(BUNDLE) as Uint8Array, 5), 3, 4);
      copy.set(BUNDLE, formatBundle(leaves));
      copy.set(TILE, formatTile(leaves.map(leafHash)));
    });
    expect(verification.failures).toContainEqual(expect.objectContaining({ code: 'root-wrong', index: 2 }));
  });

  it('names an entry that was replaced by one signed with another key', async () => {
    const stranger = entrySigner(newEntryKey());
    const verification = await wounded(async (copy) => {
      const line = parseLine(linesOf(copy)[4] as string, 4);
      if (line.kind !== 'envelope') throw new Error('no envelope');
      const forged = await seal(line.envelope.payload, stranger);
      withLines(copy, [...linesOf(copy).slice(0, 4), forged.line]);
      const leaves = parseBundle(copy.get(BUNDLE) as Uint8Array, 5).with(4, forged.leaf);
      copy.set(BUNDLE, formatBundle(leaves));
    });
    expect(verification.failures.slice(0, 2).map(({ code, index }) => [code, index])).toEqual([
      ['key-not-allowed', 4],
      ['leaf-wrong', 4],
    ]);
  });

  it('finds a signature that does not hold, which the tree alone cannot', async () => {
    const { store, evil } = await ledgerWith(async (payload, signer) => {
      const sealed = await seal(payload, { ...signer, sign: (message) => signer.sign(message.subarray(1)) });
      return [sealed];
    });
    expect(codesOf(await verifyLedger(store, evil.trust))).toEqual(['signature-wrong']);
    expect((await verifyLedger(store, evil.trust, { signatures: 'none' })).ok).toBe(true);
  });

  it('finds an entry that was appended twice', async () => {
    const { store, evil } = await ledgerWith(async (payload, signer) => {
      const sealed = await seal(payload, signer);
      return [sealed, sealed];
    });
    expect((await verifyLedger(store, evil.trust)).failures).toMatchObject([{ code: 'entry-repeated', index: 1 }]);
  });

  it('finds an entry that was written for another ledger', async () => {
    const { store, evil } = await ledgerWith(async (payload, signer) => {
      const text = decodeUtf8(payload).replace(ledger.origin, 'ledger.example/other');
      return [await seal(encodeUtf8(text), signer)];
    });
    expect((await verifyLedger(store, evil.trust)).failures).toMatchObject([{ code: 'origin-wrong', index: 0 }]);
  });

  it('finds a statement that names a key twice', async () => {
    const { store, evil } = await ledgerWith(async (payload, signer) => {
      const text = decodeUtf8(payload).replace('{', '{"_type":"x",');
      return [await seal(encodeUtf8(text), signer)];
    });
    const verification = await verifyLedger(store, evil.trust);
    expect(verification.failures).toMatchObject([{ code: 'statement-malformed', index: 0 }]);
    expect(verification.failures[0]?.message).toMatch(/twice/);
  });

  it('finds a scan that conceals an open drift', async () => {
    const { store, evil } = await ledgerWith(
      async (payload, signer) => [await seal(payload, signer)],
      [timeoutDrift(WEB)],
    );
    // The evil recorder appends a second clean scan entry that carries nothing over.
    const [, scan] = await gathered(readEntries(store));
    if (scan?.kind !== 'scan') throw new Error('no scan entry');
    const { predicate } = scan.statement;
    const concealing = {
      ...scan.statement,
      predicate: { ...predicate, entryId: 'urn:uuid:other', scan: { ...predicate.scan, open: [], resolved: [] } },
    };
    const head = await openHead(store, evil.trust.checkpointKeys);
    await append(store, evil.notary, head, [await seal(payloadOf(concealing), evil.signer)]);
    expect((await verifyLedger(store, evil.trust)).failures).toMatchObject([{ code: 'open-list-wrong', index: 2 }]);
  });

  it('finds documents that are missing or altered, by entry', async () => {
    const document = [...objects.keys()].find((key) => key.startsWith('state/')) as string;
    const missing = await wounded((copy) => void copy.delete(document));
    expect(missing.failures[0]).toMatchObject({ code: 'document-missing', index: 0 });
    const altered = await wounded((copy) => void copy.set(document, Buffer.from('{}')));
    expect(altered.failures[0]).toMatchObject({ code: 'document-wrong', index: 0 });
  });

  it('reports files that are no part of the log and does not fail over leftovers of a crash', async () => {
    const verification = await wounded((copy) => {
      copy.set('notes.txt', Buffer.from('x'));
      copy.set('tile/0/000.p/9', Buffer.from('x'));
      copy.set(PAYLOADS, Buffer.concat([copy.get(PAYLOADS) as Uint8Array, Buffer.from('half a li')]));
    });
    expect(verification).toMatchObject({ ok: true, unaccounted: ['notes.txt', 'tile/0/000.p/9'] });
  });

  it('finds a payload that a tombstone replaced without an entry that says so', async () => {
    const verification = await wounded((copy) => {
      const lines = linesOf(copy);
      const line = parseLine(lines[0] as string, 0);
      if (line.kind !== 'envelope') throw new Error('no envelope');
      const stone = {
        paeSha256: toHex(line.paeSha256),
        payloadSha256: line.digest,
        erasedAt: '2026-11-03T00:00:00.000Z',
        authorisedBy: 'ab'.repeat(32),
      };
      withLines(copy, lines.with(0, formatTombstone(stone, 0)));
    });
    expect(verification.checked).toMatchObject({ entries: 5, erased: 1, signatures: 5 });
    expect(verification.failures).toMatchObject([{ code: 'erasure-unauthorised', index: 0 }]);
  });

  it('refuses a tombstone that stands at another index or names another payload', async () => {
    const stone = { paeSha256: 'ab'.repeat(32), payloadSha256: 'ab'.repeat(32), erasedAt: 'x', authorisedBy: 'x' };
    for (const [index, code] of [
      [0, 'payload-wrong'],
      [1, 'payload-malformed'],
    ] as const) {
      const verification = await wounded((copy) => {
        withLines(copy, linesOf(copy).with(0, formatTombstone(stone, index)));
      });
      expect(verification.failures[0]).toMatchObject({ code, index: 0 });
    }
  });

  it('turns any garbage into failures, never into an exception', async () => {
    const garbage = [Buffer.of(), Buffer.from('{}'), Buffer.alloc(5000, 0xff), Buffer.from('\n\n\n\n\n\n\n')];
    for (const key of objects.keys()) {
      for (const bytes of garbage) {
        const verification = await wounded((copy) => void copy.set(key, bytes));
        expect(verification.ok).toBe(false);
      }
    }
  });
});

describe('the head', () => {
  it('cut back to an earlier signed one is noticed by a checkpoint kept in the ledger', async () => {
    const verification = await wounded((copy) => void copy.set('checkpoint', copy.get('checkpoints/4') as Uint8Array));
    expect(verification.failures).toMatchObject([{ code: 'rolled-back', index: 4 }]);
  });

  it('cut back with all traces is noticed by a checkpoint kept elsewhere', async () => {
    const kept = [objects.get('checkpoint') as Uint8Array];
    const copy = new Map(objects);
    copy.set('checkpoint', copy.get('checkpoints/4') as Uint8Array);
    copy.delete('checkpoints/5');
    copy.set('tile/0/000.p/4', copy.get('tile/0/000.p/4') as Uint8Array);
    const blind = await verifyLedger(memoryStore(copy), ledger.trust);
    expect(blind.ok).toBe(true);
    const keen = await verifyLedger(memoryStore(copy), { ...ledger.trust, kept });
    expect(keen.failures).toMatchObject([{ code: 'rolled-back', index: 4 }]);
    expect(keen.failures[0]?.message).toMatch(/last one is gone/);
  });

  it('that signs another history than a kept checkpoint is a fork', async () => {
    const other = {
      origin: ledger.origin,
      size: 2,
      root: rootOf([leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))]),
    };
    const kept = [await signNote(formatCheckpoint(other), ledger.notary)];
    const verification = await verifyLedger(memoryStore(new Map(objects)), { ...ledger.trust, kept });
    expect(verification.failures).toMatchObject([{ code: 'forked', index: undefined }]);
  });

  it('that is missing or wrong is told, and the entries are held against the newest kept one', async () => {
    const missing = await wounded((copy) => void copy.delete('checkpoint'));
    expect(missing).toMatchObject({ size: 5, failures: [{ code: 'head-missing' }], checked: { entries: 5 } });
    const wrong = await wounded((copy) => void copy.set('checkpoint', Buffer.from('x')));
    expect(wrong).toMatchObject({ size: 5, failures: [{ code: 'head-wrong' }] });
  });

  it('signed by a key that the verifier does not know is worth nothing', async () => {
    const verification = await verifyLedger(memoryStore(new Map(objects)), { checkpointKeys: [], entryKeys: [] });
    expect(verification.ok).toBe(false);
    expect(verification.skipped).toEqual(['all entries: no checkpoint holds']);
  });
});

function lineAt(at: number): number {
  return (
    Buffer.from(objects.get(PAYLOADS) as Uint8Array)
      .subarray(0, at)
      .toString('latin1')
      .split('\n').length - 1
  );
}

/** A ledger of a recorder that holds the right keys and does not keep to the rules. */
async function ledgerWith(
  forge: (payload: Uint8Array, signer: Ledger['signer']) => Promise<Awaited<ReturnType<typeof seal>>[]>,
  drifts: Parameters<typeof scanOf>[1] = [],
) {
  const honest = await freshLedger();
  await recordScan(honest, scanOf([WEB], drifts), ticking());
  const store = memoryStore();
  const evil = onStore(await freshLedger(store), store);
  if (drifts.length > 0) {
    await recordScan(evil, scanOf([WEB], drifts), ticking());
    return { store, evil };
  }
  const line = parseLine(decodeUtf8((await honest.store.get(PAYLOADS)) as Uint8Array).split('\n')[0] as string, 0);
  if (line.kind !== 'envelope') throw new Error('no envelope');
  const head = await openHead(store, evil.trust.checkpointKeys);
  await append(store, evil.notary, head, await forge(line.envelope.payload, evil.signer));
  return { store, evil };
}
