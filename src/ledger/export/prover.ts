import { parsing } from '../faults.ts';
import { foldSubtrees, type Hash, inclusionRanges, nodeHash, type Subtree, subtreesOf } from '../merkle.ts';
import { TILE_WIDTH } from '../paths.ts';
import { readTile, TILE_HEIGHT } from '../tiles.ts';
import type { ExportedLog } from './logged.ts';

/** Gives the inclusion proof of an index under the head, from the leaf's sibling upward. */
export type Prover = (index: number) => Promise<readonly Hash[]>;

/** Tiles kept at hand, each with every hash that it gives: neighbouring proofs share them. */
const KEPT_TILES = 64;

/** Proves one entry after the other, each tile read and hashed once as long as it is in use. Throws E_LEDGER_CORRUPT. */
export function prover(log: ExportedLog): Prover {
  const { size } = log.head;
  const kept = new Map<string, Promise<readonly (readonly Hash[])[]>>();
  const treeOf = (level: number, tile: number): Promise<readonly (readonly Hash[])[]> => {
    const key = `${level}/${tile}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const oldest = kept.keys().next();
    if (kept.size >= KEPT_TILES && !oldest.done) kept.delete(oldest.value);
    const reading = readTile(log.reader, level, tile, size).then(levelsOver);
    kept.set(key, reading);
    return reading;
  };
  const subtreeHash = async ({ level, index }: Subtree): Promise<Hash> => {
    const height = level % TILE_HEIGHT;
    const first = index * 2 ** height;
    const tree = await treeOf(Math.floor(level / TILE_HEIGHT), Math.floor(first / TILE_WIDTH));
    return tree[height]?.[(first % TILE_WIDTH) / 2 ** height] as Hash;
  };
  const rangeHash = async (range: Parameters<typeof subtreesOf>[0]): Promise<Hash> =>
    foldSubtrees(await Promise.all(subtreesOf(range).map(subtreeHash)));
  return (index) =>
    parsing(`the proof of entry ${index}`, () => Promise.all(inclusionRanges(index, size).map(rangeHash)));
}

/** The hashes of a tile and of every complete subtree over them, level by level. */
function levelsOver(hashes: readonly Hash[]): (readonly Hash[])[] {
  const levels: (readonly Hash[])[] = [hashes];
  for (let below = hashes; below.length > 1; below = levels.at(-1) as readonly Hash[]) {
    const level: Hash[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) level.push(nodeHash(below[at] as Hash, below[at + 1] as Hash));
    levels.push(level);
  }
  return levels;
}
