import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentRecord } from '../../src/model/incident-record.ts';
import { type StoryWorld, storyWorld } from '../support/incident-story.ts';

let world: StoryWorld;
let scratch: string;
/** Index of an entry that tells of a change. */
let change: string;
beforeAll(async () => {
  world = await storyWorld('night');
  scratch = mkdtempSync(join(tmpdir(), 'driftbom-record-'));
  const { out } = await world.run('log', '--kind', 'drift', '--limit', '1', '--json');
  change = String(JSON.parse(out.split('\n')[0] as string).index);
});
afterAll(() => {
  world.remove();
  rmSync(scratch, { recursive: true, force: true });
});

const BY = ['--by', 'ana@example.com'];
const run = (...argv: string[]) => world.run('incident', ...argv);
const says = (...argv: string[]) => world.run('incident', ...argv, ...BY);
const recordOf = async (id: string): Promise<IncidentRecord> => JSON.parse((await run('show', id, '--json')).out);
const size = async (): Promise<number> => JSON.parse((await run('list', '--json')).out).head.size;

function file(name: string, content: string): string {
  writeFileSync(join(scratch, name), content);
  return join(scratch, name);
}

/** A fresh incident: its id. */
async function opened(...argv: string[]): Promise<string> {
  const { out, err, code } = await says('open', '--title', 'Throughput down', '--json', ...argv);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out).incident;
}

describe('driftbom incident open', () => {
  it('gives the next id, says what changed before it, and keeps what the ranking rests on', async () => {
    const { code, out } = await says('open', '--alert', 'alert.json', '--severity', 'sev2');
    expect(code).toBe(0);
    const [written, headline] = out.split('\n');
    expect(written).toMatch(/^INC-\d{4} opened \(sev2, pipeline\): .+, entry #\d+$/);
    expect(headline).toContain('module.pipeline.aws_ssm_parameter.max_batch_size');
    const record = await recordOf((written as string).slice(4, 8));
    expect(record.cases).toHaveLength(1);
    const bytes = readFileSync(join(world.ledger, 'evidence', record.cases[0]?.sha256 as string), 'utf8');
    expect(JSON.parse(bytes)).toMatchObject({
      schema: 'driftbom.case/v1',
      alert: { format: 'alertmanager' },
      files: [{ kind: 'alert', name: 'alert.json' }],
      ledger: { size: record.opened.index },
    });
  });

  it('lets two that open at the same moment have one id each', async () => {
    const ids = await Promise.all([opened(), opened(), opened()]);
    expect(new Set(ids).size).toBe(3);
  });

  it('needs a title or an alert, and reads nothing of a ledger for it', async () => {
    const before = await size();
    const { code, err } = await says('open');
    expect(code).toBe(1);
    expect(err).toContain('E_USAGE: nothing says what the incident is called');
    expect(await size()).toBe(before);
  });

  it('keeps no secret of an alert, an event or a state, and no path of this machine', async () => {
    const secret = 'hunter2-correct-horse';
    const alert = {
      version: '4',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          startsAt: '2025-01-20T08:22:00Z',
          labels: { alertname: 'Down', service: 'pipeline', db_password: secret },
          annotations: { summary: `password=${secret}` },
        },
      ],
    };
    const event = { at: '2025-01-20T07:10:00Z', summary: `token=${secret}x password: ${secret}`, service: 'pipeline' };
    const state = {
      ...{ version: 4, terraform_version: '1.9.0', serial: 1, lineage: '00000000-0000-0000-0000-000000000000' },
      ...{ outputs: {} },
      resources: [
        {
          ...{ mode: 'managed', type: 'tiny_server', name: 'web', provider: 'provider["registry.terraform.io/x/y"]' },
          instances: [
            {
              schema_version: 0,
              attributes: { id: 'i-1', name: secret, tags: { Service: secret }, other: secret },
              sensitive_attributes: [[{ type: 'get_attr', value: 'name' }], [{ type: 'get_attr', value: 'tags' }]],
            },
          ],
        },
      ],
    };
    const id = await opened(
      ...[
        '--alert',
        file('alert.json', JSON.stringify(alert)),
        '--events',
        file('events.ndjson', JSON.stringify(event)),
      ],
      ...['--state', file('secret.tfstate', JSON.stringify(state))],
    );
    expect((await recordOf(id)).cases).toHaveLength(1);
    const kept = readdirSync(world.ledger, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'));
    expect(kept.filter((text) => text.includes(secret))).toEqual([]);
    expect(kept.filter((text) => text.includes(scratch))).toEqual([]);
  });

  it('takes an alert from standard input once, for the ranking and for the case', async () => {
    const alert = readFileSync(join(import.meta.dirname, '../../fixtures/incidents/night/alert.json'), 'utf8');
    world.type(alert);
    const { code, out } = await says('open', '--alert', '-');
    world.type('');
    expect(code).toBe(0);
    expect(out).toContain('module.pipeline.aws_ssm_parameter.max_batch_size');
  });
});

describe('driftbom incident attach', () => {
  it('adds a later case that has what the earlier one had', async () => {
    const id = await opened('--alert', 'alert.json');
    const event = { at: '2025-01-20T07:10:00Z', summary: 'new footer', service: 'web' };
    const events = file('rollouts.ndjson', JSON.stringify(event));
    expect((await says('attach', id, '--events', events)).code).toBe(0);
    expect((await says('attach', id, '--events', events)).code).toBe(0);
    const { cases } = await recordOf(id);
    expect(cases).toHaveLength(3);
    const last = JSON.parse(readFileSync(join(world.ledger, 'evidence', cases.at(-1)?.sha256 as string), 'utf8'));
    expect(last.alert.title).toContain('throughput');
    expect(last.events).toMatchObject([{ summary: 'new footer' }]);
    expect((await says('attach', id)).err).toContain('E_USAGE: there is nothing to attach');
  });
});

describe('driftbom incident note, milestone, role, set, action, verdict, review, retract', () => {
  it('echo what was written in one line with its entry', async () => {
    const id = await opened();
    const echo = async (...argv: string[]) => {
      const { code, out, err } = await says(...argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return out.replace(/#\d+\n$/, '#N');
    };
    const at = ['--at', '2025-01-18T08:31:00Z'];
    expect(await echo('milestone', id, 'mitigated', ...at)).toBe(
      `${id} milestone mitigated 2025-01-18 08:31 UTC, entry #N`,
    );
    expect(await echo('role', id, 'ic', 'kim')).toBe(`${id} role ic kim, entry #N`);
    expect(await echo('note', id, 'rolled back', ...at, '--row', 'response', '--actor', 'lee')).toBe(
      `${id} timeline 2025-01-18 08:31 UTC (response, lee): "rolled back", entry #N`,
    );
    expect(await echo('set', id, '--severity', 'sev1', '--status', 'in_review')).toBe(
      `${id} status in_review, severity sev1, entry #N`,
    );
    expect(
      await echo('action', id, 'Check sizes', '--category', 'prevention', '--owner', 'kim', '--due', '2025-02-01'),
    ).toBe(`${id} action A1 (prevention, kim, due 2025-02-01): Check sizes, entry #N`);
    expect(await echo('action', id, 'a1', '--state', 'done', '--text', 'merged')).toBe(
      `${id} action A1 (prevention, kim, due 2025-02-01): Check sizes, done: "merged", entry #N`,
    );
    expect(await echo('verdict', id, change, 'caused', '--certainty', '0.9')).toBe(
      `${id} verdict caused, certainty 0.9 (of #${change}), entry #N`,
    );
  });

  it('write every kind of note, and show shows each with its entry', async () => {
    const id = await opened();
    const kinds: readonly (readonly string[])[] = [
      [
        'a row',
        '--kind',
        'timeline',
        '--at',
        '2025-01-18T08:00:00Z',
        '--until',
        '2025-01-18T08:05:00Z',
        '--link',
        'https://chat.example.com/1',
        '--source',
        'chat',
        '--entry',
        '1',
      ],
      ['orders lost', '--kind', 'metric', '--value', '1200', '--unit', 'orders', '--source', 'database'],
      ['nobody reviews parameters', '--kind', 'why', '--question', 'Why was it possible?', '--entry', '1'],
      ['no second person', '--kind', 'factor', '--factor', 'process', '--entry', '1'],
      ['that it took two days', '--kind', 'lesson', '--lesson', 'surprised'],
      ['Was it the batch size?', '--kind', 'question'],
      ['yes it was', '--kind', 'question', '--answers', 'q1'],
      ['We are slow', '--kind', 'comms', '--audience', 'status-page', '--sent-at', '2025-01-18T09:00:00Z'],
      ...['summary', 'impact', 'cause', 'trigger', 'resolution', 'opening'].map((kind) => [
        `words of ${kind}`,
        '--kind',
        kind,
      ]),
    ];
    for (const argv of kinds) expect(await says('note', id, ...argv)).toMatchObject({ code: 0, err: '' });
    const { out } = await run('show', id);
    for (const [text] of kinds) expect(out).toContain(text);
    const record = await recordOf(id);
    expect(record.unread).toEqual([]);
    expect(record.timeline[0]).toMatchObject({ basis: 'stated', about: [expect.any(String)] });
    expect(record.questions).toMatchObject([{ id: 'Q1', answer: 'yes it was' }]);
    expect(record.texts.opening?.text).toBe('words of opening');
  });

  it('take the time of the clock where none is given, and call that recorded', async () => {
    const id = await opened();
    await says('milestone', id, 'detected');
    await says('milestone', id, 'mitigated', '--at', '12m');
    const [detected, mitigated] = (await recordOf(id)).milestones;
    expect(detected).toMatchObject({ basis: 'recorded', at: detected?.said.at });
    expect(mitigated?.basis).toBe('stated');
    expect(Date.parse(detected?.at ?? '') - Date.parse(mitigated?.at ?? '')).toBeGreaterThan(11 * 60_000);
  });

  it('let a later note stand in the place of an earlier one, and take one back', async () => {
    const id = await opened();
    await says('note', id, 'rolled bakc');
    const [row] = (await recordOf(id)).timeline;
    await says('note', id, 'rolled back', '--replaces', `#${row?.said.index}`);
    const [better] = (await recordOf(id)).timeline;
    expect(better).toMatchObject({ text: 'rolled back' });
    expect((await says('retract', id, `${row?.said.index}`)).err).toContain('E_NOT_FOUND');
    expect((await says('retract', id, `${better?.said.index}`)).code).toBe(0);
    const { timeline, entries, unread } = await recordOf(id);
    expect({ timeline, unread, entries: entries.length }).toEqual({ timeline: [], unread: [], entries: 4 });
  });

  it('count as reviewed only what somebody else approved after it was written', async () => {
    const id = await opened();
    const status = async (...argv: string[]) => (await says('set', id, '--status', ...argv)).err.split('\n')[0];
    const review = async (by: string, decision: string) =>
      (await run('review', id, decision, '--by', by, '--role', 'owner')).err.split('\n')[0];
    expect(await status('reviewed')).toContain('E_APPROVAL');
    await says('note', id, 'Slow for two days', '--kind', 'summary');
    await says('note', id, 'A size went 1000 to 50', '--kind', 'cause');
    expect(await review('ANA@example.com', 'approve')).toContain('wrote the summary');
    expect(await review('lee', 'request-changes')).toBe('');
    expect(await status('reviewed')).toContain('lee asks for changes');
    expect(await review('lee', 'approve')).toBe('');
    await says('note', id, 'A size went from 1000 to 50', '--kind', 'cause');
    expect(await status('reviewed')).toContain('what was approved was changed after that');
    expect(await status('closed')).toContain('E_APPROVAL');
    expect(await status('closed', '--text', 'a false alarm')).toBe('');
    expect(await review('lee', 'approve')).toBe('');
    expect(await status('reviewed')).toBe('');
    expect((await recordOf(id)).status).toBe('reviewed');
  });

  it('change of an action what is named and nothing else', async () => {
    const id = await opened();
    await says(
      'action',
      id,
      'Check sizes',
      '--category',
      'prevention',
      '--rule',
      'R-0001',
      '--done-when',
      'a scan is red',
    );
    await says('action', id, 'A1', '--owner', 'kim', '--due', '2025-02-01');
    await says(
      'action',
      id,
      'A1',
      '--state',
      'dropped',
      '--text',
      'another rule has it',
      '--reword',
      'Check all sizes',
    );
    expect((await recordOf(id)).actions).toMatchObject([
      {
        ...{
          id: 'A1',
          category: 'prevention',
          rule: 'R-0001',
          doneWhen: 'a scan is red',
          owner: 'kim',
          due: '2025-02-01',
        },
        ...{ state: 'dropped', stateText: 'another rule has it', text: 'Check all sizes' },
      },
    ]);
  });

  it.each([
    ['an incident that is not there', ['note', '99', 'x'], 'E_NOT_FOUND: no incident is named "99"'],
    ['no incident at all', ['note', 'yesterday', 'x'], 'E_NOT_FOUND'],
    ['an entry that is not there', ['note', '1', 'x', '--entry', '9999'], 'E_NOT_FOUND: there is no entry 9999'],
    ['a judgement of a scan', ['verdict', '1', '0', 'caused'], 'E_USAGE: entry 0 is a scan, and no change'],
    ['a certainty beyond 1', ['verdict', '1', '0', 'caused', '--certainty', '2'], 'A number from 0 to 1'],
    [
      'a moment in the future',
      ['milestone', '1', 'detected', '--at', '2999-01-01T00:00:00Z'],
      'E_RECORD: --at lies in the future',
    ],
    ['a time without its zone', ['milestone', '1', 'detected', '--at', '08:31'], "option '--at"],
    ['a milestone of another name', ['milestone', '1', 'lunch'], "'lunch' is invalid"],
    [
      'an end before the beginning',
      ['note', '1', 'x', '--at', '2025-01-02T00:00:00Z', '--until', '2025-01-01T00:00:00Z'],
      'E_USAGE: --until is before --at',
    ],
    ['a link that is none', ['note', '1', 'x', '--link', 'javascript:alert(1)'], 'E_USAGE: --link is no web address'],
    ['a secret', ['note', '1', 'password=hunter2hunter2'], 'E_RECORD: the text looks as if it holds a secret'],
    [
      'a secret in an option',
      ['role', '1', 'ic', 'password=hunter2hunter2'],
      'E_RECORD: the name looks as if it holds a secret',
    ],
    ['nothing', ['note', '1', ''], 'E_RECORD: the text is empty'],
    ['no text', ['note', '1', '--kind', 'lesson', '--lesson', 'well'], 'E_USAGE: --kind lesson needs a text'],
    ['an option that is missing', ['note', '1', 'x', '--kind', 'metric'], 'E_USAGE: --kind metric needs --value'],
    [
      'an option of another kind',
      ['note', '1', 'x', '--kind', 'summary', '--sent-at', '1h'],
      'E_USAGE: --sent-at does not belong to --kind summary',
    ],
    [
      'an answer to nothing',
      ['note', '1', 'x', '--kind', 'question', '--answers', 'Q7'],
      'E_NOT_FOUND: INC-0001 has no question Q7',
    ],
    ['an action that is not there', ['action', '1', 'A7', '--owner', 'kim'], 'E_NOT_FOUND: INC-0001 has no action A7'],
    ['an action of no category', ['action', '1', 'Check sizes'], 'E_USAGE: a new action needs --category'],
    [
      'a due day that is none',
      ['action', '1', 'x', '--category', 'detection', '--due', '2025-02-30'],
      'Write a day of the calendar',
    ],
    ['a command that is none', ['nothing'], 'E_USAGE: driftbom incident has no command "nothing"'],
    ['nothing to set', ['set', '1'], 'E_USAGE: there is nothing to set'],
  ])('refuse %s in one clear error, and write nothing', async (_what, argv, message) => {
    const before = await size();
    const { code, err } = await says(...argv);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err.match(/E_[A-Z_]+:/g)?.length ?? 1).toBe(1);
    expect(await size()).toBe(before);
  });

  it('name who speaks by the environment only where it says so', async () => {
    expect((await run('note', '1', 'x')).err).toContain('E_USAGE: nothing says who speaks');
  });
});

describe('driftbom incident list and show', () => {
  it('say what there is, and how many actions are open', async () => {
    const id = await opened();
    await says('action', id, 'Check sizes', '--category', 'prevention');
    const { out } = await run('list');
    expect(out.split('\n')[0]).toMatch(/^id +severity +status +opened +actions open +title$/);
    expect(out.split('\n').find((line) => line.startsWith(id))).toMatch(/- +draft +\d{4}-.* 1 +Throughput down$/);
    const { incidents } = JSON.parse((await run('list', '--json')).out);
    expect(incidents.at(-1)).toMatchObject({ id, openActions: 1, unread: 0 });
  });

  it('are the same with and without an index', async () => {
    expect((await run('list', '--json', '--no-index')).out).toBe((await run('list', '--json')).out);
  });

  it('make hostile text inert, in every place where it is shown', async () => {
    const hostile = '<script>alert(1)</script>\u001b[31m{{x}}\u202e\u009b2J';
    const id = await opened();
    await says('note', id, hostile);
    await says('set', id, '--title', `T ${hostile.replaceAll(/\p{Cc}/gu, '')}`);
    const index = String((await recordOf(id)).timeline[0]?.said.index);
    for (const argv of [
      ['incident', 'show', id],
      ['incident', 'show', id, '--json'],
      ['incident', 'list'],
      ['incident', 'list', '--json'],
      ['log', '--kind', 'note'],
      ['show', index],
      ['show', index, '--json'],
    ]) {
      expect((await world.run(...argv)).out).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    }
  });
});

describe('the ledger', () => {
  it('verifies with the notes in it, and log and show say in words what they say', async () => {
    const id = await opened('--alert', 'alert.json');
    await says('milestone', id, 'detected', '--at', '2025-01-18T08:31:00Z');
    const [one] = (await recordOf(id)).milestones;
    const words = `${id} milestone detected 2025-01-18 08:31 UTC, by ana@example.com`;
    expect((await world.run('show', String(one?.said.index))).out).toContain(words);
    expect((await world.run('log', '--kind', 'note', '--limit', '1')).out.replaceAll(/\s+/g, ' ')).toContain(words);
    expect((await world.run('verify')).code).toBe(0);
  });

  it('says of a note that was replaced by what it was', async () => {
    const id = await opened();
    const wrote = async (...argv: string[]): Promise<number> =>
      JSON.parse((await says('note', id, ...argv, '--json')).out).entry.index;
    const first = await wrote('Slow', '--kind', 'summary');
    const second = await wrote('Slow for two days', '--kind', 'summary');
    expect((await world.run('show', String(first))).out).toContain(`by #${second} ${id} summary: "Slow for two days"`);
    expect((await world.run('show', String(second))).out).not.toContain('replaced');
  });

  it('remarks on words that name a person as the cause, and writes them all the same', async () => {
    const id = await opened();
    const { code, out, err } = await says('note', id, 'It was human error.', '--kind', 'cause');
    expect({ code, out: out.includes('human error'), err: err.includes('“human error”') }).toEqual({
      code: 0,
      out: true,
      err: true,
    });
  });

  it('gives the brief of before to who asks without a record', async () => {
    const { code, out } = await world.run('incident', '--alert', 'alert.json');
    expect(code).toBe(0);
    expect(out).toContain('module.pipeline.aws_ssm_parameter.max_batch_size');
  });
});
