import { sameBytes, sha256 } from './bytes.ts';

/** A SHA-256 hash, 32 bytes. */
export type Hash = Uint8Array;

/** The leaves [start, end) of the log. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: the 2^level leaves that begin at index * 2^level. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** Root of the empty tree (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Hash = sha256();

/** Leaf hash (RFC 6962 section 2.1). */
export function leafHash(leaf: Uint8Array): Hash {
  return sha256(LEAF_PREFIX, leaf);
}

/** Interior hash (RFC 6962 section 2.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256(NODE_PREFIX, left, right);
}

/** The complete subtrees that make up a range which RFC 6962 splits off, from left to right. */
export function subtreesOf(range: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  let start = range.start;
  while (start < range.end) {
    let level = 0;
    let span = 1;
    while (span * 2 <= range.end - start) {
      span *= 2;
      level++;
    }
    subtrees.push({ level, index: start / span });
    start += span;
  }
  return subtrees;
}

/** Hash of a range from the hashes of its subtrees (left to right); the empty root for none. */
export function foldSubtrees(hashes: readonly Hash[]): Hash {
  let folded = hashes.at(-1);
  if (folded === undefined) return EMPTY_ROOT;
  for (let at = hashes.length - 2; at >= 0; at--) folded = nodeHash(hashes[at] as Hash, folded);
  return folded;
}

/** Root over hashes that stand side by side at one level (MTH of RFC 6962 section 2.1, over hashed leaves). */
export function rootOf(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return EMPTY_ROOT;
  let level = hashes;
  while (level.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) above.push(nodeHash(level[at] as Hash, level[at + 1] as Hash));
    if (level.length % 2 === 1) above.push(level.at(-1) as Hash);
    level = above;
  }
  return level[0] as Hash;
}

/** Ranges whose hashes prove that a leaf is in a tree, from the leaf's sibling upward (RFC 6962 section 2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** Ranges whose hashes prove that a tree begins with an older one, 0 < older <= size (RFC 6962 section 2.1.2). */
export function consistencyRanges(older: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  // Whether the older tree is, as a whole, the left part of what is looked at: its root is known to the checker then.
  let whole = true;
  while (older !== end) {
    const middle = start + splitPoint(end - start);
    if (older <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
      whole = false;
    }
  }
  if (!whole) ranges.push({ start, end });
  return ranges.reverse();
}

/** Largest power of two below n. */
function splitPoint(n: number): number {
  let span = 1;
  while (span * 2 < n) span *= 2;
  return span;
}

/** Checks an inclusion proof (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const sides = sidesOf(index, size - 1, proof.length);
  if (sides === undefined) return false;
  const folded = proof.reduce((hash, sibling, at) => {
    return sides[at] === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }, leaf);
  return sameBytes(folded, root);
}

/** One tree head: how many leaves, and the root over them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/** Checks that the newer tree begins with the older one (RFC 9162 section 2.1.4.2; the empty tree begins any). */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Hash[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  if (older.size === 0) return proof.length === 0 && sameBytes(older.root, EMPTY_ROOT);
  let fn = older.size - 1;
  let sn = newer.size - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  // A power of two: the older root itself is the first hash, and the proof leaves it out.
  const [first, ...siblings] = fn === 0 ? [older.root, ...proof] : proof;
  const sides = sidesOf(fn, sn, siblings.length);
  if (first === undefined || sides === undefined) return false;
  let oldHash = first;
  let newHash = first;
  siblings.forEach((sibling, at) => {
    if (sides[at] === 'left') oldHash = nodeHash(sibling, oldHash);
    newHash = sides[at] === 'left' ? nodeHash(sibling, newHash) : nodeHash(newHash, sibling);
  });
  return sameBytes(oldHash, older.root) && sameBytes(newHash, newer.root);
}

/**
 * On which side each hash of a proof stands, on the way up from node `fn` of a level whose last node is `sn` (the loop
 * that both algorithms of RFC 9162 share). Undefined where a proof of that length does not lead exactly to the root.
 */
function sidesOf(start: number, last: number, length: number): ('left' | 'right')[] | undefined {
  const sides: ('left' | 'right')[] = [];
  let fn = start;
  let sn = last;
  for (let at = 0; at < length; at++) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      sides.push('left');
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      sides.push('right');
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? sides : undefined;
}
