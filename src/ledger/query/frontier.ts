import { foldSubtrees, type Hash, nodeHash } from '../merkle.ts';

/**
 * The complete subtrees of a growing tree, smallest first: all that is needed to add leaves and to know the root. (RFC
 * 6962 section 2.1; often called a compact range.)
 */
export interface Frontier {
  readonly size: number;
  /** By level: the hash of the subtree of 2^level leaves, where the size has that bit. */
  readonly subtrees: readonly (Hash | undefined)[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, subtrees: [] };

/** Adds leaves, one after the other. */
export function grownFrontier(frontier: Frontier, leaves: readonly Hash[]): Frontier {
  const subtrees = [...frontier.subtrees];
  for (const leaf of leaves) {
    let hash = leaf;
    let level = 0;
    for (let left = subtrees[level]; left !== undefined; left = subtrees[++level]) {
      hash = nodeHash(left, hash);
      subtrees[level] = undefined;
    }
    // An empty array is filled from level 0 on, so that it never has holes.
    subtrees[level] = hash;
  }
  return { size: frontier.size + leaves.length, subtrees };
}

export function frontierRoot({ subtrees }: Frontier): Hash {
  return foldSubtrees(subtrees.toReversed().filter((hash) => hash !== undefined));
}
