import { bundleKey, TILE_WIDTH, tileKey } from '../paths.ts';
import { tileWidth } from '../tiles.ts';

/** A tile or bundle that belongs to the log. */
export interface ExpectedTile {
  readonly key: string;
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
  /** Whether the head needs it; a partial one of an earlier head may be cleared away, and must be right if it is there. */
  readonly required: boolean;
}

/**
 * The tiles and entry bundles of a log of `size` entries, and the partial ones of the earlier sizes that were published.
 * Any other partial tile is a leftover of an append that never became true.
 */
export function expectedTiles(size: number, published: readonly number[]): ExpectedTile[] {
  const tiles = new Map<string, ExpectedTile>();
  const add = (level: number | 'entries', index: number, width: number, required: boolean): void => {
    const key = level === 'entries' ? bundleKey(index, width) : tileKey(level, index, width);
    if (!tiles.has(key)) tiles.set(key, { key, level, index, width, required });
  };
  for (let index = 0; index * TILE_WIDTH < size; index++) add('entries', index, tileWidth(0, index, size), true);
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    for (let index = 0; tileWidth(level, index, size) > 0; index++) {
      add(level, index, tileWidth(level, index, size), true);
    }
  }
  for (const earlier of published) {
    if (earlier >= size) continue;
    if (earlier % TILE_WIDTH > 0) add('entries', Math.floor(earlier / TILE_WIDTH), earlier % TILE_WIDTH, false);
    for (let level = 0; TILE_WIDTH ** level <= earlier; level++) {
      const hashes = Math.floor(earlier / TILE_WIDTH ** level);
      if (hashes % TILE_WIDTH > 0) add(level, Math.floor(hashes / TILE_WIDTH), hashes % TILE_WIDTH, false);
    }
  }
  return [...tiles.values()];
}
