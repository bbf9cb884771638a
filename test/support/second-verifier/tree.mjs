// The log: heads, leaves, tiles, kept checkpoints. From docs/ledger-format.md alone; no line of driftbom.
import { as, hash, linesPath, must, openCheckpoint, parseBundle, tilePath } from './format.mjs';

/** RFC 6962 section 2.1, over hashed leaves. */
function rootOf(hashes) {
  if (hashes.length === 0) return hash();
  if (hashes.length === 1) return hashes[0];
  const half = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return hash(Buffer.of(1), rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

/** The head to hold the log against, and every other checkpoint that holds. */
export function readHeads(files, logKey, kept, { fault, attempt }) {
  const heads = [];
  for (const [key, bytes] of files) {
    if (!key.startsWith('checkpoints/')) continue;
    const head = attempt(null, () => as('checkpoint-wrong', () => openCheckpoint(bytes, logKey)));
    if (head !== undefined && `checkpoints/${head.size}` !== key) fault(null, 'checkpoint-wrong', key);
    else if (head !== undefined) heads.push(head);
  }
  for (const bytes of kept) {
    const head = attempt(null, () => as('checkpoint-wrong', () => openCheckpoint(bytes, logKey)));
    if (head !== undefined) heads.push(head);
  }
  const newest = files.get('checkpoint');
  if (newest === undefined) fault(null, 'head-missing', '');
  const signed = newest && attempt(null, () => as('head-wrong', () => openCheckpoint(newest, logKey)));
  return { head: signed ?? heads.toSorted((a, b) => b.size - a.size)[0], heads };
}

/** Leaves and lines of the log up to its size. */
export function readLog(files, size, { fault, attempt }) {
  const leaves = [];
  const lines = [];
  for (let n = 0; n * 256 < size; n++) {
    const width = Math.min(256, size - n * 256);
    const key = tilePath('entries', n, width);
    const bundle = files.get(key);
    if (bundle === undefined) fault(n * 256, 'bundle-missing', key);
    else leaves.push(...(attempt(null, () => parseBundle(bundle, width)) ?? []));
    // Split as bytes: a line that is no UTF-8 harms only itself.
    const text = Buffer.from(files.get(linesPath(n)) ?? '')
      .toString('latin1')
      .split('\n')
      .slice(0, -1);
    for (let at = 0; at < width; at++) lines.push(text[at] && Buffer.from(text[at], 'latin1').toString());
  }
  return { leaves, lines };
}

/** Holds the leaves against every signed root, and every tile against the leaves. */
export function checkTree(files, leaves, head, heads, { fault, attempt }) {
  const hashes = leaves.map((leaf) => hash(Buffer.of(0), leaf));
  for (const { size } of heads) if (size > head.size) fault(head.size, 'rolled-back', `${size}`);
  if (leaves.length !== head.size || !rootOf(hashes).equals(head.root)) return fault(null, 'root-wrong', '');
  const earlier = heads.filter(({ size }) => size <= head.size);
  for (const { size, root } of earlier) {
    if (!rootOf(hashes.slice(0, size)).equals(root)) fault(null, 'forked', `${size}`);
  }
  for (const size of new Set([head, ...earlier].map((one) => one.size))) {
    for (const tile of tilesOf(size)) checkTile(files, hashes, tile, size === head.size, fault);
    if (size < head.size) attempt(null, () => checkPartBundle(files, leaves, size));
  }
}

function checkTile(files, hashes, { level, n, width }, required, fault) {
  const span = 256 ** level;
  const starts = Array.from({ length: width }, (_, at) => (n * 256 + at) * span);
  const wanted = Buffer.concat(starts.map((start) => rootOf(hashes.slice(start, start + span))));
  const key = tilePath(level, n, width);
  const bytes = files.get(key);
  if (bytes === undefined && required) fault(null, 'tile-missing', key);
  if (bytes !== undefined && !wanted.equals(bytes)) fault(null, 'tile-wrong', key);
}

function* tilesOf(size) {
  for (let level = 0; 256 ** level <= size; level++) {
    const hashes = Math.floor(size / 256 ** level);
    for (let n = 0; n * 256 < hashes; n++) yield { level, n, width: Math.min(256, hashes - n * 256) };
  }
}

function checkPartBundle(files, leaves, size) {
  const width = size % 256;
  const bytes = width === 0 ? undefined : files.get(tilePath('entries', Math.floor(size / 256), width));
  if (bytes === undefined) return;
  const begun = parseBundle(bytes, width).every((leaf, at) => leaf.equals(leaves[size - width + at]));
  must(begun, 'bundle-wrong', `of the checkpoint of size ${size}`);
}
