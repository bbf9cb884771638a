import { decodeUtf8, encodeUtf8, sameBytes } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { edgeRoot, growEdge } from './edge.ts';
import { corrupt, parsing } from './faults.ts';
import type { Head } from './head.ts';
import { splitLines } from './line.ts';
import { consistencyRanges, leafHash, verifyConsistency } from './merkle.ts';
import { signNote } from './note.ts';
import { bundleKey, checkpointKey, HEAD_KEY, partialsOf, payloadKey, TILE_WIDTH } from './paths.ts';
import type { LedgerReader, LedgerStore, NoteSigner, StoredObject } from './port.ts';
import type { SealedEntry } from './seal.ts';
import { formatBundle, rangeHashes, readLeaves } from './tiles.ts';

/**
 * Appends entries under one checkpoint, however many. The order is what makes it safe: documents; then, once the new tree
 * is proven to begin with the last signed one, payloads, entry bundles, tiles and the checkpoint by swapHead, the one
 * moment at which the append becomes true; then the kept copy of that checkpoint. Until that moment nothing of it is
 * read; what is left undone after it, the next append does. Must run inside `store.locked`. Undefined where another
 * writer was first: then nothing was appended.
 */
export async function append(
  store: LedgerStore,
  notary: NoteSigner,
  head: Head,
  entries: readonly SealedEntry[],
  documents: readonly StoredObject[] = [],
): Promise<Head | undefined> {
  await keepCheckpoint(store, head);
  const { edge, tiles } = growEdge(
    head.edge,
    entries.map((entry) => leafHash(entry.leaf)),
  );
  const payloads = await continueFiles(store, head.checkpoint.size, entries);
  if (documents.length > 0) await store.put(documents);

  const checkpoint = { origin: head.checkpoint.origin, size: edge.size, root: edgeRoot(edge) };
  await proveConsistency(overlay(store, tiles), head, checkpoint);
  const next = { note: await signNote(formatCheckpoint(checkpoint), notary), checkpoint, edge };
  const grown = [...payloads.bundles, ...tiles];
  if (!(await becameTrue(store, head, next, [...payloads.lines, ...grown]))) return undefined;
  await tidy(store, next, grown);
  return next;
}

/**
 * Moves the head. Where the store says no, or fails to answer, the head itself is asked: an answer that was lost must
 * make nobody append the same entries twice.
 */
async function becameTrue(
  store: LedgerStore,
  head: Head,
  next: Head,
  objects: readonly StoredObject[],
): Promise<boolean> {
  try {
    if (await store.swapHead(head.note, next.note, objects)) return true;
  } catch (thrown) {
    if (await isPublished(store, next).catch(() => false)) return true;
    throw thrown;
  }
  return isPublished(store, next);
}

/** Whoever appended to a head since has kept its checkpoint first. */
async function isPublished(store: LedgerStore, { note, checkpoint }: Head): Promise<boolean> {
  for (const key of [HEAD_KEY, checkpointKey(checkpoint.size)]) {
    const bytes = await store.get(key);
    if (bytes !== undefined && sameBytes(bytes, note)) return true;
  }
  return false;
}

/** The append is true already: what fails here is no failure of it, and heals with the next one. */
async function tidy(store: LedgerStore, head: Head, written: readonly StoredObject[]): Promise<void> {
  try {
    await keepCheckpoint(store, head);
    await clearPartials(store, written);
  } catch {
    return;
  }
}

/** Partial tiles may go once the full one is published (C2SP tlog-tiles); kept, they would outgrow the log. */
async function clearPartials(store: LedgerStore, written: readonly StoredObject[]): Promise<void> {
  const full = written.filter(({ key }) => !key.includes('.p/'));
  const partials = await Promise.all(full.map(({ key }) => store.list(partialsOf(key))));
  if (partials.some((keys) => keys.length > 0)) await store.remove(partials.flat());
}

/** Keeps the published head for ever under its size. Also heals a crash between the swap and this write. */
async function keepCheckpoint(store: LedgerStore, head: Head): Promise<void> {
  const key = checkpointKey(head.checkpoint.size);
  if ((await store.get(key)) === undefined) await store.put([{ key, bytes: head.note }]);
}

/** A log must never sign two heads of which one does not begin with the other (C2SP tlog-checkpoint). */
async function proveConsistency(reader: LedgerReader, head: Head, next: Head['checkpoint']): Promise<void> {
  const { size } = head.checkpoint;
  const ranges = size === 0 || size === next.size ? [] : consistencyRanges(size, next.size);
  const proof = await parsing('tile', () => rangeHashes(reader, ranges, next.size));
  if (!verifyConsistency(head.checkpoint, next, proof)) {
    throw corrupt(`the tree does not continue the checkpoint of size ${size}; nothing was signed`);
  }
}

/** The store as it is once the given objects are written: what is signed is what was meant to be written. */
function overlay(reader: LedgerReader, objects: readonly StoredObject[]): LedgerReader {
  const written = new Map(objects.map(({ key, bytes }) => [key, bytes]));
  return { get: async (key) => written.get(key) ?? reader.get(key), list: (prefix) => reader.list(prefix) };
}

/** The payload files and entry bundles that grow, whole: the last one of the log goes on, further ones begin. */
async function continueFiles(
  reader: LedgerReader,
  size: number,
  entries: readonly SealedEntry[],
): Promise<{ readonly lines: StoredObject[]; readonly bundles: StoredObject[] }> {
  const first = Math.floor(size / TILE_WIDTH);
  const begun = await lastFile(reader, first, size % TILE_WIDTH);
  const all = [...begun, ...entries];
  const lines: StoredObject[] = [];
  const bundles: StoredObject[] = [];
  for (let start = 0; start < all.length; start += TILE_WIDTH) {
    const index = first + start / TILE_WIDTH;
    const part = all.slice(start, start + TILE_WIDTH);
    lines.push({ key: payloadKey(index), bytes: encodeUtf8(part.map(({ line }) => `${line}\n`).join('')) });
    bundles.push({ key: bundleKey(index, part.length), bytes: formatBundle(part.map(({ leaf }) => leaf)) });
  }
  return { lines, bundles };
}

async function lastFile(
  reader: LedgerReader,
  index: number,
  width: number,
): Promise<readonly { readonly line: string; readonly leaf: Uint8Array }[]> {
  if (width === 0) return [];
  return parsing(payloadKey(index), async () => {
    const [payloads, leaves] = await Promise.all([reader.get(payloadKey(index)), readLeaves(reader, index, width)]);
    if (payloads === undefined) throw corrupt(`${payloadKey(index)} is missing`);
    if (leaves === undefined) throw corrupt(`${bundleKey(index, width)} is missing`);
    const lines = splitLines(decodeUtf8(payloads), width);
    return leaves.map((leaf, at) => ({ leaf, line: lines[at] as string }));
  });
}
