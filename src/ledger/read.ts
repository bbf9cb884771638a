import type { Entry } from '../model/entry.ts';
import { attachEntry, type DocumentSource, documentSource } from './attach.ts';
import { decodeUtf8, sameBytes } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { corrupt, parsing } from './faults.ts';
import { FormatError } from './format-error.ts';
import { readCheckpoint } from './head.ts';
import { parseLeaf } from './leaf.ts';
import { type Line, parseLine, splitLines, type Tombstone } from './line.ts';
import { type Hash, inclusionRanges, leafHash, rootOf, verifyInclusion } from './merkle.ts';
import { bundleKey, payloadKey, TILE_WIDTH } from './paths.ts';
import type { LedgerReader } from './port.ts';
import { parseStatement } from './statement-shape.ts';
import { rangeHasher, readLeaves, tileWidth } from './tiles.ts';

/** An entry whose payload was erased: proven to have existed, no longer readable. */
export interface ErasedEntry {
  readonly index: number;
  readonly tombstone: Tombstone;
}

export interface ReadOptions {
  /** First log index to read; 0 where left out. */
  readonly from?: number;
  /** Told of each erased entry, which the iteration passes over. */
  readonly onErased?: (erased: ErasedEntry) => void;
}

/**
 * Reads entries in log order up to the head. Each payload is held against its log leaf; signatures, tree and head are
 * `verifyLedger`'s work. Lists and values that stand in documents of their own are put back, each held against its
 * digest. Throws E_LEDGER_MISSING, E_LEDGER_CORRUPT naming the entry.
 */
export async function* readEntries(reader: LedgerReader, options: ReadOptions = {}): AsyncGenerator<Entry> {
  const { size } = await readCheckpoint(reader);
  const source = documentSource(reader);
  let batch: Batch | undefined;
  for (let index = options.from ?? 0; index < size; index++) {
    const file = Math.floor(index / TILE_WIDTH);
    if (batch?.file !== file) batch = await readBatch(reader, file, size);
    const { line } = await loggedAt(batch, index);
    if (line.kind === 'erased') options.onErased?.({ index, tombstone: line.tombstone });
    else yield await parsing(`entry ${index}`, () => entryOf(line, index, source));
  }
}

/** Reads one entry by index; undefined where it was erased. Throws E_LEDGER_CORRUPT. */
export type EntryReader = (index: number) => Promise<Entry | undefined>;

/** Objects that an entry reader keeps at hand: neighbouring entries share files and tiles. */
const KEPT_OBJECTS = 32;
/** Payload files that it keeps split: an entry and those that speak of it mostly stand in few. */
const KEPT_BATCHES = 6;

/** Reads single entries, each proven to stand in the tree of the given head before it is believed. */
export function provenReader(reader: LedgerReader, head: Checkpoint): EntryReader {
  const near = keeping(reader, KEPT_OBJECTS);
  const hashes = rangeHasher(near, head.size);
  const source = documentSource(reader);
  const batches = new Map<number, Promise<ProvenBatch>>();
  const readProven = async (file: number): Promise<ProvenBatch> => {
    const batch = await readBatch(near, file, head.size);
    return { ...batch, proven: await provesAll(batch, head, hashes) };
  };
  return async (index) => {
    if (index >= head.size) throw corrupt(`entry ${index} lies beyond the head of ${head.size} entries`);
    const file = Math.floor(index / TILE_WIDTH);
    const batch = batches.get(file) ?? readProven(file);
    // Put last again, so that the one that was not asked for the longest goes first.
    batches.delete(file);
    batches.set(file, batch);
    const oldest = batches.keys().next();
    if (batches.size > KEPT_BATCHES && !oldest.done) batches.delete(oldest.value);
    const { leaf, line } = await loggedAt(await batch, index);
    const { proven } = await batch;
    return parsing(`entry ${index}`, async () => {
      // Where one leaf of the file is wrong, the others may still be proven one by one.
      const proof = proven ? undefined : await hashes(inclusionRanges(index, head.size));
      if (proof !== undefined && !verifyInclusion(leafHash(leaf), index, head.size, proof, head.root)) {
        throw new FormatError('its log leaf is not in the tree that the checkpoint signs');
      }
      return line.kind === 'erased' ? undefined : entryOf(line, index, source);
    });
  };
}

/** A batch, and whether all of its leaves are known to stand in the tree. */
type ProvenBatch = Batch & { readonly proven: boolean };

/**
 * Whether the leaves of a batch, all at once, stand in the tree: its first leaf is proven with sibling hashes that are made
 * of the other leaves as far as the path lies within the batch, so that these are proven with it.
 */
async function provesAll(
  { file, leaves }: Batch,
  head: Checkpoint,
  hashes: ReturnType<typeof rangeHasher>,
): Promise<boolean> {
  const first = file * TILE_WIDTH;
  const own = leaves.map(leafHash);
  const ranges = inclusionRanges(first, head.size);
  const inside = ranges.filter(({ start }) => start > first && start < first + own.length);
  const covered = inside.reduce((sum, { start, end }) => sum + end - start, 1);
  if (covered !== own.length) return false;
  try {
    const around = await hashes(ranges.slice(inside.length));
    const proof = [...inside.map(({ start, end }) => rootOf(own.slice(start - first, end - first))), ...around];
    return verifyInclusion(own[0] as Hash, first, head.size, proof, head.root);
  } catch (thrown) {
    if (thrown instanceof FormatError) return false;
    throw thrown;
  }
}

function keeping(reader: LedgerReader, count: number): LedgerReader {
  const kept = new Map<string, Uint8Array | undefined>();
  return {
    list: (prefix) => reader.list(prefix),
    get: async (key) => {
      if (!kept.has(key)) {
        const oldest = kept.keys().next();
        if (kept.size >= count && !oldest.done) kept.delete(oldest.value);
        kept.set(key, await reader.get(key));
      }
      return kept.get(key);
    },
  };
}

/** One payload file and its entry bundle, split and not yet parsed. */
interface Batch {
  readonly file: number;
  readonly leaves: readonly Uint8Array[];
  readonly lines: readonly string[];
}

async function readBatch(reader: LedgerReader, file: number, size: number): Promise<Batch> {
  const width = tileWidth(0, file, size);
  const [payloads, leaves] = await Promise.all([
    reader.get(payloadKey(file)),
    parsing(bundleKey(file, width), () => readLeaves(reader, file, width)),
  ]);
  if (payloads === undefined) throw corrupt(`${payloadKey(file)} is missing`);
  if (leaves === undefined) throw corrupt(`${bundleKey(file, width)} is missing`);
  const lines = await parsing(payloadKey(file), () => splitLines(decodeUtf8(payloads), width));
  return { file, leaves, lines };
}

/** One line held against its leaf: position in a file proves nothing by itself. */
function loggedAt(batch: Batch, index: number): Promise<{ readonly leaf: Uint8Array; readonly line: Line }> {
  return parsing(`entry ${index}`, () => {
    const leaf = batch.leaves[index % TILE_WIDTH] as Uint8Array;
    const line = parseLine(batch.lines[index % TILE_WIDTH] as string, index);
    if (!sameBytes(line.paeSha256, parseLeaf(leaf).paeSha256)) {
      throw new FormatError('its payload is not the one in the log');
    }
    return { leaf, line };
  });
}

function entryOf(line: Line & { kind: 'envelope' }, index: number, source: DocumentSource): Promise<Entry> {
  return attachEntry(parseStatement(line.envelope.payload), { index, digest: line.digest }, source);
}
