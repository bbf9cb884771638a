import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../src/infra/nightly-scan.sh', import.meta.url));
const FAKE_BIN = fileURLToPath(new URL('fake-bin', import.meta.url));

let fake = '';
const repository = (): string => join(fake, 'repository');
const bucket = (path: string): string => join(fake, 's3', path);
const read = (path: string): string => readFileSync(path, 'utf8');
const calls = (): string[] => read(join(fake, 'log')).trimEnd().split('\n');
const event = (): { Source: string; Detail: string } => JSON.parse(read(join(fake, 'event')))[0];
const detail = () => JSON.parse(event().Detail);

beforeEach(() => {
  fake = mkdtempSync(join(tmpdir(), 'nightly-'));
  mkdirSync(join(repository(), 'infra'), { recursive: true });
  writeFileSync(join(repository(), 'infra/main.tf'), '');
  mkdirSync(bucket('ledger-bucket/ledger'), { recursive: true });
  writeFileSync(bucket('ledger-bucket/ledger/checkpoint'), 'head 1\n');
  mkdirSync(join(fake, 'keys'));
  writeFileSync(join(fake, 'keys/signing-key.pem'), 'KEY');
  const packed = spawnSync('tar', ['-cz', '-C', join(fake, 'keys'), '.']);
  writeFileSync(join(fake, 'secret'), packed.stdout.toString('base64'));
});

afterEach(() => rmSync(fake, { recursive: true, force: true }));

function nightly(env: Record<string, string> = {}): { code: number | null; output: string } {
  const run = spawnSync('bash', [SCRIPT], {
    cwd: repository(),
    encoding: 'utf8',
    env: {
      PATH: [FAKE_BIN, dirname(process.execPath), process.env.PATH].join(delimiter),
      FAKE: fake,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/job',
      CODEBUILD_BUILD_ID: 'driftbom-scan:b-1',
      DRIFTBOM_DIRECTORY: 'infra',
      DRIFTBOM_LEDGER_BUCKET: 'ledger-bucket',
      DRIFTBOM_REPORT_BUCKET: 'report-bucket',
      DRIFTBOM_KEYS_SECRET: 'the-secret',
      DRIFTBOM_READER_ROLE: 'the-reader',
      DRIFTBOM_ALERT_TOPIC: 'arn:aws:sns:eu-central-1:111122223333:driftbom-alerts',
      ...env,
    },
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

describe('the nightly scan script', () => {
  it.each([
    ['0', 'in-sync'],
    ['2', 'drift'],
    ['3', 'incomplete'],
  ])('stores ledger and reports and announces the outcome after exit code %s', (code, outcome) => {
    const run = nightly({ FAKE_SCAN: code });
    expect(run.code, run.output).toBe(0);
    expect(read(bucket('ledger-bucket/ledger/checkpoint'))).toBe(outcome === 'drift' ? 'head 3\n' : 'head 2\n');
    expect(existsSync(bucket('ledger-bucket/ledger/tile-1'))).toBe(true);
    expect(event().Source).toBe('driftbom.scan');
    expect(detail()).toMatchObject({
      outcome,
      exitCode: Number(code),
      build: 'driftbom-scan:b-1',
      summary: { resources: 12, changed: 2, missing: 0, gaps: 1 },
    });
    const folder = detail().report.replace('s3://', '');
    expect(folder).toMatch(/^report-bucket\/reports\/\d{4}\/\d{2}\/\d{2}\/b-1\/$/);
    expect(readdirSync(bucket(folder)).sort()).toEqual(['scan.html', 'scan.json', 'scan.md']);
  });

  it.each(['1', '130', '137'])('fails, stores nothing and announces nothing after exit code %s', (code) => {
    const run = nightly({ FAKE_SCAN: code });
    expect(run.code).toBe(1);
    expect(run.output).toContain(`exit code ${code}`);
    expect(read(bucket('ledger-bucket/ledger/checkpoint'))).toBe('head 1\n');
    expect(existsSync(bucket('report-bucket'))).toBe(false);
    expect(existsSync(join(fake, 'event'))).toBe(false);
  });

  it('stores the head of the ledger last, and only over the head that it restored', () => {
    nightly({ FAKE_SCAN: '2' });
    const stores = calls().filter((call) => /s3:\/\/ledger-bucket\S* --exclude|put-object/.test(call));
    expect(stores[0]).toContain('--exclude checkpoint');
    expect(stores[1]).toMatch(/put-object .*--key ledger\/checkpoint .*--if-match "\d+"/);
    // Again, after people were told, with the receipt.
    expect(stores.map((call) => call.split(' ')[2])).toEqual(['sync', 'put-object', 'sync', 'put-object']);
    expect(stores[3]).toMatch(/--if-match "\d+"/);
    expect(stores[3]).not.toBe(stores[1]);
  });

  it('stores nothing where another writer was faster', () => {
    const run = nightly({ FAKE_SCAN: '2', FAKE_RIVAL: '1' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('somebody else appended');
    expect(read(bucket('ledger-bucket/ledger/checkpoint'))).toBe('head of a rival\n');
    expect(existsSync(bucket('ledger-bucket/ledger/tile-1'))).toBe(false);
  });

  it('starts no new ledger where the bucket holds none', () => {
    rmSync(bucket('ledger-bucket/ledger/checkpoint'));
    const run = nightly();
    expect(run.code).toBe(1);
    expect(run.output).toContain("cannot read the ledger's head in s3://ledger-bucket/ledger");
    expect(calls().some((call) => call.startsWith('driftbom'))).toBe(false);
  });

  it('announces a ledger that does not verify, and does not append to it', () => {
    const run = nightly({ FAKE_VERIFY: '2' });
    expect(run.code).toBe(1);
    expect(detail()).toMatchObject({ outcome: 'ledger-broken', summary: { changed: 0 } });
    expect(calls().some((call) => call.startsWith('driftbom scan'))).toBe(false);
    expect(calls().some((call) => call.includes('secretsmanager'))).toBe(false);
  });

  it('runs driftbom, terraform and the prepare command with the rights of the reader only', () => {
    nightly();
    nightly({ DRIFTBOM_PREPARE: 'terraform from prepare' });
    const own = calls().filter((call) => !call.startsWith('aws'));
    expect(own).toEqual([
      'terraform -chdir=infra init -input=false -no-color as READER keys=absent',
      'driftbom verify as READER container=none',
      'driftbom scan as READER container=none',
      'terraform from prepare as READER keys=absent',
      'driftbom verify as READER container=none',
      'driftbom scan as READER container=none',
    ]);
  });

  it('runs no code of the repository beside the keys where it was synthesised before', () => {
    nightly({ DRIFTBOM_NO_SYNTH: '1' });
    expect(calls()).toContain('driftbom scan --no-synth as READER container=none');
  });

  it('keeps to the lock file where there is one', () => {
    writeFileSync(join(repository(), 'infra/.terraform.lock.hcl'), '');
    nightly();
    expect(calls().find((call) => call.startsWith('terraform'))).toContain('-lockfile=readonly');
  });

  it.each(['0', '1', '2'])('leaves no key on the disk and no secret in the log after exit code %s', (code) => {
    const run = nightly({ FAKE_SCAN: code });
    expect(existsSync(join(repository(), '.driftbom/keys'))).toBe(false);
    expect(run.output).not.toMatch(/reader-secret|reader-token|KEY/);
  });

  it('says what is wrong where the secret does not hold the keys', () => {
    writeFileSync(join(fake, 'secret'), 'None\n');
    const run = nightly();
    expect(run.code).toBe(1);
    expect(run.output).toContain('does not hold the keys');
  });

  it('tells of drift by itself, and stores the receipt that it got', () => {
    const run = nightly({ FAKE_SCAN: '2' });
    expect(run.code, run.output).toBe(0);
    expect(read(join(fake, 'message'))).toMatch(
      /^driftbom: drift\nchanged 2, missing 0, gaps 1, of 12 resources\nReport: s3:\/\/report-bucket\/reports\//,
    );
    const receipts = calls().filter((call) => call.startsWith('receipt'));
    expect(receipts).toEqual(['receipt --via sns --id message-1 --to driftbom-alerts --by driftbom-nightly']);
    expect(run.output).toMatch(/head 1[\s\S]*head 2[\s\S]*head 3/);
    expect(existsSync(join(repository(), '.driftbom/keys'))).toBe(false);
  });

  it('stores nothing anew where people were told of all of it before', () => {
    nightly({ FAKE_SCAN: '2', FAKE_NOTHING_NEW: '1' });
    expect(read(bucket('ledger-bucket/ledger/checkpoint'))).toBe('head 2\n');
    expect(calls().filter((call) => call.includes('put-object'))).toHaveLength(1);
  });

  it.each(['0', '3'])('sends no message of drift after exit code %s', (code) => {
    nightly({ FAKE_SCAN: code });
    expect(calls().filter((call) => /sns publish|receipt/.test(call))).toEqual([]);
  });

  it('fails where nobody could be told of drift, with the ledger stored and no key left', () => {
    const run = nightly({ FAKE_SCAN: '2', FAKE_REFUSED_MESSAGE: '1' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('nobody could be told');
    expect(read(bucket('ledger-bucket/ledger/checkpoint'))).toBe('head 2\n');
    expect(existsSync(join(repository(), '.driftbom/keys'))).toBe(false);
  });

  it('prints every head of the ledger into the build log', () => {
    expect(nightly({ FAKE_SCAN: '2' }).output).toMatch(/head 1[\s\S]*head 2/);
  });

  it('ignores a ledger that the repository brings along', () => {
    mkdirSync(join(repository(), '.driftbom/ledger'), { recursive: true });
    writeFileSync(join(repository(), '.driftbom/ledger/stale'), '');
    nightly();
    expect(existsSync(bucket('ledger-bucket/ledger/stale'))).toBe(false);
  });

  it('fails where the event is not accepted', () => {
    const run = nightly({ FAKE_SCAN: '2', FAKE_REFUSED_EVENTS: '1' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('event was not accepted');
  });
});
