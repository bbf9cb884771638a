import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/ledger/bytes.ts';
import type { Checkpoint } from '../../src/ledger/checkpoint.ts';
import { readCheckpoint } from '../../src/ledger/head.ts';
import { bundleKey, payloadKey, TILE_WIDTH } from '../../src/ledger/paths.ts';
import { provenReader } from '../../src/ledger/read.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { formatBundle, parseBundle, tileWidth } from '../../src/ledger/tiles.ts';
import { writeBigLedger } from '../support/big-ledger.ts';

/** A full file, another, and one that is begun. */
const SIZE = 2 * TILE_WIDTH + 77;
/** Sizes at which somebody looks: files begun, just full, just begun again. */
const HEADS = [1, 3, 200, 255, 256, 257, 300, 511, 512, 513];

const store = memoryStore();
const heads = new Map<number, Checkpoint>();

beforeAll(async () => {
  await writeBigLedger({
    entries: SIZE,
    resources: 60,
    heads: HEADS,
    put: (objects) => store.put(objects),
    onHead: async (size) => void heads.set(size, await readCheckpoint(store)),
  });
});

/** The ledger with one entry, payload and leaf alike, in the place of another of the same file. */
function replayed(from: number, to: number): Map<string, Uint8Array> {
  const copy = new Map(store.objects);
  const file = Math.floor(to / TILE_WIDTH);
  const key = bundleKey(file, tileWidth(0, file, SIZE));
  const leaves = parseBundle(copy.get(key) as Uint8Array, tileWidth(0, file, SIZE));
  copy.set(key, formatBundle(leaves.with(to % TILE_WIDTH, leaves[from % TILE_WIDTH] as Uint8Array)));
  const lines = decodeUtf8(copy.get(payloadKey(file)) as Uint8Array).split('\n');
  copy.set(payloadKey(file), encodeUtf8(lines.with(to % TILE_WIDTH, lines[from % TILE_WIDTH] as string).join('\n')));
  return copy;
}

describe('reading single entries', () => {
  it('proves every entry under every head that the log ever had', async () => {
    for (const head of heads.values()) {
      const read = provenReader(store, head);
      for (let index = 0; index < head.size; index++) expect((await read(index))?.index).toBe(index);
      await expect(read(head.size)).rejects.toThrow('beyond the head');
    }
    expect([...heads.keys()]).toEqual([...HEADS, SIZE]);
  });

  it('refuses an entry that stands in the place of another, and gives its neighbours all the same', async () => {
    const head = heads.get(SIZE) as Checkpoint;
    const place = fc.nat(SIZE - 1);
    await fc.assert(
      fc.asyncProperty(place, place, place, async (a, to, other) => {
        const file = Math.floor(to / TILE_WIDTH);
        const from = file * TILE_WIDTH + (a % tileWidth(0, file, SIZE));
        fc.pre(from !== to && other !== to);
        const read = provenReader(memoryStore(replayed(from, to)), head);
        await expect(read(to)).rejects.toThrow(`entry ${to}: its log leaf is not in the tree`);
        expect((await read(other))?.index).toBe(other);
      }),
      { numRuns: 40 },
    );
  });

  it('believes nothing under a root that is not that of the leaves', async () => {
    const head = heads.get(SIZE) as Checkpoint;
    const read = provenReader(store, { ...head, root: (heads.get(512) as Checkpoint).root });
    for (const index of [0, 255, 256, SIZE - 1]) await expect(read(index)).rejects.toThrow('not in the tree');
  });
});
