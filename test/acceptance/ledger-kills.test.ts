import { expect, it, onTestFinished } from 'vitest';
import { writersWorld } from './ledger-writers.ts';

it('a ledger in a folder is whole after each of 200 random kills, two writers at a time', async () => {
  const world = await writersWorld();
  onTestFinished(() => world.stop());
  for (let round = 0; round < 5; round++) {
    await world.killAtRandom(40, 2, 40);
    await world.expectWhole();
  }
});

it('two processes append 500 entries each to a folder: nothing is lost, nothing is there twice', async () => {
  const world = await writersWorld();
  onTestFinished(() => world.stop());
  const writers = ['left', 'right'].map((name) => world.start(name, 500, 1));
  expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0]);
  expect(await world.expectWhole()).toBe(1001);
});
