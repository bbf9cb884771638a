import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintRecord } from '../../../src/incident/lint/record.ts';
import { LINT_RULES } from '../../../src/incident/lint/remark.ts';
import type { ActionItem, IncidentRecord, TimelineNote } from '../../../src/model/incident-record.ts';
import { recordOf, recordSaying } from '../../support/incident-record-samples.ts';

const said = (index: number) => ({ ...recordOf().opened, index });
/** A record without a remark, to which each test adds what it is about. */
const SOUND: Partial<IncidentRecord> = {
  whys: [{ question: 'possible', answer: 'The role may write every parameter.', about: [], said: said(41) }],
  lessons: [{ kind: 'surprised', text: 'The graph showed nothing.', said: said(42) }],
};

function rulesOf(more: Partial<IncidentRecord>): string[] {
  return lintRecord(recordOf({ ...SOUND, ...more })).map(({ rule }) => rule);
}

function action(more: Partial<ActionItem>): ActionItem {
  const whole = { owner: 'team', due: '2026-04-01', doneWhen: 'it runs', rule: null, ticket: null, stateText: null };
  return { id: 'A1', category: 'prevention', text: 'Add a check', state: 'open', ...whole, said: said(50), ...more };
}

function note(index: number, at: string, more: Partial<TimelineNote> = {}): TimelineNote {
  const common = {
    kind: 'response',
    until: null,
    basis: 'stated',
    text: 'something',
    actor: null,
    link: null,
  } as const;
  return { ...common, at, source: 'chat', about: [], said: said(index), ...more };
}

describe('the linter of a record', () => {
  it('has nothing to say of a sound one', () => expect(rulesOf({})).toEqual([]));

  it('asks every open action for a verb, an owner, a day and a condition', () => {
    expect(rulesOf({ actions: [action({})] })).toEqual([]);
    expect(rulesOf({ actions: [action({ text: 'Better monitoring' })] })).toEqual(['action-verb']);
    expect(rulesOf({ actions: [action({ owner: null, due: null, doneWhen: null })] })).toEqual([
      'action-owner',
      'action-due',
      'action-done-when',
    ]);
    expect(rulesOf({ actions: [action({ doneWhen: null, rule: 'R-0001' })] })).toEqual([]);
    expect(rulesOf({ actions: [action({ owner: null, due: null, doneWhen: null, state: 'dropped' })] })).toEqual([]);
  });

  it.each([
    'Add an alarm',
    'Alert on the age',
    'Re-run the load test',
    'Please document the step',
    'To test the restore',
    'Automatically roll back',
    'Set a floor',
    'Dry-run the plan',
    'Load-test the queue',
  ])('takes "%s" for an action', (text) => expect(rulesOf({ actions: [action({ text })] })).toEqual([]));
  it.each([
    'Monitoring',
    'Database alarm',
    'Better docs',
    'The runbook',
    'Awareness of parameters',
    'More tests',
    '500 as the floor',
  ])('does not take "%s" for one', (text) => expect(rulesOf({ actions: [action({ text })] })).toEqual(['action-verb']));

  it('flags a row that was told after a later one, where nothing but memory says when it was', () => {
    const rows = (source: string | null) => [
      note(50, '2026-03-14T03:00:00Z'),
      note(51, '2026-03-14T02:00:00Z', { source }),
    ];
    expect(rulesOf({ timeline: rows(null) })).toEqual(['order-told', 'time-basis']);
    expect(rulesOf({ timeline: rows('pager') })).toEqual([]);
    expect(rulesOf({ timeline: rows('pager').toReversed() })).toEqual([]);
  });

  it('flags a row that tells of the search after the cause was found', () => {
    const identified = {
      name: 'identified',
      at: '2026-03-14T02:35:00Z',
      basis: 'recorded',
      source: 'chat',
      said: said(45),
    } as const;
    const row = (at: string) => note(51, at, { text: 'Misleading paths were followed' });
    expect(rulesOf({ milestones: [identified], timeline: [row('2026-03-14T02:50:00Z')] })).toEqual(['order-search']);
    expect(rulesOf({ milestones: [identified], timeline: [row('2026-03-14T02:20:00Z')] })).toEqual([]);
    expect(rulesOf({ timeline: [row('2026-03-14T02:50:00Z')] })).toEqual([]);
  });

  it('flags milestones that contradict each other, those of the evidence too', () => {
    const at = (name: 'acknowledged' | 'resolved' | 'mitigated', time: string, index: number) =>
      ({ name, at: time, basis: 'recorded', source: 'pager', said: said(index) }) as const;
    expect(
      rulesOf({
        milestones: [at('mitigated', '2026-03-14T04:00:00Z', 46), at('resolved', '2026-03-14T03:00:00Z', 47)],
      }),
    ).toEqual(['order-milestones']);
    const record = recordOf({ ...SOUND, milestones: [at('acknowledged', '2026-03-14T01:00:00Z', 46)] });
    const derived = new Map([['detected', Date.parse('2026-03-14T02:00:00Z')]] as const);
    expect(lintRecord(record, derived)).toMatchObject([{ rule: 'order-milestones', entry: 46 }]);
  });

  it('asks for a source of each stated time', () => {
    expect(rulesOf({ timeline: [note(50, '2026-03-14T03:00:00Z', { source: null })] })).toEqual(['time-basis']);
    expect(rulesOf({ timeline: [note(50, '2026-03-14T03:00:00Z', { source: null, basis: 'recorded' })] })).toEqual([]);
  });

  it('asks for answers, and for what surprised', () => {
    expect(lintRecord(recordOf()).map(({ rule }) => rule)).toEqual(['why-unanswered', 'lesson-surprised']);
    expect(rulesOf({ whys: [{ question: 'Why?', answer: null, about: [], said: said(41) }] })).toEqual([
      'why-unanswered',
    ]);
  });

  it('reads every text that people write, names its entry, and goes by the order of the log', () => {
    const remarks = lintRecord(recordSaying('It was human error.', 'kim'));
    const found = remarks.filter(({ rule }) => rule === 'human-error');
    expect(new Set(found.map(({ where }) => where.replace(/ \(.*| [AQ]\d$/, '')))).toEqual(
      new Set([
        'title',
        'summary',
        'impact',
        'cause',
        'trigger',
        'resolution',
        'opening',
        'timeline note',
        'answer to a why',
        'factor',
        'lesson',
        'question',
        'message',
        'action',
        'verdict',
        'review',
      ]),
    );
    expect(remarks.map(({ entry }) => entry)).toEqual(remarks.map(({ entry }) => entry).toSorted((a, b) => a - b));
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        for (const { rule } of lintRecord(recordSaying(text, 'kim'))) expect(LINT_RULES).toContain(rule);
      }),
    );
  });
});
