import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatEntryKey } from '../../src/ledger/trust.ts';
import { recordScan } from '../../src/ledger/record.ts';
import { memoryStore } from '../../src/ledger/stores/memory.ts';
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
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs a recipe of the page as it stands there, with the page's own settings and `index`. */
function run(recipe: string, index = 0) {
  const blocks = [...docs.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  const settings = (blocks[0] as string).replace('INDEX=0', `INDEX=${index}`);
  const script = blocks.find((block) => block.startsWith(`# recipe: ${recipe}\n`));
  const done = spawnSync('bash', ['--norc', '-c', `${settings}\n${script}`], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TMPDIR: home },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

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
  });
});

if (!hasOpenssl) {
  process.stderr.write(
    'SKIPPED: openssl or bash is not on PATH, the recipes of docs/audit-without-us.md were not run\n',
  );
}
