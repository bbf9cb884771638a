import { foldSubtrees, type Hash, nodeHash, subtreesOf } from '../merkle.ts';
import { TILE_WIDTH } from '../paths.ts';
import { TILE_HEIGHT } from '../tiles.ts';

/** All complete subtrees over the leaves of a log: gives any earlier root and any tile without hashing again. */
export class Pyramid {
  /** levels[k][i]: hash of the 2^k leaves that begin at i * 2^k. */
  readonly #levels: (readonly Hash[])[];

  constructor(leaves: readonly Hash[]) {
    this.#levels = [leaves];
    for (let below = leaves; below.length > 1; below = this.#levels.at(-1) as readonly Hash[]) {
      const level: Hash[] = [];
      for (let at = 0; at + 1 < below.length; at += 2) level.push(nodeHash(below[at] as Hash, below[at + 1] as Hash));
      this.#levels.push(level);
    }
  }

  /** Root over the first `size` leaves. */
  root(size: number): Hash {
    return foldSubtrees(
      subtreesOf({ start: 0, end: size }).map(({ level, index }) => this.#levels[level]?.[index] as Hash),
    );
  }

  /** The first `width` hashes of a tile of this log. */
  tile(level: number, index: number, width: number): readonly Hash[] {
    const start = index * TILE_WIDTH;
    return this.#levels[level * TILE_HEIGHT]?.slice(start, start + width) ?? [];
  }
}
