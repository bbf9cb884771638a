import type { Entry } from '../model/entry.ts';
import { toHex } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { leafHash } from './merkle.ts';
import { HEAD_KEY, payloadKey, TILE_WIDTH } from './paths.ts';
import type { LedgerReader } from './port.ts';
import { SignatureThread } from './signature-thread.ts';
import type { Trust } from './trust.ts';
import { AnnotationChecker } from './verify/annotations.ts';
import { storedBundles, storedEntries } from './verify/batches.ts';
import { type Failure, type FailureCounts, Failures } from './verify/diagnostics.ts';
import { DocumentChecker } from './verify/documents.ts';
import { EntryChecker } from './verify/entry.ts';
import { type ExpectedTile, expectedTiles } from './verify/expected.ts';
import { checkSigners, checkWitnesses, readHeads, type Witnessed } from './verify/head.ts';
import { HashList } from './verify/hash-list.ts';
import { checkKeyFiles, checkRetirements } from './verify/key-files.ts';
import { KeyRing } from './verify/key-ring.ts';
import { signatureSample } from './verify/sample.ts';
import { followCheckpointKeys } from './verify/succession.ts';
import { checkKept, checkRoot, checkTiles } from './verify/tree.ts';
import { type CheckedLog, checkEntries } from './verify/walk.ts';

export interface VerifyOptions {
  /**
   * Whose signatures are checked (about 0.1 ms each): every entry's (the default), those of a stated sample, or none but
   * those of annotations. The tree, which binds them all, always is.
   */
  readonly signatures?: 'all' | 'sample' | 'none';
  /** Check heads, tree and kept checkpoints alone: that the leaves are those that were signed, not what stands behind them. */
  readonly treeOnly?: boolean;
  /**
   * `attached`: of documents, only those whose lists and values belong into an entry, when they are put there. States and
   * evidence, which only digests name, stay unread; `checked.documents` is 0 then.
   */
  readonly documents?: 'all' | 'attached';
  /**
   * Given each entry that is sound, in log order and as `readEntries` gives it, until one is not: who reads a ledger after
   * verifying it reads it once. Where `checked.entries` is the size of the log, none was left out but the erased ones.
   */
  readonly onEntry?: (entry: Entry) => void;
}

/** Signatures from which on a thread of their own is worth its start. */
const MANY = 2000;

/** What lies under the signed root and stays unread when only the tree is checked. */
const BELOW_TREE =
  'what the entries say: payloads, signatures of entries, documents, the chain of drifts, approvals, and whether the log retired a key';

/** What entries name by digest and nothing that is read from them rests on. */
const ONLY_NAMED = 'documents of states and evidence, on which nothing that was read rests';

/** What was checked and what is wrong. `ok` only where nothing is. */
export interface Verification {
  readonly ok: boolean;
  /** `tree`: of each entry only the leaf was looked at; then none of `checked.entries`, `signatures` and `documents` counts. */
  readonly scope: 'all' | 'tree';
  readonly origin: string | undefined;
  /** Entries under the head that was checked. */
  readonly size: number;
  /** Root of that head, hex. */
  readonly root: string | undefined;
  readonly checked: {
    readonly entries: number;
    readonly erased: number;
    readonly signatures: number;
    readonly documents: number;
    readonly tiles: number;
    /** Kept checkpoints, in the ledger and elsewhere. */
    readonly checkpoints: number;
  };
  /** For each checkpoint that the verifier kept and that the log continues: its size, and the entries since. */
  readonly continues: readonly { readonly size: number; readonly appended: number }[];
  /** Where the policy names witnesses. */
  readonly witnessed: Witnessed | undefined;
  /** By index, at most 1,000 of each code. */
  readonly failures: readonly Failure[];
  readonly failureCount: number;
  readonly failureCounts: FailureCounts;
  /** Log index of the first bad entry, where a failure names one. */
  readonly firstBad: number | undefined;
  /** Checks that were not asked for, or could not be made because of a failure, in words. */
  readonly skipped: readonly string[];
  /** Keys that are no part of the log: leftovers of a crash, or files of somebody else. */
  readonly unaccounted: readonly string[];
}

/**
 * Verifies a ledger offline against keys and checkpoints that come from elsewhere: head signature; every leaf against
 * the signed root; every stored tile; every kept checkpoint as a beginning of the log; each payload against its leaf,
 * its key and its signature; each document against its digest; the chain of drifts and the lists of open ones. Hostile
 * bytes become failures, never exceptions; only what the reader itself throws passes through.
 */
export async function verifyLedger(
  reader: LedgerReader,
  trust: Trust,
  options: VerifyOptions = {},
): Promise<Verification> {
  const failures = new Failures();
  const skipped: string[] = [];
  const keyFiles = await checkKeyFiles(reader, failures);
  const followed = await followCheckpointKeys(reader, trust);
  const heads = await readHeads(reader, followed, failures);
  const { kept } = heads;
  const head = heads.head?.checkpoint;
  if (head === undefined) skipped.push('all entries: no checkpoint holds');
  const size = head?.size ?? 0;
  const published = kept.map((one) => one.checkpoint.size);
  const tiles = expectedTiles(size, published);
  const ring = new KeyRing(followed);
  const entries = new EntryChecker(ring, head?.origin ?? '', failures, sampleOf(options, head));
  const annotations = new AnnotationChecker(followed, failures);
  const documents = options.documents === 'attached' ? undefined : new DocumentChecker(reader, failures);
  const { treeOnly = false } = options;
  const walked = async (): Promise<CheckedLog> => {
    const many = size > MANY && options.signatures !== 'sample' && options.signatures !== 'none';
    const thread = many ? new SignatureThread() : undefined;
    try {
      const stored = storedEntries(reader, size, tiles, failures);
      return await checkEntries(reader, stored, { entries, annotations, documents, thread }, failures, options.onEntry);
    } finally {
      await thread?.close();
    }
  };
  const log = treeOnly ? { leaves: await hashedLeaves(reader, size, tiles, failures), ...NO_ENTRIES } : await walked();
  checkSigners(heads, ring, failures);
  skipped.push(...(treeOnly ? [BELOW_TREE] : leftOut(log, entries, documents)));
  const pyramid = head === undefined ? undefined : await checkRoot(reader, log.leaves, head, kept, failures);
  const continued = head !== undefined && pyramid !== undefined ? checkKept(pyramid, head, kept, failures) : [];
  if (head !== undefined && pyramid === undefined)
    skipped.push('hash tiles and kept checkpoints: the leaves of the tree are not known');
  const checkedTiles = pyramid === undefined ? 0 : await checkTiles(reader, pyramid, tiles, failures);
  const hints = await checkRetirements(reader, ring.retirements, failures);
  const witnessed = checkWitnesses(heads, followed, failures);
  const sorted = failures.sorted();
  const known = [...keyFiles, ...hints, ...(documents?.checked ?? []), ...tiles.map((tile) => tile.key)];
  return {
    ok: failures.count === 0,
    scope: treeOnly ? 'tree' : 'all',
    origin: head?.origin,
    size,
    root: head === undefined ? undefined : toHex(head.root),
    checked: {
      entries: log.sound,
      erased: log.erased,
      signatures: entries.signatures,
      documents: documents?.checked.size ?? 0,
      tiles: checkedTiles,
      checkpoints: kept.length,
    },
    continues: continued.filter((one) => one.outside).map(({ checkpoint }) => sinceOf(checkpoint.size, size)),
    witnessed,
    failures: sorted,
    failureCount: failures.count,
    failureCounts: failures.counts,
    firstBad: sorted[0]?.index,
    skipped,
    // Which documents belong to the log only its entries say.
    unaccounted: await unaccounted(reader, treeOnly || documents === undefined ? 'tile/' : '', size, new Set(known)),
  };
}

/** What below the tree was not asked for or could not be looked at. */
function leftOut(
  { brokenAt }: CheckedLog,
  { unprovable }: EntryChecker,
  documents: DocumentChecker | undefined,
): readonly string[] {
  return [
    ...(documents === undefined ? [ONLY_NAMED] : []),
    ...(brokenAt === undefined ? [] : [`the chain of drifts from entry ${brokenAt} on: that entry cannot be followed`]),
    ...(unprovable === 0
      ? []
      : [`the signatures of ${unprovable} erased entries: Ed25519 signs the payload, which is gone`]),
  ];
}

function sampleOf({ signatures }: VerifyOptions, head: Checkpoint | undefined): (index: number) => boolean {
  if (signatures === 'sample' && head !== undefined) return signatureSample(head.size, head.root);
  return () => signatures !== 'none';
}

function sinceOf(kept: number, size: number): Verification['continues'][number] {
  return { size: kept, appended: size - kept };
}

const NO_ENTRIES = { sound: 0, erased: 0, brokenAt: undefined } as const;

/** The hash of every leaf as the entry bundles hold it. */
async function hashedLeaves(
  reader: LedgerReader,
  size: number,
  tiles: readonly ExpectedTile[],
  failures: Failures,
): Promise<HashList> {
  const hashes = new HashList(size);
  for await (const { width, leaves } of storedBundles(reader, size, tiles, failures)) {
    for (let at = 0; at < width; at++) hashes.push(leaves && leafHash(leaves[at] as Uint8Array));
  }
  return hashes;
}

/** What lies in the store and was not checked as a part of the log. */
async function unaccounted(
  reader: LedgerReader,
  below: string,
  size: number,
  known: ReadonlySet<string>,
): Promise<string[]> {
  const files = Math.ceil(size / TILE_WIDTH);
  const payloads = new Set(Array.from({ length: files }, (_, index) => payloadKey(index)));
  const keys = await reader.list(below);
  return keys.filter(
    (key) => key !== HEAD_KEY && !key.startsWith('checkpoints/') && !known.has(key) && !payloads.has(key),
  );
}
