import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/ledger/bytes.ts';
import { type Edge, edgeRoot, growEdge, readEdge } from '../../src/ledger/edge.ts';
import {
  consistencyRanges,
  EMPTY_ROOT,
  inclusionRanges,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/merkle.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { rangeHashes } from '../../src/ledger/tiles.ts';
import { HashList } from '../../src/ledger/verify/hash-list.ts';
import { Pyramid } from '../../src/ledger/verify/pyramid.ts';

/** RFC 6962 section 2.1 word for word, slow and independent of the code under test. */
function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) {
    return createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), only]))
      .digest();
  }
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const parts = [Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))];
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => Buffer.from(`leaf ${at}`));
}

async function tiled(count: number) {
  const store = memoryStore();
  const { edge, tiles } = growEdge({ size: 0, levels: [] }, leavesOf(count).map(leafHash));
  await store.put(tiles);
  return { store, edge };
}

const VECTORS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the Merkle tree (RFC 6962)', () => {
  it('gives the roots of the Certificate Transparency test vectors', () => {
    const hashes = VECTORS.map((hex) => leafHash(Buffer.from(hex, 'hex')));
    expect(toHex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(ROOTS.map((_, at) => toHex(rootOf(hashes.slice(0, at + 1))))).toEqual(ROOTS);
  });

  it('gives the same root by hashing all, by the edge, by the pyramid and by the definition', async () => {
    for (const count of [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 800]) {
      const expected = toHex(naiveRoot(leavesOf(count)));
      const hashes = leavesOf(count).map(leafHash);
      const { store, edge } = await tiled(count);
      expect(toHex(rootOf(hashes))).toBe(expected);
      expect(toHex(edgeRoot(edge))).toBe(expected);
      expect(toHex(edgeRoot(await readEdge(store, count)))).toBe(expected);
      expect(toHex(new Pyramid(HashList.of(hashes)).root(count))).toBe(expected);
    }
  });

  it('grows to the same edge and tiles whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 5 }), async (batches) => {
        const total = batches.reduce((sum, one) => sum + one, 0);
        const hashes = leavesOf(total).map(leafHash);
        const store = memoryStore();
        let edge: Edge = { size: 0, levels: [] };
        for (const batch of batches) {
          const grown = growEdge(edge, hashes.slice(edge.size, edge.size + batch));
          await store.put(grown.tiles);
          edge = grown.edge;
        }
        const whole = await tiled(total);
        expect(toHex(edgeRoot(edge))).toBe(toHex(edgeRoot(whole.edge)));
        for (const [key, bytes] of whole.store.objects)
          expect(toHex(store.objects.get(key) ?? Buffer.of())).toBe(toHex(bytes));
      }),
      { numRuns: 20 },
    );
  });

  it('carries a third tile level at 65,536 leaves', () => {
    const hash = leafHash(Buffer.of());
    const { edge, tiles } = growEdge({ size: 65535, levels: levelsOf(65535) }, [hash, hash]);
    expect(edge.levels.map((level) => level.length)).toEqual([1, 0, 1]);
    expect(tiles.map((tile) => tile.key).sort()).toEqual([
      'tile/0/255',
      'tile/0/256.p/1',
      'tile/1/000',
      'tile/2/000.p/1',
    ]);
    expect(toHex(edgeRoot(edge))).toBe(toHex(rootOf(Array.from({ length: 65537 }, () => hash))));
  });

  it('proves inclusion of every leaf from tiles, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), async (size, seed) => {
        const index = seed % size;
        const { store, edge } = await tiled(size);
        const leaf = leafHash(leavesOf(size)[index] as Uint8Array);
        const proof = await rangeHashes(store, inclusionRanges(index, size), size);
        const root = edgeRoot(edge);
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leafHash(Buffer.of(1)), index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false);
        if (size > 1) {
          expect(verifyInclusion(leaf, (index + 1) % size, size, proof, root)).toBe(false);
          expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        }
        expect(verifyInclusion(leaf, size, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, -1, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, 0.5, size, proof, root)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('proves that a log begins with an earlier one, and refuses a fork', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), async (size, seed) => {
        const olderSize = (seed % size) + 1;
        const { store, edge } = await tiled(size);
        const ranges = olderSize === size ? [] : consistencyRanges(olderSize, size);
        const proof = await rangeHashes(store, ranges, size);
        const newer = { size, root: edgeRoot(edge) };
        const older = { size: olderSize, root: rootOf(leavesOf(olderSize).map(leafHash)) };
        expect(verifyConsistency(older, newer, proof)).toBe(true);
        expect(verifyConsistency({ ...older, root: EMPTY_ROOT }, newer, proof)).toBe(false);
        expect(verifyConsistency(older, { ...newer, root: EMPTY_ROOT }, proof)).toBe(false);
        expect(verifyConsistency(older, newer, [...proof, EMPTY_ROOT])).toBe(false);
        if (proof.length > 0) expect(verifyConsistency(older, newer, proof.slice(1))).toBe(false);
        if (olderSize < size) expect(verifyConsistency(newer, older, proof)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('takes any log for a continuation of the empty one', () => {
    const empty = { size: 0, root: EMPTY_ROOT };
    const newer = { size: 3, root: rootOf(leavesOf(3).map(leafHash)) };
    expect(verifyConsistency(empty, newer, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: newer.root }, newer, [])).toBe(false);
  });
});

/** The edge of a log of equal leaves, without hashing them all one by one. */
function levelsOf(size: number): Uint8Array[][] {
  const levels: Uint8Array[][] = [];
  let hash = leafHash(Buffer.of());
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) {
    const here = hash;
    levels.push(Array.from({ length: rest % 256 }, () => here));
    hash = rootOf(Array.from({ length: 256 }, () => here));
  }
  return levels;
}
