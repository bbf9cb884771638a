import { foldSubtrees, type Hash, rootOf } from './merkle.ts';
import { TILE_WIDTH, tileKey } from './paths.ts';
import type { LedgerReader, StoredObject } from './port.ts';
import { formatTile, readTile } from './tiles.ts';

/** The right edge of the tree: all that an append needs to know of what is there already. */
export interface Edge {
  readonly size: number;
  /** Per tile level, the hashes of the tile that is not full yet. */
  readonly levels: readonly (readonly Hash[])[];
}

/** Reads the edge of a log of `size` entries: at most one partial tile a level. Throws FormatError. */
export async function readEdge(reader: LedgerReader, size: number): Promise<Edge> {
  const levels: Hash[][] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const hashes = Math.floor(size / TILE_WIDTH ** level);
    const full = Math.floor(hashes / TILE_WIDTH);
    levels.push(hashes % TILE_WIDTH === 0 ? [] : await readTile(reader, level, full, size));
  }
  return { size, levels };
}

/** The root of the tree whose edge this is: the higher levels stand further left. */
export function edgeRoot(edge: Edge): Hash {
  return foldSubtrees(edge.levels.toReversed().flatMap(completeParts));
}

/** A partial tile's complete subtrees, from left to right. */
function completeParts(hashes: readonly Hash[]): Hash[] {
  const parts: Hash[] = [];
  let start = 0;
  for (let span = TILE_WIDTH / 2; span >= 1; span /= 2) {
    if (start + span > hashes.length) continue;
    parts.push(rootOf(hashes.slice(start, start + span)));
    start += span;
  }
  return parts;
}

/** Adds leaf hashes at the right. Gives the new edge and every tile that is new or has grown. */
export function growEdge(edge: Edge, leaves: readonly Hash[]): { readonly edge: Edge; readonly tiles: StoredObject[] } {
  const tiles: StoredObject[] = [];
  const levels: Hash[][] = edge.levels.map((hashes) => [...hashes]);
  const grown = new Set<number>();
  const counts = levels.map((_, level) => Math.floor(edge.size / TILE_WIDTH ** level));
  const push = (level: number, hash: Hash): void => {
    const hashes = levels[level] ?? [];
    levels[level] = hashes;
    counts[level] = (counts[level] ?? 0) + 1;
    hashes.push(hash);
    grown.add(level);
    if (hashes.length < TILE_WIDTH) return;
    tiles.push({ key: tileKey(level, counts[level] / TILE_WIDTH - 1, TILE_WIDTH), bytes: formatTile(hashes) });
    levels[level] = [];
    push(level + 1, rootOf(hashes));
  };
  for (const leaf of leaves) push(0, leaf);
  for (const level of grown) {
    const hashes = levels[level] as Hash[];
    if (hashes.length === 0) continue;
    const index = Math.floor((counts[level] as number) / TILE_WIDTH);
    tiles.push({ key: tileKey(level, index, hashes.length), bytes: formatTile(hashes) });
  }
  return { edge: { size: edge.size + leaves.length, levels }, tiles };
}
