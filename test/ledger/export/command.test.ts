import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../../src/ledger/export/formats.ts';
import { PROOF_DIAGNOSTICS } from '../../../src/ledger/export/verify-proof.ts';
import { newEntryKey } from '../../../src/ledger/signers/local.ts';
import { type CliWorld, cliWorld } from '../../support/cli-world.ts';

let world: CliWorld;

/** Entries 0 drift, 1 scan. */
beforeAll(async () => {
  world = cliWorld();
  world.tiny.setLive({ web: { size: 900 } });
  await world.run('scan');
}, 60_000);
afterAll(() => world.remove());

const LEDGER = '.driftbom/ledger';

function keyFile(use: 'entry' | 'checkpoint'): string {
  return join(LEDGER, 'keys', use, readdirSync(join(world.folder, LEDGER, 'keys', use))[0] as string);
}

describe('driftbom export', () => {
  it('writes Sigstore bundles that driftbom verify accepts with keys from elsewhere, without the ledger', async () => {
    const { code, err } = await world.run('export', '--format', 'sigstore', '-o', 'out/sigstore');
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringMatching(/exported 2 of 2 chosen entries as sigstore/),
    });
    world.write('elsewhere/entry.pem', world.read(keyFile('entry')));
    const bundle = 'out/sigstore/entry-000000.sigstore.json';
    const root = 'out/sigstore/trusted_root.json';
    const trusted = ['--key', 'elsewhere/entry.pem', '--trusted-root', root, '--ledger', 'nowhere'];
    const verified = await world.run('verify', '--bundle', bundle, ...trusted);
    expect(verified.out).toMatch(/driftbom: VERIFIED drift entry 0\n$/);
    expect(verified.code).toBe(0);
    world.write('altered.json', world.read(bundle).replace('"logIndex":"0"}]', '"logIndex":"1"}]'));
    const refused = await world.run('verify', '--bundle', 'altered.json', ...trusted, '--json');
    expect(JSON.parse(refused.out)).toMatchObject({
      ok: false,
      trustedKeys: 'given',
      failures: [{ code: 'index-wrong', index: 0 }],
    });
    expect(refused.code).toBe(2);
  });

  it('writes tlog-proofs, which a log key file verifies too', async () => {
    await world.run('export', '--format', 'tlog-proof', '--entry', '1', '-o', 'out/proofs');
    const trusted = ['--key', keyFile('entry'), '--key', 'out/proofs/log.vkey'];
    const verified = await world.run('verify', '--bundle', 'out/proofs/entry-000001.tlog-proof', ...trusted);
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/VERIFIED scan entry 1\n$/) });
    const own = await world.run('verify', '--bundle', 'out/proofs/entry-000001.tlog-proof');
    expect(own).toMatchObject({ code: 0, out: expect.stringMatching(/keys: those of the ledger at hand/) });
  });

  it('says beside every folder what it holds, each file by its digest', async () => {
    for (const format of ['sigstore', 'tlog-proof', 'makoto-v0.1', 'makoto-v0.2']) {
      const folder = `out/all-${format}`;
      expect((await world.run('export', '--format', format, '-o', folder)).code).toBe(0);
      const { files, ...summary } = JSON.parse(world.read(`${folder}/export.json`));
      expect(summary).toMatchObject({ schema: 'driftbom.export/v1', format, range: [0, 2], selected: 2 });
      const written = readdirSync(join(world.folder, folder), { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      expect(written.length).toBe(Object.keys(files).length + 1);
      for (const [name, sha256] of Object.entries(files)) {
        expect(
          createHash('sha256')
            .update(world.read(`${folder}/${name}`))
            .digest('hex'),
        ).toBe(sha256);
      }
    }
  });

  it('writes CSV and JSON Lines to a file whose SHA-256 it prints, or to stdout', async () => {
    for (const format of ['csv', 'jsonl']) {
      const { err } = await world.run('export', '--format', format, '-o', `out/population.${format}`);
      const content = world.read(`out/population.${format}`);
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(err).toContain(`sha256 ${sha256}  out/population.${format}`);
      expect(JSON.parse(world.read(`out/population.${format}.export.json`)).files).toEqual({
        [`out/population.${format}`]: sha256,
      });
      const { out } = await world.run('export', '--format', format, '-o', '-');
      expect(out).toBe(content);
    }
  });

  it('signs Makoto v0.2 with the key that was given, and with no other kind of key', async () => {
    writeFileSync(join(world.folder, 'ed.pem'), newEntryKey('ed25519'));
    writeFileSync(join(world.folder, 'ec.pem'), newEntryKey());
    expect((await world.run('export', '--format', 'makoto-v0.2', '--key', 'ed.pem', '-o', 'out/signed')).code).toBe(0);
    const made = await world.run('export', '--format', 'makoto-v0.2', '--key', 'ec.pem', '-o', 'out/ec');
    expect(made).toMatchObject({ code: 1, err: expect.stringMatching(/E_KEY.*no other algorithm than Ed25519/) });
    const missing = await world.run('export', '--format', 'makoto-v0.2', '--key', 'none.pem', '-o', 'out/none');
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/E_KEY.*ENOENT/) });
    const surplus = await world.run('export', '--format', 'csv', '--key', 'ed.pem', '-o', 'out/x.csv');
    expect(surplus).toMatchObject({ code: 1, err: expect.stringMatching(/E_USAGE/) });
  });

  it.each([
    [['--format', 'sigstore', '-o', '-'], /E_USAGE.*folder/],
    [['--format', 'sigstore', '-o', 'full'], /E_OUTPUT.*not empty/],
    [['--format', 'sigstore', '-o', 'terraform.tfstate'], /E_OUTPUT.*ENOTDIR/],
    [['--format', 'csv', '-o', 'terraform.tfstate/x.csv'], /E_OUTPUT/],
    [['--format', 'csv', '-o', 'x.csv', '--entry', '0', '--from', '2026-01-01'], /E_USAGE.*choose twice/],
    [['--format', 'csv', '-o', 'x.csv', '--entry', '17'], /E_NOT_FOUND.*17/],
    [['--format', 'csv', '-o', 'x.csv', '--ledger', 'nowhere'], /E_LEDGER_MISSING/],
    [['--format', 'pdf', '-o', 'x'], /choices/],
    [['-o', 'x'], /required option.*--format/],
  ])('refuses %j and leaves nothing behind', async (argv, error) => {
    world.write('full/of.txt', 'something');
    const { code, err } = await world.run('export', ...argv);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(error) });
    expect(existsSync(join(world.folder, 'x.csv'))).toBe(false);
    expect(readdirSync(world.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('exports nothing from a ledger that does not verify', async () => {
    const file = `${LEDGER}/dsse/000.intoto.jsonl`;
    const content = world.read(file);
    world.write(file, content.replace('"payload":"e', '"payload":"f'));
    const { code, err } = await world.run('export', '--format', 'csv', '-o', 'bad.csv');
    world.write(file, content);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/E_LEDGER_CORRUPT.*nothing was exported/),
    });
    expect(existsSync(join(world.folder, 'bad.csv'))).toBe(false);
  });
});

describe('driftbom verify --bundle', () => {
  it('asks for the key that is missing, and refuses what is no key, no root and no file', async () => {
    await world.run('export', '--format', 'sigstore', '-o', 'out/again');
    const bundle = ['verify', '--bundle', 'out/again/entry-000000.sigstore.json'];
    const root = ['--trusted-root', 'out/again/trusted_root.json'];
    expect((await world.run(...bundle, ...root)).err).toMatch(/E_USAGE.*no entry key/);
    expect((await world.run(...bundle, '--key', keyFile('entry'))).err).toMatch(/E_USAGE.*no checkpoint key/);
    expect((await world.run(...bundle, '--key', keyFile('entry'), '--trusted-root', 'main.tf')).err).toMatch(
      /E_KEY.*no trusted root/,
    );
    expect((await world.run('verify', '--bundle', 'none.json')).err).toMatch(/E_NOT_FOUND.*none\.json/);
  });
});

describe('the page on the ledger format', () => {
  it('explains every format of an export, and every code that a proof alone can be refused with', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/ledger-format.md'), 'utf8');
    const rows = [...page.slice(page.indexOf('## Exports')).matchAll(/^\| `([a-z0-9.-]+)` \|/gm)].map(
      (match) => match[1],
    );
    expect(rows.toSorted()).toEqual([...EXPORT_FORMATS, ...PROOF_DIAGNOSTICS].sort());
  });
});
