import { sameBytes } from '../bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { FormatError } from '../format-error.ts';
import type { Hash } from '../merkle.ts';
import { TILE_WIDTH, tileKey } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import { readTile, tileWidth } from '../tiles.ts';
import type { Failures } from './diagnostics.ts';
import type { ExpectedTile } from './expected.ts';
import type { SignedHead } from './head.ts';
import { HashList } from './hash-list.ts';
import { Pyramid } from './pyramid.ts';

/**
 * Holds the leaves against the signed root. Where they do not give it, the hash tiles tell which leaf was altered if
 * they still do, and kept checkpoints tell how far the log is whole. Gives the pyramid over the true leaves, if known.
 */
export async function checkRoot(
  reader: LedgerReader,
  leaves: HashList,
  head: Checkpoint,
  kept: readonly SignedHead[],
  failures: Failures,
): Promise<Pyramid | undefined> {
  if (leaves.isWhole) {
    const pyramid = new Pyramid(leaves);
    if (sameBytes(pyramid.root(head.size), head.root)) return pyramid;
  }
  const tiled = await tileLeaves(reader, head.size);
  for (let index = 0; index < leaves.length; index++) {
    const [leaf, hash] = [leaves.at(index), tiled.at(index)];
    if (leaf === undefined || hash === undefined || sameBytes(leaf, hash)) continue;
    failures.add('leaf-wrong', index, `entry ${index}: its log leaf and the hash tile disagree`);
  }
  if (tiled.isWhole) {
    const pyramid = new Pyramid(tiled);
    if (sameBytes(pyramid.root(head.size), head.root)) return pyramid;
  }
  const whole = leaves.isWhole ? wholeUpTo(new Pyramid(leaves), kept, head.size) : 0;
  const far = whole > 0 ? `; the first ${whole} entries are as an earlier checkpoint signed them` : '';
  failures.add(
    'root-wrong',
    whole > 0 ? whole : undefined,
    `the entries do not give the root of the checkpoint of size ${head.size}${far}`,
  );
  return undefined;
}

function wholeUpTo(pyramid: Pyramid, kept: readonly SignedHead[], size: number): number {
  const good = kept
    .map((one) => one.checkpoint)
    .filter((one) => one.size < size && sameBytes(pyramid.root(one.size), one.root))
    .map((one) => one.size);
  return Math.max(0, ...good);
}

/** Leaf hashes as the hash tiles hold them; undefined where a tile is missing or malformed. */
async function tileLeaves(reader: LedgerReader, size: number): Promise<HashList> {
  const hashes = new HashList(size);
  for (let tile = 0; tile * TILE_WIDTH < size; tile++) {
    const width = tileWidth(0, tile, size);
    let found: (Hash | undefined)[] = Array.from({ length: width }, () => undefined);
    try {
      found = await readTile(reader, 0, tile, size);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
    }
    for (const hash of found) hashes.push(hash);
  }
  return hashes;
}

/** Holds hash tiles against the true leaves. Gives how many there were. */
export async function checkTiles(
  reader: LedgerReader,
  pyramid: Pyramid,
  tiles: readonly ExpectedTile[],
  failures: Failures,
): Promise<number> {
  let checked = 0;
  for (const { key, level, index, width, required } of tiles) {
    if (level === 'entries') continue;
    const bytes = (await reader.get(key)) ?? (required ? await ofFullTile(reader, level, index, width) : undefined);
    if (bytes === undefined) {
      if (required) failures.add('tile-missing', undefined, `${key} is missing`);
      continue;
    }
    checked++;
    const expected = pyramid.tile(level, index, width);
    if (sameBytes(expected, bytes)) continue;
    const wrong = bytes.byteLength === expected.byteLength ? firstOther(expected, bytes) : 0;
    const leaf = (index * TILE_WIDTH + wrong) * TILE_WIDTH ** level;
    failures.add('tile-wrong', leaf, `${key} does not hold the hash of the entries from ${leaf} on`);
  }
  return checked;
}

/** Where a partial tile is gone since the head was read, the full one holds its hashes (C2SP tlog-tiles). */
async function ofFullTile(
  reader: LedgerReader,
  level: number,
  index: number,
  width: number,
): Promise<Uint8Array | undefined> {
  return width < TILE_WIDTH
    ? (await reader.get(tileKey(level, index, TILE_WIDTH)))?.subarray(0, width * 32)
    : undefined;
}

/** Number of the first hash that differs. */
function firstOther(expected: Uint8Array, bytes: Uint8Array): number {
  return Math.floor(expected.findIndex((byte, at) => byte !== bytes[at]) / 32);
}

/** Every kept checkpoint must be a beginning of the log. Gives those that are. */
export function checkKept(
  pyramid: Pyramid,
  head: Checkpoint,
  kept: readonly SignedHead[],
  failures: Failures,
): readonly SignedHead[] {
  return kept.filter(({ checkpoint, from }) => {
    if (checkpoint.origin !== head.origin) {
      failures.add('checkpoint-wrong', undefined, `${from} is of another log: ${checkpoint.origin}`);
    } else if (checkpoint.size > head.size) {
      const lost = checkpoint.size - head.size;
      failures.add(
        'rolled-back',
        head.size,
        `${from} signs ${checkpoint.size} entries: the last ${lost === 1 ? 'one is' : `${lost} are`} gone`,
      );
    } else if (!sameBytes(pyramid.root(checkpoint.size), checkpoint.root)) {
      failures.add('forked', undefined, `${from} signs another history of the first ${checkpoint.size} entries`);
    } else return true;
    return false;
  });
}
