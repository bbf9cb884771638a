import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/live/provider-pace.ts';
import { folderWith } from '../support/folder.ts';

const resources = ['quick', 'slow', 'never_read', 'slow'].map((type, i) => ({
  ref: { type, address: `${type}.n${i}` } as never,
}));
const addresses = (pace: Pace): readonly string[] =>
  pace.order(resources).map(({ ref }: { ref: { address: string } }) => ref.address);

describe('the order of reads', () => {
  it('is the given one where nothing was measured', async () => {
    expect(addresses(await Pace.of('aws', folderWith({})))).toEqual([
      'quick.n0',
      'slow.n1',
      'never_read.n2',
      'slow.n3',
    ]);
  });

  it('begins with the types that took longest in an earlier scan, of the same provider only', async () => {
    const folder = folderWith({});
    const first = await Pace.of('aws', folder);
    await first.time('quick', async () => undefined);
    expect(await first.time('slow', () => setTimeout(30, 'answer'))).toBe('answer');
    await first.remember();
    expect(addresses(await Pace.of('aws', folder))).toEqual(['slow.n1', 'slow.n3', 'quick.n0', 'never_read.n2']);
    expect(addresses(await Pace.of('google', folder))[0]).toBe('quick.n0');
  });

  it('needs no folder', async () => {
    const pace = await Pace.of('aws', undefined);
    await expect(pace.remember()).resolves.toBeUndefined();
  });
});
