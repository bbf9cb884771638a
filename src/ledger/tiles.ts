import { concatBytes } from './bytes.ts';
import { DriftbomError } from '../model/error.ts';
import { FormatError } from './format-error.ts';
import { foldSubtrees, type Hash, type LeafRange, nodeHash, type Subtree, subtreesOf } from './merkle.ts';
import { bundleKey, TILE_WIDTH, tileKey } from './paths.ts';
import type { LedgerReader } from './port.ts';

const HASH_SIZE = 32;
/** Levels of the tree that one tile spans: 2^8 = 256. */
export const TILE_HEIGHT = 8;
/** Leaves carry their length in 16 bits (C2SP tlog-tiles, "Log entries"). */
const MAX_LEAF_BYTES = 0xffff;

/** A hash tile's bytes: the hashes, one after the other. */
export function formatTile(hashes: readonly Hash[]): Uint8Array {
  return concatBytes(hashes);
}

/** The hashes of a tile. Throws FormatError where there are not exactly `width`. */
function parseTile(bytes: Uint8Array, width: number): Hash[] {
  if (bytes.byteLength !== width * HASH_SIZE) throw new FormatError(`a tile of ${width} hashes has another length`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
}

/** An entry bundle's bytes: each leaf behind its length, big-endian. Throws E_ENTRY_TOO_LARGE. */
export function formatBundle(leaves: readonly Uint8Array[]): Uint8Array {
  return concatBytes(leaves.flatMap((leaf) => [lengthOf(leaf), leaf]));
}

function lengthOf(leaf: Uint8Array): Uint8Array {
  if (leaf.byteLength > MAX_LEAF_BYTES) {
    throw new DriftbomError(
      'E_ENTRY_TOO_LARGE',
      `a log leaf of ${leaf.byteLength} bytes is larger than the ${MAX_LEAF_BYTES} that the log format can hold`,
      'Use a signing key with a shorter public key: only the key and its signature stand in a leaf.',
    );
  }
  return Uint8Array.of(leaf.byteLength >> 8, leaf.byteLength & 0xff);
}

/** The leaves of a bundle. Throws FormatError where there are not exactly `width`, to the last byte. */
export function parseBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const end = at + 2 + length;
    if (at + 2 > bytes.byteLength || end > bytes.byteLength) throw new FormatError('an entry bundle is cut off');
    leaves.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (leaves.length !== width) throw new FormatError(`an entry bundle of ${width} leaves holds ${leaves.length}`);
  return leaves;
}

/** How many hashes the tile has in a log of `size` entries. 0 where it does not exist. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Reads the hashes of a tile as it stands in a log of `size` entries. Throws FormatError where it is missing. */
export async function readTile(reader: LedgerReader, level: number, index: number, size: number): Promise<Hash[]> {
  const width = tileWidth(level, index, size);
  const hashes = await readHashes(reader, level, index, width);
  if (hashes === undefined) throw new FormatError(`${tileKey(level, index, width)} is missing`);
  return hashes;
}

/**
 * The first `width` hashes of a tile, undefined where it is missing. A partial tile goes when the full one is there: who
 * still looks at an earlier head takes that one (C2SP tlog-tiles, "Partial Tiles"). Throws FormatError.
 */
async function readHashes(
  reader: LedgerReader,
  level: number,
  index: number,
  width: number,
): Promise<Hash[] | undefined> {
  const bytes = await reader.get(tileKey(level, index, width));
  if (bytes !== undefined) return parseTile(bytes, width);
  const full = width < TILE_WIDTH ? await reader.get(tileKey(level, index, TILE_WIDTH)) : undefined;
  return full && parseTile(full, TILE_WIDTH).slice(0, width);
}

/** The leaves of an entry bundle, likewise. Throws FormatError. */
export async function readLeaves(
  reader: LedgerReader,
  index: number,
  width: number,
): Promise<Uint8Array[] | undefined> {
  const bytes = await reader.get(bundleKey(index, width));
  if (bytes !== undefined) return parseBundle(bytes, width);
  const full = width < TILE_WIDTH ? await reader.get(bundleKey(index, TILE_WIDTH)) : undefined;
  return full && parseBundle(full, TILE_WIDTH).slice(0, width);
}

/** Hashes of ranges of a log of `size` entries, taken from its tiles. Throws FormatError. */
export function rangeHashes(reader: LedgerReader, ranges: readonly LeafRange[], size: number): Promise<Hash[]> {
  return rangeHasher(reader, size)(ranges);
}

/** Tiles of which a hasher keeps the subtrees at hand: proofs of neighbours share most of theirs. */
const KEPT_TILES = 32;

/** The same for many questions on one log. Throws FormatError. */
export function rangeHasher(reader: LedgerReader, size: number): (ranges: readonly LeafRange[]) => Promise<Hash[]> {
  const tiles = new Map<string, Promise<readonly Hash[][]>>();
  const subtreesIn = (level: number, tile: number): Promise<readonly Hash[][]> => {
    const key = `${level}/${tile}`;
    const reading = tiles.get(key) ?? readTile(reader, level, tile, size).then(subtreeRows);
    // Put last again, so that the one that was not asked for the longest goes first.
    tiles.delete(key);
    tiles.set(key, reading);
    const oldest = tiles.keys().next();
    if (tiles.size > KEPT_TILES && !oldest.done) tiles.delete(oldest.value);
    return reading;
  };
  const subtreeHash = async ({ level, index }: Subtree): Promise<Hash> => {
    const inTile = level % TILE_HEIGHT;
    const start = index * 2 ** inTile;
    const rows = await subtreesIn(Math.floor(level / TILE_HEIGHT), Math.floor(start / TILE_WIDTH));
    const hash = rows[inTile]?.[(start % TILE_WIDTH) / 2 ** inTile];
    if (hash === undefined)
      throw new FormatError(`the tree of ${size} entries has no subtree ${index} of level ${level}`);
    return hash;
  };
  return (ranges) =>
    Promise.all(ranges.map(async (range) => foldSubtrees(await Promise.all(subtreesOf(range).map(subtreeHash)))));
}

/** The complete subtrees within a tile, a row a level, the tile's own hashes first. */
function subtreeRows(hashes: readonly Hash[]): Hash[][] {
  const rows: Hash[][] = [[...hashes]];
  for (let row = rows[0] as Hash[]; row.length > 1 && rows.length < TILE_HEIGHT; row = rows.at(-1) as Hash[]) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) above.push(nodeHash(row[at] as Hash, row[at + 1] as Hash));
    rows.push(above);
  }
  return rows;
}
