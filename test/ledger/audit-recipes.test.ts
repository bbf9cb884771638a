import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatEntryKey } from '../../src/ledger/trust.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
import { exported } from '../support/export-world.ts';
import { change, freshLedger, scanOf, ticking } from '../support/ledger-world.ts';

const hasOpenssl = ['openssl', 'bash'].every((tool) => {
  return spawnSync(tool, [tool === 'bash' ? '--version' : 'version']).status === 0;
});
const docs = readFileSync(fileURLToPath(new URL('../../docs/audit-without-us.md', import.meta.url)), 'utf8');

let home: string;
const store = memoryStore();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'audit-'));
  const ledger = await freshLedger(store);
  const clock = ticking();
  const changes = [change('policy', 'long '.repeat(300), 'kurz € 😀'), change('tags["a b"]', null, 'x')];
  for (let live = 0; live < 3; live++) {
    const drifts = [{ address: 'aws_lambda_function.web', changes: [...changes, change('timeout', 5, live)] }];
    await recordScan(ledger, scanOf(['aws_lambda_function.web'], drifts), clock);
  }
  await writeFile(join(home, 'entry.pem'), formatEntryKey(ledger.signer.publicKey));
  await writeFile(join(home, 'log.vkey'), `${ledger.notary.vkey}\n`);
  for (const [key, bytes] of store.objects) {
    const path = join(home, '.driftbom', 'ledger', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  for (const [format, folder] of [
    ['tlog-proof', 'proofs'],
    ['sigstore', 'bundles'],
  ] as const) {
    await mkdir(join(home, folder));
    for (const [name, bytes] of (await exported(ledger, format)).files)
      await writeFile(join(home, folder, name), bytes);
  }
  // Where a reader would have installed Sigstore's packages.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(home, 'node_modules'));
  await writeFile(
    join(home, 'check.mjs'),
    blocks('js').find((block) => block.startsWith('// recipe: sigstore')) as string,
  );
});
afterAll(() => rm(home, { recursive: true, force: true }));

function blocks(language: string): string[] {
  return [...docs.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] as string,
  );
}

/** Runs recipes of the page as they stand there, one after the other, with the page's own settings and `index`. */
function run(recipes: string | readonly string[], index = 0) {
  const [settings, ...rest] = blocks('sh');
  const set = (settings as string)
    .replace('INDEX=0', `INDEX=${index}`)
    .replaceAll('entry-000000', `entry-${String(index).padStart(6, '0')}`);
  const scripts = [recipes].flat().map((name) => rest.find((block) => block.startsWith(`# recipe: ${name}\n`)));
  const done = spawnSync('bash', ['--norc', '-c', [set, ...scripts].join('\n')], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TMPDIR: home },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Runs the page's program for a Sigstore client. */
function check(bundle: string) {
  const argv = ['check.mjs', bundle, 'bundles/trusted_root.json', 'entry.pem'];
  const done = spawnSync(process.execPath, argv, { cwd: home, encoding: 'utf8' });
  return { code: done.status, out: done.stdout };
}

describe('an auditor with a Sigstore client', () => {
  it('verifies an exported entry with the program on the page', () => {
    expect(check('bundles/entry-000004.sigstore.json')).toEqual({ code: 0, out: 'verified entry 4\n' });
  }, 30_000);

  it('notices an altered payload and an index that differs beside the proof', async () => {
    const bundle = readFileSync(join(home, 'bundles/entry-000004.sigstore.json'), 'utf8');
    await writeFile(join(home, 'payload.json'), bundle.replace('"payload":"ey', '"payload":"ez'));
    await writeFile(join(home, 'index.json'), bundle.replace('"logIndex":"4"}]', '"logIndex":"5"}]'));
    for (const file of ['payload.json', 'index.json']) expect(check(file)).toMatchObject({ code: 1, out: '' });
  }, 30_000);
});

describe.runIf(hasOpenssl)('an auditor with openssl alone', () => {
  it('verifies the signature of every entry', () => {
    for (let index = 0; index < 6; index++) {
      const { code, out } = run('entry', index);
      expect(out).toMatch(/^Verified OK\n\{"_type":"https:\/\/in-toto.io\/Statement\/v1"/);
      expect(code).toBe(0);
    }
  });

  it('finds each document under its own digest', () => {
    expect(run('documents')).toEqual({ code: 0, out: '', err: '' });
  });

  it('verifies the head', () => {
    const { code, out } = run('head');
    expect(out).toContain('Signature Verified Successfully\nledger.example/test\n6\n');
    expect(code).toBe(0);
  });

  it('computes the root', () => {
    expect(run('root')).toEqual({ code: 0, out: 'root matches\n', err: '' });
  });

  it('finds the digest of every entry in its leaf', () => {
    for (let index = 0; index < 6; index++) {
      const { code, out } = run(['entry', 'leaf'], index);
      expect(out).toMatch(/leaf matches\n$/);
      expect(code).toBe(0);
    }
  });

  it('follows the proof of every exported entry to the root', () => {
    for (let index = 0; index < 6; index++) {
      expect(run('proof', index)).toEqual({ code: 0, out: 'root matches\n', err: '' });
    }
  });

  it('verifies a head that another key signed too', async () => {
    const path = join(home, '.driftbom', 'ledger', 'checkpoint');
    const note = store.objects.get('checkpoint') as Uint8Array;
    await writeFile(path, Buffer.concat([note, Buffer.from('\u2014 witness.example AAAAAAEC\n')]));
    expect(run('head').code).toBe(0);
    await writeFile(path, note);
  });

  it('notices one altered byte in each', async () => {
    const wounds = [
      ['entry', 'dsse/000.intoto.jsonl', 40],
      ['head', 'checkpoint', 3],
      ['root', 'tile/entries/000.p/6', 60],
    ] as const;
    for (const [recipe, key, at] of wounds) {
      const path = join(home, '.driftbom', 'ledger', key);
      const bytes = store.objects.get(key) as Uint8Array;
      const altered = Uint8Array.from(bytes);
      altered[at] = (altered[at] as number) ^ 1;
      await writeFile(path, altered);
      expect(run(recipe).code).not.toBe(0);
      await writeFile(path, bytes);
    }
    const document = [...store.objects.keys()].find((key) => key.startsWith('state/')) as string;
    await writeFile(join(home, '.driftbom', 'ledger', document), 'x');
    expect(run('documents').out).toContain(`altered: .driftbom/ledger/${document}`);
    await writeFile(join(home, '.driftbom', 'ledger', document), store.objects.get(document) as Uint8Array);
    const leaf = join(home, 'proofs', 'entry-000000.leaf.json');
    await writeFile(leaf, readFileSync(leaf, 'utf8').replace('0.0.2', '0.0.3'));
    expect(run('proof').code).not.toBe(0);
  });
});

if (!hasOpenssl) {
  process.stderr.write(
    'SKIPPED: openssl or bash is not on PATH, the recipes of docs/audit-without-us.md were not run\n',
  );
}
