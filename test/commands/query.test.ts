import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBigLedger } from '../support/big-ledger.ts';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

let world: CliWorld;
/** A drift in a scan at 03:00, gone in one at 05:00. */
beforeAll(async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  await world.run('scan');
  world.pass(2);
  world.tiny.setLive({});
  await world.run('scan');
  world.pass(1);
});
afterAll(() => world.remove());

/** The ledger with its keys under another name, to be spoiled. */
function copied(name: string): string {
  cpSync(join(world.folder, '.driftbom/ledger'), join(world.folder, name), { recursive: true });
  cpSync(join(world.folder, '.driftbom/keys'), join(world.folder, `${name}-keys`), { recursive: true });
  return name;
}

describe('driftbom log', () => {
  it('lists what happened, newest first, and says what it left out', async () => {
    const { code, out } = await world.run('log');
    expect(code).toBe(0);
    expect([...out.matchAll(/^#(\d+)/gm)].map((match) => match[1])).toEqual(['2', '0']);
    expect(out).toContain('size  4 → 900');
    expect(out).toContain('ended: live is what was declared again, entry #2');
    expect(out).toMatch(/driftbom: 2 of 4 entries\n {2}2 scans are not listed \(--kind scan\)\n$/);
  });

  it.each([
    [
      ['--kind', 'scan'],
      ['3', '1'],
    ],
    [
      ['--kind', 'all', '--reverse'],
      ['0', '1', '2', '3'],
    ],
    [['--resolved', '--limit', '1'], ['2']],
    [['--open'], []],
    [['--since', '2h'], ['2']],
    [['--recorded-until', '2026-03-14T04:00:00Z'], ['0']],
    [
      ['--address', 'tiny_server.web', '--attribute', 'size', '--type', 'tiny_*'],
      ['2', '0'],
    ],
    [
      ['--verdict', 'not-attempted,confirmed'],
      ['2', '0'],
    ],
    [['--actor', 'nobody'], []],
    [['--no-index', '--address', 'module.nowhere'], []],
  ])('answers %j', async (options, indexes) => {
    const { code, out, err } = await world.run('log', ...options);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect([...out.matchAll(/^#(\d+)/gm)].map((match) => match[1])).toEqual(indexes);
    if (indexes.length === 0) expect(out).toContain('no entry matches; 4 entries looked at');
  });

  it('prints JSON Lines, the last of which tells what was looked at', async () => {
    const lines = (await world.run('log', '--json', '--open')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'end', shown: 0, looked: 4, erased: 0, gaps: 0 },
    ]);
  });

  it.each([
    [['--since', 'yesterday'], /RFC|how long ago/],
    [['--kind', 'drfit'], /Known are: scan, drift/],
    [['--verdict', 'sure'], /Known are: confirmed/],
    [['--open', '--resolved'], /E_USAGE/],
    [['--since', '1h', '--until', '2h'], /E_USAGE/],
    [['--ledger', 'nowhere'], /E_LEDGER_MISSING/],
  ])('refuses %j in one line', async (options, message) => {
    const { code, out, err } = await world.run('log', ...options);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
  });
});

describe('driftbom show', () => {
  it('answers for an index, a digest and an address alike', async () => {
    const byIndex = await world.run('show', '#2');
    const digest = /sha256 ([0-9a-f]{64})/.exec(byIndex.out)?.[1] as string;
    for (const word of ['2', digest, digest.slice(0, 20), 'tiny_server.web']) {
      expect(await world.run('show', word)).toEqual(byIndex);
    }
    expect(byIndex.out).toContain('inclusion verified under the checkpoint of 4 entries');
    expect(byIndex.out).toContain('your own key');
    expect(byIndex.out).toMatch(/story {7}#0 drift[\s\S]+#2 \(this one\) resolved, reverted/);
  });

  it('tells of a payload that was erased, and on whose word', async () => {
    const ledger = copied('erased');
    const people = ['--requested-by', 'alice', '--approved-by', 'bob', '--reason', 'personal data'];
    expect((await world.run('erase', '0', ...people, '--ledger', ledger)).err).toBe('');
    const { code, err } = await world.run('show', '0', '--ledger', ledger);
    expect(code).toBe(1);
    expect(err).toContain('E_NOT_FOUND: the payload of entry 0 was erased: requested by alice, approved by bob');
    const { out } = await world.run('log', '--ledger', ledger);
    expect(out).toContain('1 entry was erased and could not be looked at');
  });

  it('does not know what is not there', async () => {
    expect((await world.run('show', '17')).err).toContain('E_NOT_FOUND: there is no entry 17');
    expect((await world.run('show', 'tiny_server.nobody')).err).toContain('E_NOT_FOUND');
  });

  it('refuses an entry whose payload was altered', async () => {
    const ledger = copied('altered');
    const name = `${ledger}/dsse/000.intoto.jsonl`;
    world.write(name, world.read(name).replace(/("payload":"[A-Za-z0-9+/]{40})./, '$1x'));
    expect((await world.run('show', '2', '--ledger', ledger)).err).toContain('E_LEDGER_CORRUPT');
  });
});

describe('driftbom blame and diff', () => {
  it('put the way back down to the entry of the way back', async () => {
    const { code, out } = await world.run('blame', 'tiny_server.web');
    expect(code).toBe(0);
    expect(out).toMatch(/size {2}900 → 4\n +entry {2}#2 /);
    expect((await world.run('blame', 'tiny_server.db')).out).toContain('no change of tiny_server.db');
    expect(JSON.parse((await world.run('blame', '*', '--json')).out)).toMatchObject({ schema: 'driftbom.blame/v1' });
  });

  it('tell two moments apart, on either axis, and until now', async () => {
    const at = (time: string) => ['--at', `2026-03-14T${time}Z`];
    const opened = await world.run('diff', '--recorded', ...at('02:00:00'), ...at('04:00:00'));
    expect(opened.out).toMatch(/0 drifts open → 1 drift open[\s\S]+size {2}4 → 900/);
    expect((await world.run('diff', '--recorded', ...at('02:00:00'))).out).toContain('as it was again: 1');
    const json = await world.run('diff', '--json', ...at('04:00:00'), 'tiny_server.web');
    expect(JSON.parse(json.out)).toMatchObject({
      openBefore: 1,
      openAfter: 0,
      changed: [{ changes: [{ before: 900 }] }],
    });
    expect((await world.run('diff')).err).toContain('E_USAGE');
  });
});

describe('the index of a large ledger', () => {
  it('is made beside it, used again, and changes no answer', async () => {
    await writeBigLedger({
      entries: 4200,
      resources: 500,
      put: async (objects) => {
        for (const { key, bytes } of objects) {
          const path = join(world.folder, 'big', key);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, bytes);
        }
      },
    });
    const question = ['log', '--ledger', 'big', '--address', 'module.area3', '--open'];
    const plain = await world.run(...question, '--no-index');
    expect(plain.out).toMatch(/^driftbom: [1-9]\d* of 4200 entries$/m);
    expect(readdirSync(world.folder)).not.toContain('big.index');
    expect(await world.run(...question)).toEqual(plain);
    expect(readdirSync(join(world.folder, 'big.index'))).toContain('index.json');
    expect(await world.run(...question)).toEqual(plain);
  });
});
