import { foldSubtrees, type Hash, nodeHash, subtreesOf } from '../merkle.ts';
import { TILE_WIDTH } from '../paths.ts';
import { TILE_HEIGHT } from '../tiles.ts';
import { HashList } from './hash-list.ts';

/** All complete subtrees over the leaves of a log: gives any earlier root and any tile without hashing again. */
export class Pyramid {
  /** levels[k].at(i): hash of the 2^k leaves that begin at i * 2^k. */
  readonly #levels: HashList[];

  /** Every leaf has to be known. */
  constructor(leaves: HashList) {
    this.#levels = [leaves];
    for (let below = leaves; below.length > 1; below = this.#levels.at(-1) as HashList) {
      const level = new HashList(below.length / 2 + 1);
      for (let at = 0; at + 1 < below.length; at += 2) {
        level.push(nodeHash(below.at(at) as Hash, below.at(at + 1) as Hash));
      }
      this.#levels.push(level);
    }
  }

  /** Root over the first `size` leaves. */
  root(size: number): Hash {
    return foldSubtrees(
      subtreesOf({ start: 0, end: size }).map(({ level, index }) => this.#levels[level]?.at(index) as Hash),
    );
  }

  /** The first `width` hashes of a tile of this log, one after the other as a tile holds them. */
  tile(level: number, index: number, width: number): Uint8Array {
    return this.#levels[level * TILE_HEIGHT]?.bytes(index * TILE_WIDTH, width) ?? new Uint8Array();
  }
}
