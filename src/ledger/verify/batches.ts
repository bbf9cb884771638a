import { messageOf } from '../../model/error.ts';
import { decodeUtf8, sameBytes } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { bundleKey, payloadKey, TILE_WIDTH } from '../paths.ts';
import type { LedgerReader } from '../port.ts';
import { formatBundle, readLeaves as bundleLeaves, tileWidth } from '../tiles.ts';
import type { Failures } from './diagnostics.ts';
import type { ExpectedTile } from './expected.ts';

/** One log entry as stored; a part that could not be read is undefined and a failure already. */
export interface StoredEntry {
  readonly index: number;
  readonly leaf: Uint8Array | undefined;
  readonly line: string | undefined;
}

/** The leaves of one entry bundle; undefined where it could not be read. */
interface StoredBundle {
  readonly file: number;
  readonly width: number;
  readonly leaves: readonly Uint8Array[] | undefined;
}

/** Reads entry bundles and payload files side by side. Partial bundles of earlier heads must be beginnings of the present ones. */
export async function* storedEntries(
  reader: LedgerReader,
  size: number,
  tiles: readonly ExpectedTile[],
  failures: Failures,
): AsyncGenerator<StoredEntry> {
  const payloads = ahead(size, (file, width) => readLines(reader, file, width, failures));
  for await (const { file, width, leaves } of storedBundles(reader, size, tiles, failures)) {
    const first = file * TILE_WIDTH;
    const { value: lines = [] } = await payloads.next();
    for (let at = 0; at < width; at++) yield { index: first + at, leaf: leaves?.[at], line: lines[at] };
  }
}

/** What each file of a log of `size` entries gives, read one file ahead: the next is fetched while this one is looked at. */
async function* ahead<T>(
  size: number,
  read: (file: number, width: number) => Promise<T>,
): AsyncGenerator<T, undefined> {
  const begin = (file: number): Promise<T> | undefined => {
    if (file * TILE_WIDTH >= size) return undefined;
    const reading = read(file, tileWidth(0, file, size));
    // Whoever stops early never looks at it.
    reading.catch(() => undefined);
    return reading;
  };
  let next = begin(0);
  for (let file = 1; next !== undefined; file++) {
    const reading = next;
    next = begin(file);
    yield await reading;
  }
  return undefined;
}

/** Reads entry bundles alone: what the tree is made of. */
export async function* storedBundles(
  reader: LedgerReader,
  size: number,
  tiles: readonly ExpectedTile[],
  failures: Failures,
): AsyncGenerator<StoredBundle> {
  const earlier = new Map<number, ExpectedTile[]>();
  for (const tile of tiles) {
    if (tile.level !== 'entries' || tile.required) continue;
    earlier.set(tile.index, [...(earlier.get(tile.index) ?? []), tile]);
  }
  yield* ahead(size, async (file, width) => {
    const leaves = await readLeaves(reader, file, width, failures);
    for (const old of earlier.get(file) ?? []) {
      const bytes = leaves === undefined ? undefined : await reader.get(old.key);
      if (bytes === undefined || sameBytes(bytes, formatBundle(leaves?.slice(0, old.width) ?? []))) continue;
      failures.add('bundle-wrong', undefined, `${old.key} is not the beginning of ${bundleKey(file, width)}`);
    }
    return { file, width, leaves };
  });
}

async function readLeaves(
  reader: LedgerReader,
  file: number,
  width: number,
  failures: Failures,
): Promise<Uint8Array[] | undefined> {
  const key = bundleKey(file, width);
  try {
    const leaves = await bundleLeaves(reader, file, width);
    if (leaves === undefined) failures.add('bundle-missing', file * TILE_WIDTH, `${key} is missing`);
    return leaves;
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    failures.add('bundle-wrong', undefined, `${key}: ${messageOf(thrown)}`);
    return undefined;
  }
}

async function readLines(
  reader: LedgerReader,
  file: number,
  width: number,
  failures: Failures,
): Promise<readonly string[]> {
  const key = payloadKey(file);
  const bytes = await reader.get(key);
  const lines = bytes === undefined ? [] : linesOf(bytes);
  for (let at = lines.length; at < width; at++) {
    failures.add('payload-missing', file * TILE_WIDTH + at, `${key} has no line for entry ${file * TILE_WIDTH + at}`);
  }
  return lines;
}

/** Whole lines; one that is not UTF-8 makes only itself unreadable. */
function linesOf(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    lines.push(textOf(bytes.subarray(start, end)));
    start = end + 1;
  }
  return lines;
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    // No line of ours is empty: it will be named as malformed.
    return '';
  }
}
