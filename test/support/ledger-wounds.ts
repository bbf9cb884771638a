import { append } from '../../src/ledger/append.ts';
import { decodeUtf8, encodeUtf8, sha256Hex } from '../../src/ledger/bytes.ts';
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts';
import { openHead } from '../../src/ledger/head.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { formatTombstone, parseLine } from '../../src/ledger/line.ts';
import { leafHash, rootOf } from '../../src/ledger/merkle.ts';
import { signNote } from '../../src/ledger/note.ts';
import { bundleKey, documentKey, payloadKey, tileKey } from '../../src/ledger/paths.ts';
import { payloadOf, seal, type SealedEntry } from '../../src/ledger/seal.ts';
import { entrySigner, newEntryKey } from '../../src/ledger/signers/local.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { formatBundle, formatTile, parseBundle } from '../../src/ledger/tiles.ts';
import type { DiagnosticCode } from '../../src/ledger/verify/diagnostics.ts';
import type { AnnotationPredicate, ScanPredicate, Statement } from '../../src/model/entry.ts';
import { appendAnnotation, digestAt } from './export-world.ts';
import { onStore } from './ledger-world.ts';

export type Objects = Map<string, Uint8Array>;

/** One way to harm a ledger, and what a verifier must answer. */
export interface Wound {
  readonly name: string;
  readonly says: string;
  readonly code: DiagnosticCode;
  /** Log index of the entry that must be named; null where no single entry is bad. */
  readonly index: number | null;
  /** Whether it shows only against a checkpoint that the verifier kept elsewhere. */
  readonly kept?: boolean;
  inflict(objects: Objects, ledger: Ledger): void | Promise<void>;
}

const PAYLOADS = payloadKey(0);

function sizeOf(objects: Objects): number {
  return Number(decodeUtf8(objects.get('checkpoint') as Uint8Array).split('\n')[1]);
}

function bundleOf(objects: Objects): string {
  return bundleKey(0, sizeOf(objects));
}

function tileOf(objects: Objects): string {
  return tileKey(0, 0, sizeOf(objects));
}

function flip(objects: Objects, key: string, at: number): void {
  const bytes = Uint8Array.from(objects.get(key) as Uint8Array);
  bytes[at] = (bytes[at] as number) ^ 1;
  objects.set(key, bytes);
}

function linesOf(objects: ReadonlyMap<string, Uint8Array>): string[] {
  return decodeUtf8(objects.get(PAYLOADS) as Uint8Array)
    .split('\n')
    .slice(0, -1);
}

function setLines(objects: Objects, lines: readonly string[]): void {
  objects.set(PAYLOADS, encodeUtf8(lines.map((line) => `${line}\n`).join('')));
}

function leavesOf(objects: Objects): Uint8Array[] {
  return parseBundle(objects.get(bundleOf(objects)) as Uint8Array, sizeOf(objects));
}

function swap<T>(items: readonly T[], a: number, b: number): T[] {
  return items.with(a, items[b] as T).with(b, items[a] as T);
}

function editLine(objects: Objects, index: number, edit: (line: string) => string): void {
  const lines = linesOf(objects);
  const before = lines[index] as string;
  const after = edit(before);
  if (after === before) throw new Error(`line ${index} is as it was`);
  setLines(objects, lines.with(index, after));
}

function statementAt<P>(objects: Objects, index: number): Statement<P> {
  const line = parseLine(linesOf(objects)[index] as string, index);
  if (line.kind === 'erased') throw new Error('erased');
  return JSON.parse(decodeUtf8(line.envelope.payload)) as Statement<P>;
}

/** What a recorder with the right keys appends that does not keep to the rules. */
async function appendSealed(
  objects: Objects,
  ledger: Ledger,
  forge: (signer: Ledger['signer']) => Promise<readonly SealedEntry[]>,
): Promise<void> {
  const rogue = onStore(ledger, memoryStore(objects));
  const head = await openHead(rogue.store, rogue.trust.checkpointKeys);
  await append(rogue.store, rogue.notary, head, await forge(rogue.signer));
}

async function annotate(
  objects: Objects,
  ledger: Ledger,
  annotation: AnnotationPredicate['annotation'],
  more: Partial<AnnotationPredicate> = {},
): Promise<void> {
  await appendAnnotation(onStore(ledger, memoryStore(objects)), annotation, more);
}

const WAIVER = {
  workspace: null,
  address: 'aws_lambda_function.web',
  path: null,
  from: '2026-11-02T10:00:00.000Z',
  until: '2026-12-02T10:00:00.000Z',
};

/** The ways to harm a ledger, for the ledger of makeLedger: entry 3 is a drift, 4 a scan, its last index is `last`. */
export function wounds(last: number): readonly Wound[] {
  const next = last + 1;
  return [
    {
      name: 'payload-byte',
      says: 'one byte of a payload is another',
      code: 'payload-wrong',
      index: 3,
      inflict: (objects) =>
        editLine(objects, 3, (line) =>
          line.replace(/("payload":"[^"]{40})(.)/, (_all, head, one) => head + (one === 'A' ? 'B' : 'A')),
        ),
    },
    {
      name: 'signature-byte',
      says: 'one byte of a signature is another',
      code: 'signature-wrong',
      index: 3,
      inflict: (objects) =>
        editLine(objects, 3, (line) =>
          line.replace(/("sig":"[^"]{40})(.)/, (_all, head, one) => head + (one === 'A' ? 'B' : 'A')),
        ),
    },
    {
      name: 'tile-byte',
      says: 'one byte of a hash tile is another',
      code: 'tile-wrong',
      index: 3,
      inflict: (objects) => flip(objects, tileOf(objects), 3 * 32 + 5),
    },
    {
      name: 'bundle-byte',
      says: 'one byte of a log leaf is another',
      code: 'leaf-wrong',
      index: 3,
      inflict: (objects) => {
        const leaves = leavesOf(objects);
        const text = decodeUtf8(leaves[3] as Uint8Array);
        const altered = text.replace(/("content":"[^"]{40})(.)/, (_all, head, one) => head + (one === 'A' ? 'B' : 'A'));
        objects.set(bundleOf(objects), formatBundle(leaves.with(3, encodeUtf8(altered))));
      },
    },
    {
      name: 'bundle-length',
      says: 'an entry bundle is cut off',
      code: 'bundle-wrong',
      index: null,
      inflict: (objects) =>
        void objects.set(bundleOf(objects), (objects.get(bundleOf(objects)) as Uint8Array).slice(0, -1)),
    },
    {
      name: 'leaf-malformed',
      says: 'a leaf says the same with another order of keys',
      code: 'leaf-malformed',
      index: 3,
      inflict: (objects) => {
        const leaves = leavesOf(objects);
        const { kind, apiVersion, spec } = JSON.parse(decodeUtf8(leaves[3] as Uint8Array)) as {
          [key: string]: unknown;
        };
        objects.set(
          bundleOf(objects),
          formatBundle(leaves.with(3, encodeUtf8(JSON.stringify({ kind, apiVersion, spec })))),
        );
      },
    },
    {
      name: 'checkpoint-byte',
      says: 'one byte of the head is another',
      code: 'head-wrong',
      index: null,
      inflict: (objects) => {
        const bytes = objects.get('checkpoint') as Uint8Array;
        flip(objects, 'checkpoint', bytes.byteLength - 20);
      },
    },
    {
      name: 'checkpoint-gone',
      says: 'the head is gone',
      code: 'head-missing',
      index: null,
      inflict: (objects) => void objects.delete('checkpoint'),
    },
    {
      name: 'kept-checkpoint-byte',
      says: 'one byte of a kept checkpoint is another',
      code: 'checkpoint-wrong',
      index: null,
      inflict: (objects) => flip(objects, 'checkpoints/3', 4),
    },
    {
      name: 'swapped-payloads',
      says: 'two payloads stand in each other’s place',
      code: 'payload-wrong',
      index: 3,
      inflict: (objects) => setLines(objects, swap(linesOf(objects), 3, 4)),
    },
    {
      name: 'swapped-entries',
      says: 'two entries stand in each other’s place, with their leaves',
      code: 'leaf-wrong',
      index: 3,
      inflict: (objects) => {
        setLines(objects, swap(linesOf(objects), 3, 4));
        objects.set(bundleOf(objects), formatBundle(swap(leavesOf(objects), 3, 4)));
      },
    },
    {
      name: 'swapped-everywhere',
      says: 'two entries stand in each other’s place, with leaves and hash tile',
      code: 'root-wrong',
      index: 3,
      inflict: (objects) => {
        const leaves = swap(leavesOf(objects), 3, 4);
        setLines(objects, swap(linesOf(objects), 3, 4));
        objects.set(bundleOf(objects), formatBundle(leaves));
        objects.set(tileOf(objects), formatTile(leaves.map(leafHash)));
      },
    },
    {
      name: 'payload-removed',
      says: 'the last payload is gone, its leaf is not',
      code: 'payload-missing',
      index: last,
      inflict: (objects) => setLines(objects, linesOf(objects).slice(0, -1)),
    },
    {
      name: 'bundle-removed',
      says: 'the entry bundle is gone',
      code: 'bundle-missing',
      index: 0,
      inflict: (objects) => void objects.delete(bundleOf(objects)),
    },
    {
      name: 'tile-removed',
      says: 'the hash tile is gone',
      code: 'tile-missing',
      index: null,
      inflict: (objects) => void objects.delete(tileOf(objects)),
    },
    {
      name: 'cut-off',
      says: 'the last entry is gone without a trace: an earlier head stands as the newest',
      code: 'rolled-back',
      index: last,
      kept: true,
      inflict: (objects) => {
        const size = sizeOf(objects);
        for (const key of [bundleOf(objects), tileOf(objects), `checkpoints/${size}`]) objects.delete(key);
        objects.set('checkpoint', objects.get(`checkpoints/${last}`) as Uint8Array);
        setLines(objects, linesOf(objects).slice(0, last));
      },
    },
    {
      name: 'head-put-back',
      says: 'an earlier head stands as the newest, and a kept checkpoint in the ledger tells',
      code: 'rolled-back',
      index: last,
      inflict: (objects) => void objects.set('checkpoint', objects.get(`checkpoints/${last}`) as Uint8Array),
    },
    {
      name: 'forked',
      says: 'the log signed another history of its first three entries',
      code: 'forked',
      index: null,
      inflict: async (objects, { origin, notary }) => {
        const root = rootOf(['a', 'b', 'c'].map((text) => leafHash(encodeUtf8(text))));
        objects.set('checkpoints/3', await signNote(formatCheckpoint({ origin, size: 3, root }), notary));
      },
    },
    {
      name: 'replayed',
      says: 'an entry stands in the log a second time',
      code: 'entry-repeated',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => [await seal(payloadOf(statementAt(objects, 3)), signer)]),
    },
    {
      name: 'foreign',
      says: 'an entry was written for another ledger',
      code: 'origin-wrong',
      index: next,
      inflict: (objects, ledger) =>
        annotate(
          objects,
          ledger,
          { kind: 'note', about: [], text: 'x', by: 'me' },
          { ledger: { origin: 'ledger.example/other' } },
        ),
    },
    {
      name: 'unknown-key',
      says: 'an entry is signed by a key that nobody trusts',
      code: 'key-not-allowed',
      index: next,
      inflict: (objects, ledger) => {
        const signer = entrySigner(newEntryKey());
        return annotate(objects, { ...ledger, signer }, { kind: 'note', about: [], text: 'x', by: 'me' });
      },
    },
    {
      name: 'key-id',
      says: 'an envelope names another key than the leaf',
      code: 'key-id-wrong',
      index: 3,
      inflict: (objects) =>
        editLine(objects, 3, (line) => line.replace(/"sha256:[0-9a-f]{64}"/, `"sha256:${'ab'.repeat(32)}"`)),
    },
    {
      name: 'bad-signature',
      says: 'an entry whose signature is over something else, leaf and envelope alike',
      code: 'signature-wrong',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => {
          const statement = { ...statementAt<ScanPredicate>(objects, 4) };
          const predicate = { ...statement.predicate, entryId: 'urn:uuid:01920000-0000-7000-9000-0000000000aa' };
          return [
            await seal(payloadOf({ ...statement, predicate }), {
              ...signer,
              sign: (message) => signer.sign(message.subarray(1)),
            }),
          ];
        }),
    },
    {
      name: 'duplicate-keys',
      says: 'a signed statement names a key twice',
      code: 'statement-malformed',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => {
          const text = decodeUtf8(payloadOf(statementAt(objects, 3)));
          return [await seal(encodeUtf8(text.replace('{', '{"_type":"x",')), signer)];
        }),
    },
    {
      name: 'duplicate-keys-in-envelope',
      says: 'an envelope names a key twice',
      code: 'payload-malformed',
      index: 3,
      inflict: (objects) => editLine(objects, 3, (line) => line.replace('{"payload"', '{"payload":"","payload"')),
    },
    {
      name: 'self-approved',
      says: 'a waiver is approved by who asked for it',
      code: 'self-approved',
      index: next,
      inflict: (objects, ledger) =>
        annotate(objects, ledger, {
          kind: 'waiver',
          about: [],
          text: 'load test',
          by: 'alice@example.com',
          waiver: { ...WAIVER, requestedBy: 'alice@example.com', approvedBy: ' Alice@Example.com' },
        }),
    },
    {
      name: 'dangling',
      says: 'a note speaks of an entry that is not in the log',
      code: 'annotation-dangling',
      index: next,
      inflict: (objects, ledger) =>
        annotate(objects, ledger, { kind: 'note', about: ['ab'.repeat(32)], text: 'x', by: 'me' }),
    },
    {
      name: 'tombstone-unauthorised',
      says: 'a payload is gone that no entry says was to be erased',
      code: 'erasure-unauthorised',
      index: 3,
      inflict: (objects) => {
        const line = parseLine(linesOf(objects)[3] as string, 3);
        if (line.kind === 'erased') throw new Error('erased already');
        const stone = {
          paeSha256: Buffer.from(line.paeSha256).toString('hex'),
          payloadSha256: line.digest,
          erasedAt: '2026-11-03T00:00:00.000Z',
          authorisedBy: 'ab'.repeat(32),
        };
        setLines(objects, linesOf(objects).with(3, formatTombstone(stone, 3)));
      },
    },
    {
      name: 'tombstone-forged',
      says: 'a tombstone of another payload stands in the place of one',
      code: 'payload-wrong',
      index: 3,
      inflict: (objects) => {
        const stone = { paeSha256: 'ab'.repeat(32), payloadSha256: 'ab'.repeat(32), erasedAt: 'x', authorisedBy: 'x' };
        setLines(objects, linesOf(objects).with(3, formatTombstone(stone, 3)));
      },
    },
    {
      name: 'document-byte',
      says: 'one byte of a state document is another',
      code: 'document-wrong',
      index: 3,
      inflict: (objects) => flip(objects, documentKey(stateOf(objects, 3)), 9),
    },
    {
      name: 'document-removed',
      says: 'a state document is gone',
      code: 'document-missing',
      index: 3,
      inflict: (objects) => void objects.delete(documentKey(stateOf(objects, 3))),
    },
    {
      name: 'drift-concealed',
      says: 'a scan lists no open drift where one is open',
      code: 'open-list-wrong',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => {
          const { predicate, ...statement } = statementAt<ScanPredicate>(objects, 4);
          const scan = { ...predicate.scan, open: [], resolved: [] };
          const entryId = 'urn:uuid:01920000-0000-7000-9000-0000000000ab';
          return [await seal(payloadOf({ ...statement, predicate: { ...predicate, entryId, scan } }), signer)];
        }),
    },
    {
      name: 'chain-broken',
      says: 'a resolved entry resolves a drift that is not open',
      code: 'chain-broken',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => {
          const statement = statementAt<{ entryId: string }>(objects, 5);
          const entryId = 'urn:uuid:01920000-0000-7000-9000-0000000000ac';
          return [await seal(payloadOf({ ...statement, predicate: { ...statement.predicate, entryId } }), signer)];
        }),
    },
    {
      name: 'drift-key',
      says: 'a drift entry carries the drift key of another resource',
      code: 'subject-wrong',
      index: next,
      inflict: (objects, ledger) =>
        appendSealed(objects, ledger, async (signer) => {
          const statement = statementAt<{ entryId: string; change: object; supersedes: unknown }>(objects, 3);
          const predicate = {
            ...statement.predicate,
            entryId: 'urn:uuid:01920000-0000-7000-9000-0000000000ad',
            change: { ...statement.predicate.change, driftKey: sha256Hex(encodeUtf8('another')) },
            supersedes: null,
          };
          return [await seal(payloadOf({ ...statement, predicate }), signer)];
        }),
    },
    {
      name: 'key-file',
      says: 'a public key file in the ledger holds another key than its name says',
      code: 'key-file-wrong',
      index: null,
      inflict: (objects) => {
        const key = [...objects.keys()].find((one) => one.startsWith('keys/checkpoint/')) as string;
        flip(objects, key, 2);
      },
    },
  ];
}

/** The state after an entry, by digest. */
function stateOf(objects: Objects, index: number): string {
  return statementAt<unknown>(objects, index).subject[0]?.digest.sha256 as string;
}

/**
 * The ledger that is wounded: 0 and 1 two drifts, 2 their scan; 3 the first moved on, 4 scan; 5 it was reverted, 6 scan;
 * 7 approval of entry 0; 8 waiver; 9 the erasure of entry 1, whose payload and documents are
 * gone; 10 a note on entry 3.
 */
export async function finish(ledger: Ledger, objects: Objects): Promise<void> {
  await appendAnnotation(ledger, {
    kind: 'waiver',
    about: [],
    text: 'load test until December',
    by: 'alice@example.com',
    waiver: { ...WAIVER, requestedBy: 'alice@example.com', approvedBy: 'bob@example.com' },
  });
  const erased = digestAt(objects, 1);
  const documents = [statementAt<{ change: { before: { digest: { sha256: string } } } }>(objects, 1)].flatMap((one) => [
    one.subject[0]?.digest.sha256 as string,
    one.predicate.change.before.digest.sha256,
  ]);
  await appendAnnotation(ledger, {
    kind: 'erasure',
    about: [erased],
    text: 'a name stood in a tag',
    by: 'alice@example.com',
    erasure: { indexes: [1], requestedBy: 'alice@example.com', approvedBy: 'bob@example.com' },
  });
  const line = parseLine(linesOf(objects)[1] as string, 1);
  if (line.kind === 'erased') throw new Error('erased already');
  const stone = {
    paeSha256: Buffer.from(line.paeSha256).toString('hex'),
    payloadSha256: line.digest,
    erasedAt: '2026-11-03T00:00:00.000Z',
    authorisedBy: digestAt(objects, 9),
  };
  setLines(objects, linesOf(objects).with(1, formatTombstone(stone, 1)));
  for (const sha256 of documents) objects.delete(documentKey(sha256));
  await appendAnnotation(ledger, {
    kind: 'note',
    about: [digestAt(objects, 3)],
    text: 'seen',
    by: 'carol@example.com',
  });
}
