import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld, serverState } from '../support/cli-world.ts';

let world: CliWorld;

const PERIOD = ['--from', '2026-03-14', '--to', '2026-03-21'];

beforeAll(async () => {
  world = cliWorld();
  world.write(
    'driftbom.yaml',
    [
      'version: 1',
      'compliance: { cadenceHours: 25, slaHours: { medium: 24, high: 24 } }',
      'severity:',
      '  - { id: TINY-1, severity: high, title: Server resized, when: "drift.paths.exists(p, p == \'size\')" }',
      '',
    ].join('\n'),
  );
  await world.run('scan');
  world.write('live.json', serverState([{ name: 'web', size: 8 }, { name: 'db' }]));
  world.pass(24);
  await world.run('scan', '--live', 'snapshot:live.json');
  world.pass(24);
  const made = await world.run(
    'report',
    'compliance',
    '--framework',
    'soc2,pci-dss',
    ...PERIOD,
    '--sample',
    '1',
    '--seed',
    's',
    '-o',
    'html=r.html',
    '-o',
    'markdown=r.md',
    '-o',
    'json=r.json',
    '-o',
    'csv=r.csv',
    '-o',
    'jsonl=r.jsonl',
  );
  expect(made.err).not.toContain('E_');
  expect(made.code).toBe(0);
}, 60_000);

afterAll(() => world.remove());

describe('driftbom report compliance', () => {
  it('ranks by the rules of driftbom.yaml first, and says which rule it was', () => {
    const model = JSON.parse(world.read('r.json'));
    expect(
      model.register.map((row: { severity: string; rule: { id: string } }) => [row.severity, row.rule.id]),
    ).toEqual([['high', 'TINY-1']]);
    expect(model.frameworks.map((one: { id: string }) => one.id)).toEqual(['soc2', 'pci-dss']);
  });

  it('takes the time of the newest entry for the time of making, so that twice made is twice the same', async () => {
    const before = world.read('r.html');
    world.pass(1);
    await world.run(
      'report',
      'compliance',
      '--framework',
      'soc2,pci-dss',
      ...PERIOD,
      '--sample',
      '1',
      '--seed',
      's',
      '-o',
      'html=again.html',
    );
    expect(world.read('again.html')).toBe(before);
  });

  it('names the digests of the lists that it writes', async () => {
    const { createHash } = await import('node:crypto');
    const list = JSON.parse(world.read('r.json')).population.list;
    expect(list.csv).toBe(createHash('sha256').update(world.read('r.csv')).digest('hex'));
    expect(list.jsonl).toBe(createHash('sha256').update(world.read('r.jsonl')).digest('hex'));
  });

  it('refuses a framework that there is not, and a scope that says nothing', async () => {
    expect((await world.run('report', 'compliance', '--framework', 'nope')).err).toContain(
      'no framework is named "nope"',
    );
    expect((await world.run('report', 'compliance', '--scope', 'prod')).err).toContain('workspace=GLOB');
  });

  it('refuses severity rules that cannot be trusted, all faults at once', async () => {
    world.write(
      'bad.yaml',
      'version: 1\nseverity:\n  - { id: A, severity: low, title: a, when: "facts.nothing" }\n  - { id: B, severity: low, title: b, when: "\'a\'.matches(\'(a+)+$\')" }\n',
    );
    const { code, err } = await world.run('report', 'compliance', '--config', 'bad.yaml');
    expect(code).toBe(1);
    expect(err).toContain('A: there is no facts.nothing');
    expect(err).toContain('B: matches() is refused');
  });
});

describe('driftbom report --verify', () => {
  for (const file of ['r.html', 'r.md', 'r.json']) {
    it(`makes ${file} again, byte by byte`, async () => {
      const { code, out } = await world.run('report', '--verify', file);
      expect(out).toContain(`REPORT HOLDS ${file}`);
      expect(out).toContain('own severity rules   TINY-1');
      expect(code).toBe(0);
    });

    it(`finds one altered character in ${file}`, async () => {
      world.write('altered', world.read(file).replace('TINY-1', 'TINY-2'));
      const { code, out } = await world.run('report', '--verify', 'altered');
      expect(out).toContain('REPORT DIFFERS');
      expect(code).toBe(2);
    });
  }

  it('holds without the configuration that the report was made with, and after the ledger has grown', async () => {
    world.pass(24);
    await world.run('scan');
    world.write('other.yaml', 'version: 1\n');
    expect((await world.run('report', '--verify', 'r.html', '--config', 'other.yaml')).out).toContain('REPORT HOLDS');
  });

  it('names a report of another ledger', async () => {
    await world.run('scan', '--ledger', 'elsewhere');
    const { code, out } = await world.run('report', '--verify', 'r.html', '--ledger', 'elsewhere');
    expect(code).toBe(2);
    expect(out).toMatch(/this ledger holds|have another root/);
  });

  it('gives one clear error where a file was made up', async () => {
    const whole = JSON.parse(world.read('r.json'));
    for (const alter of [
      { frameworks: [{ id: 'x' }] },
      { rules: [{ id: 'R', severity: 'low', title: 't', when: "'a'.matches('(a+)+$')" }] },
      { arguments: { ...whole.provenance.arguments, workspaces: 'all' } },
      { ledger: { size: 'many' } },
    ]) {
      world.write('made-up.json', { ...whole, provenance: { ...whole.provenance, ...alter } });
      const { code, err } = await world.run('report', '--verify', 'made-up.json');
      expect(code).toBe(1);
      expect(err).toMatch(/E_USAGE/);
    }
  });

  it('says of other files that there is nothing to check', async () => {
    world.write('page.html', '<!doctype html><p>driftbom</p>');
    expect((await world.run('report', '--verify', 'page.html')).err).toContain('does not say what it was made with');
    expect((await world.run('report')).err).toContain('Say compliance or incident');
  });
});

describe('driftbom report compliance --check-all', () => {
  it('looks at documents too, on which no line rests: without it the report says that it did not', async () => {
    const states = join(world.folder, '.driftbom/ledger/state');
    const [name = ''] = readdirSync(states);
    const whole = readFileSync(join(states, name));
    writeFileSync(join(states, name), Buffer.concat([whole, Buffer.from(' ')]));
    try {
      const quick = await world.run('report', 'compliance', '-o', 'json=-');
      const { verification } = JSON.parse(quick.out).provenance.ledger;
      expect(verification.outcome).toBe('passed');
      expect(verification.statements.join(' ')).toContain('Not checked: documents of states and evidence');
      const thorough = await world.run('report', 'compliance', '--check-all', '-o', 'json=-');
      expect(JSON.parse(thorough.out).provenance.ledger.verification.outcome).toBe('failed');
    } finally {
      writeFileSync(join(states, name), whole);
    }
  });
});

describe('what is said of a change later', () => {
  it('stands beside it: an approval afterwards is told as one', async () => {
    const [row] = JSON.parse(world.read('r.json')).register;
    expect(row.approval.standing).toBe('not-evidenced');
    const said = await world.run('approve', `${row.entry.index}`, '--by', 'lee@example.com', '--text', 'load test');
    expect(said.code).toBe(0);
    world.pass(1);
    await world.run('report', 'compliance', '-o', 'json=later.json');
    const later = JSON.parse(world.read('later.json'));
    const same = later.register.find((one: { entry: { index: number } }) => one.entry.index === row.entry.index);
    expect(same.approval).toMatchObject({ standing: 'approved-afterwards', approvers: ['lee@example.com'] });
    expect(same.said[0]).toMatchObject({ kind: 'approval', text: 'load test' });
  });
});
