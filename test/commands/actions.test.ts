import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliWorld, cliWorld, type Ran } from '../support/cli-world.ts';

let world: CliWorld;
beforeEach(async () => {
  world = cliWorld();
  await world.run('init');
  await world.run('incident', 'open', '--title', 'Web is slow', '--onset', '2026-03-14T02:30:00Z', '--by', 'kim');
  await item('Alert on size', 'detection', '2026-03-15', '--ticket', 'OPS-7');
  await item('Write the runbook', 'docs-training', '2026-04-01');
});
afterEach(() => world.remove());

function item(text: string, category: string, due: string, ...more: string[]): Promise<Ran> {
  const terms = ['--category', category, '--owner', 'lee', '--due', due, '--done-when', 'it is there'];
  return world.run('incident', 'action', 'INC-0001', text, ...terms, ...more, '--by', 'kim');
}

const listed = (out: string): string[] => ['Alert on size', 'Write the runbook'].filter((text) => out.includes(text));

describe('driftbom actions', () => {
  it('lists what is to be done, with owner, due day, done-condition and ticket', async () => {
    const { code, out } = await world.run('actions');
    expect(code).toBe(0);
    for (const text of [
      'INC-0001',
      'Alert on size',
      'detection · owner lee · due 2026-03-15 · OPS-7',
      'done when: it is there',
    ]) {
      expect(out).toContain(text);
    }
    expect(out).toMatch(/^driftbom: 2 actions, 2 open, 0 overdue/m);
    expect(listed((await world.run('actions', '--category', 'detection')).out)).toEqual(['Alert on size']);
    expect((await world.run('actions', '--incident', 'INC-7')).err).toContain('There is INC-0001');
  });

  it('ends with 2 for CI where a due day is over, and with 0 once the item is done', async () => {
    expect((await world.run('actions', '--overdue')).code).toBe(0);
    world.pass(24 + 20);
    expect((await world.run('actions', '--overdue')).code).toBe(0);
    world.pass(2);
    const late = await world.run('actions', '--overdue');
    expect(late.code).toBe(2);
    expect(listed(late.out)).toEqual(['Alert on size']);
    expect(late.out).toContain('OVERDUE');
    expect((await world.run('actions')).code).toBe(0);
    const done = ['--state', 'done', '--text', 'alarm is there', '--by', 'kim'];
    expect((await world.run('incident', 'action', 'INC-0001', 'A1', ...done)).code).toBe(0);
    expect((await world.run('actions', '--overdue')).code).toBe(0);
    expect(JSON.parse((await world.run('actions', '--state', 'done', '--json')).out)).toMatchObject({
      schema: 'driftbom.actions/v1',
      counts: { all: 2, open: 1, overdue: 0 },
      actions: [{ id: 'A1', state: 'done', stated: 'done', because: 'alarm is there', overdue: false, rule: null }],
    });
  });
});
