import { concatBytes } from './bytes.ts';
import { DriftbomError } from '../model/error.ts';
import { FormatError } from './format-error.ts';
import { foldSubtrees, type Hash, type LeafRange, rootOf, type Subtree, subtreesOf } from './merkle.ts';
import { TILE_WIDTH, tileKey } from './paths.ts';
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
export function parseTile(bytes: Uint8Array, width: number): Hash[] {
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
  const key = tileKey(level, index, width);
  const bytes = await reader.get(key);
  if (bytes === undefined) throw new FormatError(`${key} is missing`);
  return parseTile(bytes, width);
}

/** Hashes of ranges of a log of `size` entries, taken from its tiles. Throws FormatError. */
export async function rangeHashes(reader: LedgerReader, ranges: readonly LeafRange[], size: number): Promise<Hash[]> {
  const tiles = new Map<string, Promise<Hash[]>>();
  const subtreeHash = async ({ level, index }: Subtree): Promise<Hash> => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const span = 2 ** (level % TILE_HEIGHT);
    const tile = Math.floor((index * span) / TILE_WIDTH);
    const key = `${tileLevel}/${tile}`;
    const reading = tiles.get(key) ?? readTile(reader, tileLevel, tile, size);
    tiles.set(key, reading);
    const start = (index * span) % TILE_WIDTH;
    return rootOf((await reading).slice(start, start + span));
  };
  return Promise.all(ranges.map(async (range) => foldSubtrees(await Promise.all(subtreesOf(range).map(subtreeHash)))));
}
