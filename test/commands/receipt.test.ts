import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld, type Ran, serverState } from '../support/cli-world.ts';

let world: CliWorld;
let first: Ran;

const LEDGER = '.driftbom/ledger';
const VIA = ['--via', 'sns', '--id', '5f0e-11', '--to', 'oncall', '--by', 'nightly'];
const live = (sizes: { readonly web?: number; readonly db?: number }): void =>
  world.write(
    'live.json',
    serverState([
      { name: 'web', size: sizes.web ?? 4 },
      { name: 'db', size: sizes.db ?? 4 },
    ]),
  );
const scan = (): Promise<Ran> => world.run('scan', '--live', 'snapshot:live.json');
const receipt = (...more: string[]): Promise<Ran> => world.run('receipt', ...more, '--ledger', LEDGER);

async function alertTest(): Promise<{ standing: string; because: string }> {
  const period = ['--from', '2026-03-14', '--to', '2026-03-21'];
  const made = await world.run('report', 'compliance', ...period, '-o', 'json=-');
  expect(made.code, made.err).toBe(0);
  return JSON.parse(made.out).tests.find(({ id }: { id: string }) => id === 'T8');
}

beforeAll(async () => {
  world = cliWorld();
  world.write(
    'driftbom.yaml',
    'version: 1\ncompliance: { alertMinutes: 90 }\nseverity:\n  - { id: S-1, severity: high, title: Resized, when: "drift.paths.exists(p, p == \'size\')" }\n',
  );
  await world.run('scan');
  live({ web: 8, db: 8 });
  await scan();
  world.pass(1);
  first = await receipt(...VIA);
}, 60_000);

afterAll(() => world.remove());

describe('driftbom receipt', () => {
  it('is about every drift that the newest scan found new, and says so in one line', async () => {
    expect(first.out).toMatch(
      /^driftbom: told of 2 drifts \(#1, #2\) by sns, receipt 5f0e-11, says nightly; entry 4 [0-9a-f]{12} in \.driftbom\/ledger\n$/,
    );
    const shown = await world.run('show', '4');
    expect(shown.out).toContain('told oncall by sns,');
    expect(shown.out).toMatch(/receipt {5}"5f0e-11"/);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('is what the test of alerts counts: how many were told, and how late', async () => {
    expect(await alertTest()).toMatchObject({
      standing: 'pass',
      because: expect.stringMatching(/^all 2 told within 90 min; the slowest after \d+ min$/),
    });
  });

  it('is written once, however often it is handed in; another message is another receipt', async () => {
    const again = await receipt(...VIA, '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      schema: 'driftbom.receipt/v1',
      ...{ standing: 'there-already', via: 'sns', receipt: '5f0e-11', to: 'oncall', scan: 3, entry: { index: 4 } },
      about: [{ index: 1 }, { index: 2 }],
    });
    const other = await receipt('2', '--via', 'slack', '--id', 'C1/1700', '--by', 'kim', '--json');
    expect(JSON.parse(other.out)).toMatchObject({ standing: 'written', scan: null, to: null, about: [{ index: 2 }] });
  });

  it('writes nothing for a scan without new drifts, and finds the drifts of an earlier scan by its entry', async () => {
    const before = await scan();
    expect(before.code).toBe(2);
    const none = await receipt('--via', 'sns', '--id', '2', '--by', 'nightly');
    expect([none.code, none.out]).toEqual([0, 'driftbom: nothing to record: scan #6 found no new drift\n']);
    live({ web: 9, db: 8 });
    await scan();
    expect((await receipt('--via', 'sns', '--id', '2', '--by', 'nightly')).out).toContain('1 drift (#7)');
    expect((await receipt('--scan', '3', '--via', 'sns', '--id', '2', '--by', 'nightly')).out).toContain('(#1, #2)');
  });

  it.each([
    ['a time before the drift was seen', ['1', '--at', '2026-03-13T00:00:00Z'], 'E_USAGE', 'was seen'],
    ['a time to come', ['1', '--at', '2027-01-01T00:00:00Z'], 'E_USAGE', 'still to come'],
    ['an entry that is no drift', ['0'], 'E_USAGE', 'no drift'],
    ['a scan that is none', ['--scan', '1'], 'E_NOT_FOUND', 'no scan'],
    ['an entry that is not there', ['999'], 'E_NOT_FOUND', 'no entry 999'],
    ['a webhook', ['1', '--to', 'https://hooks.slack.com/services/T0/B0/xyz'], 'E_RECORD', 'holds a secret'],
    ['a line break', ['1', '--to', 'a\nb'], 'E_RECORD', '--to'],
  ])('refuses %s, and writes nothing', async (_what, more, code, words) => {
    const size = (): string => world.read(`${LEDGER}/checkpoint`);
    const before = size();
    const ran = await receipt('--via', 'sns', '--id', 'x', '--by', 'kim', ...more);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(code);
    expect(ran.err).toContain(words);
    expect(ran.err).not.toContain('xyz');
    expect(size()).toBe(before);
  });
});

describe('a scan that is recorded', () => {
  it('says which program judged under which policy, and where each resource lives', async () => {
    const scans = (await world.run('export', '--format', 'jsonl', '-o', '-')).out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).statement.predicate.scan)
      .filter((one) => one?.summary !== undefined);
    const [one] = scans;
    expect(one.manifest).toEqual({
      build: { sha256: null, reason: 'run from source' },
      policy: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(new Set(scans.map(({ manifest }) => manifest.policy)).size).toBe(1);
    expect(one.scope.places).toEqual([
      expect.objectContaining({ account: null, addresses: ['tiny_server.db', 'tiny_server.web'] }),
    ]);
  });

  it('has another policy after a rule that judges changed, and the same after what only says where things lie', async () => {
    const policyOf = async (yaml: string): Promise<string> => {
      world.write('other.yaml', `version: 1\n${yaml}`);
      const folder = `ledger-${Math.random()}`;
      await world.run('scan', '--live', 'snapshot:live.json', '--config', 'other.yaml', '--ledger', folder);
      const { out } = await world.run('export', '--format', 'jsonl', '-o', '-', '--ledger', folder);
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).statement.predicate.scan?.manifest?.policy)
        .find((policy) => policy !== undefined);
    };
    const plain = await policyOf('');
    expect(await policyOf('scan: { parallelism: 3 }\n')).toBe(plain);
    const rule = (reason: string): string => `ignore:\n  - { type: tiny_server, path: size, reason: ${reason} }\n`;
    expect(await policyOf(rule('a'))).not.toBe(plain);
    expect(await policyOf(rule('b'))).not.toBe(await policyOf(rule('a')));
  });
});
