import { decodeUtf8, encodeUtf8 } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { edgeRoot, growEdge } from './edge.ts';
import { corrupt, parsing } from './faults.ts';
import type { Head } from './head.ts';
import { splitLines } from './line.ts';
import { consistencyRanges, leafHash, verifyConsistency } from './merkle.ts';
import { signNote } from './note.ts';
import { bundleKey, checkpointKey, partialsOf, payloadKey, TILE_WIDTH } from './paths.ts';
import type { LedgerReader, LedgerStore, NoteSigner, StoredObject } from './port.ts';
import type { SealedEntry } from './seal.ts';
import { formatBundle, parseBundle, rangeHashes } from './tiles.ts';

/**
 * Appends entries under one checkpoint. The order is what makes it safe: documents and payloads; entry bundles and
 * tiles; then, once the new tree is proven to begin with the last signed one, the checkpoint by swapHead, the one moment
 * at which the append becomes true; then the kept copy of that checkpoint. A crash before the swap leaves objects beyond
 * the head, which readers pass over and the next append overwrites. A crash after it leaves the kept copy to the next
 * append. Must run inside `store.locked`. Undefined where another writer was first: then nothing was appended.
 */
export async function append(
  store: LedgerStore,
  notary: NoteSigner,
  head: Head,
  entries: readonly SealedEntry[],
  documents: readonly StoredObject[] = [],
): Promise<Head | undefined> {
  await keepCheckpoint(store, head);
  const { size } = head.checkpoint;
  const { edge, tiles } = growEdge(
    head.edge,
    entries.map((entry) => leafHash(entry.leaf)),
  );
  const payloads = await continueFiles(store, size, entries);
  await store.put([...documents, ...payloads.lines]);
  await store.put([...payloads.bundles, ...tiles]);

  const checkpoint = { origin: head.checkpoint.origin, size: edge.size, root: edgeRoot(edge) };
  await proveConsistency(overlay(store, tiles), head, checkpoint);
  const note = await signNote(formatCheckpoint(checkpoint), notary);
  if (!(await store.swapHead(head.note, note))) return undefined;
  const next = { note, checkpoint, edge };
  await keepCheckpoint(store, next);
  await clearPartials(store, [...payloads.bundles, ...tiles]);
  return next;
}

/** Partial tiles may go once the full one is published (C2SP tlog-tiles); kept, they would outgrow the log. */
async function clearPartials(store: LedgerStore, written: readonly StoredObject[]): Promise<void> {
  for (const { key } of written) {
    if (key.includes('.p/')) continue;
    const partials = await store.list(partialsOf(key));
    if (partials.length > 0) await store.remove(partials);
  }
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
  const [payloads, bundle] = await Promise.all([reader.get(payloadKey(index)), reader.get(bundleKey(index, width))]);
  if (payloads === undefined) throw corrupt(`${payloadKey(index)} is missing`);
  if (bundle === undefined) throw corrupt(`${bundleKey(index, width)} is missing`);
  return parsing(payloadKey(index), () => {
    const leaves = parseBundle(bundle, width);
    const lines = splitLines(decodeUtf8(payloads), width);
    return leaves.map((leaf, at) => ({ leaf, line: lines[at] as string }));
  });
}
