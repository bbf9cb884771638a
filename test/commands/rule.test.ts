import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld, type Ran } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(() => {
  world = cliWorld();
});
afterEach(() => world.remove());

const BY = ['--by', 'kim'];

/** Web's size goes from 4 to 900; the record of an incident says that this caused it. */
async function incident(): Promise<void> {
  await world.run('scan');
  world.tiny.setLive({ web: { size: 900 } });
  world.pass(1);
  await world.run('scan');
  const onset = ['--onset', '2026-03-14T03:30:00Z'];
  expect(
    await world.run('incident', 'open', '--title', 'Web is slow', '--severity', 'sev1', ...onset, ...BY),
  ).toMatchObject({ code: 0 });
  expect(await world.run('incident', 'verdict', 'INC-0001', '1', 'caused', '--certainty', '0.9', ...BY)).toMatchObject({
    code: 0,
  });
}

function action(...more: string[]): Promise<Ran> {
  const item = ['--category', 'prevention', '--owner', 'lee', '--due', '2026-03-20', '--done-when', 'no scan finds it'];
  return world.run('incident', 'action', 'INC-0001', 'Keep the size in bounds', ...item, ...more, ...BY);
}

async function json(...argv: string[]): Promise<unknown> {
  return JSON.parse((await world.run(...argv, '--json')).out);
}

describe('a rule that is born from an incident', () => {
  it('catches the same change in the next scan, and closes its action when it was green in three scans', async () => {
    await incident();
    await action();
    const draft = await world.run('rule', 'from-incident', 'INC-0001', '--action', 'A1');
    expect(draft.err).toBe('');
    for (const line of [
      '# from entry 1: tiny_server.web · size',
      'kind: range',
      'max: 4',
      'severity: high',
      'address: tiny_server.web',
      'declared  passes',
      'live      violates: size: 900 is above 4',
      'bounds    margin: 10 % of the declared 4',
      'nothing is written; --write signs it',
    ]) {
      expect(draft.out).toContain(line);
    }
    const written = await world.run(
      'rule',
      'from-incident',
      'INC-0001',
      '--action',
      'A1',
      '--write',
      '--max',
      '8',
      ...BY,
    );
    expect(written.out).toContain('driftbom: R-0001 tiny_server.web: size within bounds: every scan asks it');
    expect(await json('rule', 'show', 'R-0001')).toMatchObject({
      rules: [{ id: 'R-0001', max: 8, from: { incident: 'INC-0001', action: 'A1' }, retired: null, last: null }],
    });
    const tested = await world.run('rule', 'test', 'R-0001');
    expect(tested).toMatchObject({ code: 0 });
    expect(tested.out).toMatch(/original +entry #1: caught, by scan #2, the first to see it/);
    expect(tested.out).toMatch(/false alarms 0/);

    // The change again, after it was put back: drift, and a finding of its own.
    const caught = await world.run('scan', '-o', 'json=scan.json');
    expect(caught.code).toBe(2);
    expect(caught.out).toContain('Rule violations: 1');
    expect(caught.out).toContain('900 is above 8');
    const [judged] = JSON.parse(world.read('scan.json')).rules.judged;
    expect(judged).toMatchObject({
      id: 'R-0001',
      checked: 1,
      violations: [{ address: 'tiny_server.web', value: 900 }],
    });
    expect((await world.run('actions')).out).toMatch(/open: R-0001 violated in scan #\d+/);

    world.tiny.setLive({});
    const states: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      world.pass(24);
      expect((await world.run('scan')).code).toBe(0);
      const { actions } = (await json('actions')) as { actions: { state: string; because: string }[] };
      states.push(actions[0]?.state);
    }
    expect(states).toEqual(['open', 'open', 'closed']);
    const { out } = await world.run('actions');
    expect(out).toMatch(/closed: R-0001 green in scans #\d+, #\d+, #\d+/);
    expect(out).toContain('1 action, 0 open, 0 overdue');
    expect((await world.run('verify')).code).toBe(0);
  });

  it('violates also where nothing differs: what is declared is no excuse', async () => {
    world.write(
      'rule.yaml',
      'kind: range\ntype: tiny_server\ntitle: Small servers\npath: size\nmax: 3\nreason: cost\n',
    );
    await world.run('scan');
    const added = await world.run('rule', 'add', 'rule.yaml', ...BY);
    expect(added).toMatchObject({ code: 0 });
    expect(added.out).toContain('R-0001 Small servers');
    const { code, out } = await world.run('scan');
    expect(code).toBe(2);
    expect(out).toMatch(/^driftbom: RULE VIOLATION 2 rule violations, 0 gaps, 2 of 2 in sync/m);
    expect((await world.run('scan', '--no-rules')).code).toBe(0);
    expect((await world.run('rule', 'list')).out).toContain('no scan has asked it yet');
    await world.run('scan');
    expect((await world.run('rule', 'list')).out).toMatch(/2 violations, 2 resources checked in scan #\d+/);
    expect((await world.run('log', '--kind', 'note')).out).toContain(
      'rule R-0001 added (range, medium): Small servers',
    );
    expect((await world.run('show', '4')).out).toContain('R-0001: 2 checked, 2 violations');
    const retired = await world.run('rule', 'retire', 'R-0001', '--reason', 'bigger now', ...BY);
    expect(retired.out).toContain('R-0001 is retired');
    expect((await world.run('scan')).code).toBe(0);
    expect((await world.run('rule', 'retire', 'R-0001', '--reason', 'again', ...BY)).err).toContain('retired already');
    expect((await world.run('rule', 'list', '--all')).out).toContain('retired 2026-03-14');
    // The id stays that of the first.
    expect((await world.run('rule', 'add', 'rule.yaml', ...BY)).out).toContain('R-0002 ');
    expect((await world.run('verify')).code).toBe(0);
  });

  it('of severity low is told and does not count; one of driftbom.yaml is asked as well', async () => {
    const rule = { id: 'owner', kind: 'tag', title: 'Owner', tag: 'owner', severity: 'low' };
    world.write('driftbom.yaml', JSON.stringify({ version: 1, rules: [rule] }));
    const { code, out } = await world.run('scan', '--no-record');
    expect(code).toBe(0);
    expect(out).toContain('the tag owner is missing');
    expect(out).toContain('driftbom.yaml · does not count in the exit code');
    const like = { ...rule, severity: 'medium', tag: 'team', like: 'a*' };
    world.write('driftbom.yaml', JSON.stringify({ version: 1, rules: [like] }));
    expect((await world.run('scan', '--no-record')).out).toContain('1 rule asked, 1 green');
  });

  it('never takes a secret, an unread resource or an unset value for green, and shows no secret', async () => {
    const rules = [
      {
        id: 'secret',
        kind: 'range',
        title: 'Password',
        type: 'tiny_server',
        path: 'password',
        oneOf: 'hunter2hunter2',
      },
      { id: 'unset', kind: 'range', title: 'Policy', type: 'tiny_server', path: 'policy', oneOf: 'x' },
      { id: 'size', kind: 'range', title: 'Size', type: 'tiny_server', path: 'size', max: 10 },
    ];
    world.write('driftbom.yaml', JSON.stringify({ version: 1, rules }));
    world.tiny.setLive({ web: { password: 'hunter2hunter2' } });
    world.tiny.setBehaviour({ read: { db: { summary: 'denied', status: 403 } } });
    const { out } = await world.run('scan', '-o', 'json=scan.json');
    const { judged } = JSON.parse(world.read('scan.json')).rules;
    const reasons = judged.map(({ id, notAssessed }: { id: string; notAssessed: { reason: string }[] }) => [
      id,
      ...notAssessed.map(({ reason }) => reason),
    ]);
    expect(reasons).toEqual([
      ['secret', 'secret', 'unread'],
      ['unset', 'not-set', 'unread'],
      ['size', 'unread'],
    ]);
    expect(out).toContain('3 rules asked, 0 green');
    const told = world.files().filter(({ name }) => !name.includes('cache') && name !== 'driftbom.yaml');
    expect(told.filter(({ content }) => content.includes('hunter2')).map(({ name }) => name)).toEqual([]);
    expect(out).not.toContain('hunter2');
    world.tiny.setLive({});
    world.tiny.setBehaviour({});
    expect((await world.run('scan', '--strict')).code).toBe(3);
  });

  it('that was erased still stands, is told by every scan, and can be retired by its entry', async () => {
    await world.run('scan');
    world.write('rule.json', { kind: 'range', type: 'tiny_server', title: 'Size', path: 'size', max: 10 });
    await world.run('rule', 'add', 'rule.json', ...BY);
    await world.run('scan');
    const erase = ['--requested-by', 'kim', '--approved-by', 'lee', '--reason', 'privacy'];
    expect(await world.run('erase', '1', ...erase)).toMatchObject({ code: 0 });
    const { out } = await world.run('scan');
    expect(out).toContain('! rule of entry 1: its payload was erased');
    expect((await world.run('rule', 'list')).out).toContain('! the rule of entry 1: its payload was erased');
    expect(await world.run('rule', 'retire', '#1', '--reason', 'erased', ...BY)).toMatchObject({ code: 0 });
    expect((await world.run('scan')).out).not.toContain('erased');
    expect((await world.run('verify')).code).toBe(0);
  });
});

describe('errors of rules', () => {
  it('tell every fault of a file at once, and write nothing', async () => {
    await world.run('scan');
    world.write('rules.yaml', '- { kind: range, title: A, type: x, path: a }\n- { kind: tag, title: B }\n');
    const { code, err } = await world.run('rule', 'add', 'rules.yaml', ...BY);
    expect(code).toBe(1);
    expect(err).toContain('rule 1: (top): a range needs min, max or oneOf');
    expect(err).toContain('rule 2: tag:');
    expect((await world.run('rule', 'list')).out).toContain('0 rules');
  });

  it('name the rules or incidents that there are', async () => {
    await incident();
    world.write('rule.json', { kind: 'tag', title: 'T', tag: 't' });
    await world.run('rule', 'add', 'rule.json', ...BY);
    expect((await world.run('rule', 'show', 'R-9')).err).toContain('Known are R-0001');
    expect((await world.run('rule', 'from-incident', 'INC-9')).err).toContain('INC-0001');
    expect((await world.run('rule', 'from-incident', 'INC-0001', '--kind', 'tag')).err).toContain('--kind range');
    expect((await world.run('rule', 'from-incident', 'INC-0001', '--action', 'A7')).err).toContain('has no action A7');
  });

  it('refuse an id that the ledger holds and driftbom.yaml too', async () => {
    await world.run('scan');
    world.write('rule.json', { id: 'mine', kind: 'tag', title: 'T', tag: 't' });
    await world.run('rule', 'add', 'rule.json', ...BY);
    const rules = [{ id: 'mine', kind: 'tag', title: 'T', tag: 't' }];
    world.write('driftbom.yaml', JSON.stringify({ version: 1, rules }));
    expect((await world.run('scan')).err).toContain('the ledger holds a rule mine already');
  });
});
