import { copyFileSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  await world.run('scan');
});
afterEach(() => world.remove());

const ledger = '.driftbom/ledger';

function spoil(name: string, change: (text: string) => string): void {
  writeFileSync(join(world.folder, ledger, name), change(world.read(`${ledger}/${name}`)));
}

describe('driftbom verify', () => {
  it('names the first bad entry where a payload was altered', async () => {
    spoil('dsse/000.intoto.jsonl', (text) => text.replace(/("payload":"[A-Za-z0-9+/]{20})./, '$1x'));
    const { code, out } = await world.run('verify');
    expect(code).toBe(2);
    expect(out).toContain('payload-wrong in entry 0');
    expect(out).toMatch(/^driftbom: NOT VERIFIED 1 failure, first bad entry 0$/m);
  });

  it('reports a head that is gone or broken instead of stopping at it', async () => {
    spoil('checkpoint', (text) => text.replace('\n', ' \n'));
    expect(await world.run('verify')).toMatchObject({ code: 2, err: '' });
    rmSync(join(world.folder, ledger, 'checkpoint'));
    expect(await world.run('verify')).toMatchObject({ code: 2, err: '' });
  });

  it('notices that the last scan was cut off, against a checkpoint that was kept elsewhere', async () => {
    cpSync(join(world.folder, ledger), join(world.folder, 'backup'), { recursive: true });
    world.tiny.setLive({});
    await world.run('scan');
    copyFileSync(join(world.folder, ledger, 'checkpoint'), join(world.folder, 'kept'));
    rmSync(join(world.folder, ledger), { recursive: true });
    cpSync(join(world.folder, 'backup'), join(world.folder, ledger), { recursive: true });
    expect((await world.run('verify')).code).toBe(0);
    const { code, out } = await world.run('verify', '--checkpoint', 'kept');
    expect(code).toBe(2);
    expect(out).toContain('rolled-back');
  });

  it('trusts keys that were given over the ledger’s word for itself, and says whose word it is', async () => {
    const keys = readdirSync(join(world.folder, ledger, 'keys'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(pem|vkey)$/.test(name))
      .flatMap((name) => ['--key', `${ledger}/keys/${name}`]);
    expect((await world.run('verify', ...keys)).out).toContain('keys: those that you gave');
    rmSync(join(world.folder, '.driftbom/keys'), { recursive: true });
    expect((await world.run('verify')).out).toContain('word for itself');
    const other = cliWorld();
    await other.run('init');
    const foreign = readdirSync(join(other.folder, ledger, 'keys/entry')).map((name) =>
      join(other.folder, ledger, 'keys/entry', name),
    );
    const { code, out } = await world.run(
      'verify',
      ...keys.filter((_, i) => keys[i - (i % 2) + 1]?.endsWith('.vkey')),
      '--key',
      foreign[0] as string,
    );
    other.remove();
    expect(code).toBe(2);
    expect(out).toContain('key-not-allowed');
  });

  it('checks the tree alone where that is asked, and never calls that verified', async () => {
    const { code, out } = await world.run('verify', '--tree-only');
    expect(code).toBe(0);
    expect(out).toMatch(/^driftbom: TREE VERIFIED 2 leaves; no entry was read$/m);
    expect(out).toContain('not checked: what the entries say');
    expect(out).not.toContain('driftbom: VERIFIED');
    expect(out).not.toMatch(/[^,] signature/);
    const json = JSON.parse((await world.run('verify', '--tree-only', '--json')).out) as unknown;
    expect(json).toMatchObject({ ok: true, scope: 'tree', checked: { entries: 0, signatures: 0 } });
    expect(await world.run('verify', '--tree-only', '--signatures')).toMatchObject({ code: 1, out: '' });
    const [bundle] = readdirSync(join(world.folder, ledger, 'tile/entries/000.p'));
    spoil(`tile/entries/000.p/${bundle}`, (text) => text.replace('hashedrekord', 'hashedRekord'));
    expect((await world.run('verify', '--tree-only')).code).toBe(2);
  });

  it('answers as JSON', async () => {
    const { code, out } = await world.run('verify', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schema: 'driftbom.verify/v1', ok: true, trustedKeys: 'own', size: 2 });
  });
});

describe('a ledger that was tampered with', () => {
  it('is not appended to', async () => {
    spoil('checkpoint', (text) => text.replace('\n', ' \n'));
    const { code, err } = await world.run('scan');
    expect(code).toBe(1);
    expect(err).toContain('E_LEDGER_CORRUPT');
  });

  it('gives no report where an entry cannot be believed, and one with a warning where a kept checkpoint cannot', async () => {
    spoil('checkpoints/0', (text) => text.replace('\n', ' \n'));
    const warned = await world.run('report', 'incident');
    expect(warned.code).toBe(0);
    expect(warned.out).toContain('The ledger does not verify. Do not rely on what stands below.');
    spoil('dsse/000.intoto.jsonl', (text) => text.replace(/("payload":"[A-Za-z0-9+/]{20})./, '$1x'));
    const refused = await world.run('report', 'incident');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('E_LEDGER_CORRUPT');
  });
});

describe('driftbom init', () => {
  it('makes keys that only their owner may read, a log, and nothing the second time', async () => {
    const fresh = cliWorld();
    const { out } = await fresh.run('init', '--origin', 'ledger.example/acme');
    expect(out).toContain('ledger.example/acme');
    expect((await fresh.run('init')).out).toContain('are there already');
    expect((await fresh.run('verify')).code).toBe(0);
    const clash = await fresh.run('init', '--origin', 'ledger.example/other');
    expect(clash.err).toContain('E_USAGE');
    fresh.remove();
  });
});
