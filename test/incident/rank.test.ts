import { describe, expect, it } from 'vitest';
import { directionOf } from '../../src/incident/direction.ts';
import { type IncidentFacts, incidentOf } from '../../src/incident/incident.ts';
import { readEvents } from '../../src/incident/event/read.ts';
import { ledgerCandidates } from '../../src/incident/rank/candidate.ts';
import { rank } from '../../src/incident/rank/rank.ts';
import { WEIGHTS } from '../../src/incident/rank/terms.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import type { Drift } from '../../src/model/drift.ts';
import { type ChangeEntry, driftStories } from '../../src/model/history.ts';
import { ledgerOf, type Night } from '../support/entry-samples.ts';
import { change, ref } from '../support/scan-samples.ts';

const changed = (address: string, path: string, before: number, after: number): Drift => ({
  kind: 'changed',
  resource: { ...ref(address), type: address.split('.')[0] ?? '' },
  changes: [change(path, before, after)],
});
const ask = (nights: readonly Night[], more: Partial<IncidentFacts> = {}) =>
  incidentOf({ entries: ledgerOf(nights), events: [], graph: stateGraph([]), stated: {}, ...more });
const at = (time: string): number => Date.parse(time);

const QUEUE = changed('aws_sqs_queue.jobs', 'delay_seconds', 0, 900);
const NIGHTS: readonly Night[] = [{ at: '2026-03-10T02:00:00' }, { at: '2026-03-11T02:00:00', drifts: [QUEUE] }];

describe('the ranking', () => {
  it('scores the mean of the terms that are known, by their weights, and leaves out the others with a reason', () => {
    const { ranking } = ask(NIGHTS, { stated: { resource: 'aws_sqs_queue.jobs' } });
    const [first] = ranking.suspects;
    const weight = first?.terms.reduce((sum, one) => sum + WEIGHTS[one.name], 0) ?? 0;
    const mean = (first?.terms.reduce((sum, one) => sum + WEIGHTS[one.name] * one.value, 0) ?? 0) / weight;
    expect(first?.score).toBeCloseTo(mean, 10);
    expect(first?.leftOut.map(({ name }) => name)).toEqual(['time', 'blast']);
    for (const one of [...(first?.terms ?? []), ...(first?.leftOut ?? [])])
      expect('evidence' in one ? one.evidence : one.why).not.toBe('');
  });

  it('takes the mean over the bounds where only they are known, and says so', () => {
    const { ranking } = ask(NIGHTS, { stated: { resource: 'aws_sqs_queue.jobs', onset: at('2026-03-11T02:10:00Z') } });
    const time = ranking.suspects[0]?.terms.find(({ name }) => name === 'time');
    expect(time?.evidence).toMatch(/between 24 h 10 min before onset and \d+ min before: the mean/);
    expect(time?.value).toBeLessThan(0.03);
  });

  it('counts the part of the bounds that lies after the onset as nothing', () => {
    const onset = at('2026-03-10T02:30:00Z');
    const { ranking } = ask(NIGHTS, { stated: { resource: 'aws_sqs_queue.jobs', onset } });
    const time = ranking.suspects[0]?.terms.find(({ name }) => name === 'time');
    expect(time?.evidence).toMatch(/^between 30 min before onset and 23 h 30 min after it/);
    expect(time?.value).toBeLessThan(30 / (24 * 60));
  });

  it('counts a change of what changed yesterday too as less novel', () => {
    const again = changed('aws_sqs_queue.jobs', 'delay_seconds', 0, 300);
    const { ranking } = ask([...NIGHTS, { at: '2026-03-12T02:00:00', drifts: [again] }], {
      stated: { resource: 'aws_sqs_queue.jobs' },
    });
    const novelty = ranking.suspects[0]?.terms.find(({ name }) => name === 'novelty');
    expect(novelty?.evidence).toContain('changed once before');
    expect(novelty?.value).toBeLessThan(0.2);
    expect(ranking.ruledOut.map(({ why }) => why)).toEqual(['its values moved on under entry 3']);
  });

  it('rules out what was put back before the onset, and what was never applied', () => {
    const unapplied: Drift = {
      ...QUEUE,
      resource: ref('aws_x.code'),
      changes: [{ ...change('v', 1, 2), cause: 'unapplied' }],
    };
    const nights = [
      ...NIGHTS,
      { at: '2026-03-12T02:00:00', drifts: [unapplied] },
      { at: '2026-03-13T02:00:00', drifts: [unapplied] },
    ];
    const { ranking, verdict } = ask(nights, { stated: { onset: at('2026-03-13T01:00:00Z'), service: 'jobs' } });
    expect(ranking.ruledOut.map(({ why }) => why)).toEqual([
      'put back 23 h 00 min before onset',
      'never applied: live is unchanged',
    ]);
    expect(verdict).toBe('none');
  });

  it('tells an evidence gap from an empty answer: whether anybody looked after the onset', () => {
    expect(ask(NIGHTS, { stated: { onset: at('2026-03-11T01:00:00Z'), service: 'mail' } }).verdict).toBe('none');
    expect(ask(NIGHTS, { stated: { onset: at('2026-03-12T01:00:00Z'), service: 'mail' } }).verdict).toBe(
      'evidence-gap',
    );
    expect(ask([], { stated: { service: 'mail' } }).verdict).toBe('evidence-gap');
  });

  it('looks back to the last scan that found all as declared, where nearer windows hold nothing', () => {
    const nights = [...NIGHTS, { at: '2026-03-20T02:00:00', drifts: [QUEUE] }];
    const { ranking } = ask(nights, { stated: { onset: at('2026-03-20T03:00:00Z'), resource: 'aws_sqs_queue.jobs' } });
    expect(ranking.steps.map(({ name }) => name)).toEqual([
      '1 h',
      '6 h',
      '24 h',
      '72 h',
      'last known-good scan (entry 0)',
    ]);
    expect(ranking.suspects.map(({ candidate }) => candidate.label)).toEqual(['aws_sqs_queue.jobs']);
  });

  it('takes a rollout that was rolled back while the alert went on for less likely than one that stayed', () => {
    const row = (id: string, time: string, stage: string) =>
      JSON.stringify({ at: `2026-03-11T${time}:00Z`, id, stage, kind: 'deploy', service: 'jobs', summary: id });
    const events = readEvents(
      [row('kept', '11:50', 'completed'), row('back', '11:50', 'completed'), row('back', '12:10', 'rolled-back')].join(
        '\n',
      ),
      'e',
    );
    const { ranking } = ask(NIGHTS, { events, stated: { onset: at('2026-03-11T12:00:00Z'), service: 'jobs' } });
    const labels = ranking.suspects.map(({ candidate }) => candidate.label);
    expect(labels.indexOf('kept')).toBeLessThan(labels.indexOf('back'));
  });

  it('does not depend on the order of the candidates', () => {
    const drifts = [QUEUE, changed('aws_a.b', 'size', 1, 2), changed('aws_c.d', 'size', 1, 2)];
    const entries = ledgerOf([{ at: '2026-03-10T02:00:00' }, { at: '2026-03-11T02:00:00', drifts }]);
    const changes = entries.filter((entry): entry is ChangeEntry => entry.kind === 'drift');
    const all = ledgerCandidates(changes, driftStories(entries));
    const { question, scope } = ask(NIGHTS, { stated: { service: 'jobs' } });
    const window = { name: 'all', from: Number.NEGATIVE_INFINITY, timed: false, settles: true };
    const ground = { question, scope, graph: stateGraph([]), history: new Map(), recordFrom: undefined };
    const labels = (list: typeof all) =>
      rank({ ...ground, all: list }, [window]).suspects.map(({ candidate }) => candidate.label);
    expect(labels(all.toReversed())).toEqual(labels(all));
  });
});

describe('the way out', () => {
  const of = (drift: Drift) => {
    const entries = ledgerOf([{ at: '2026-03-10T02:00:00' }, { at: '2026-03-11T02:00:00', drifts: [drift] }]);
    const changes = entries.filter((entry): entry is ChangeEntry => entry.kind === 'drift');
    return directionOf(ledgerCandidates(changes, driftStories(entries))[0] as never, undefined);
  };

  it('is to put back what was not reviewed, also where it opens a way in', () => {
    expect(of(changed('aws_security_group.web', 'ingress', 1, 2)).direction).toBe('revert');
  });

  it('is to hold where a count was raised: it may carry the load, and an apply would take it away', () => {
    const hold = of(changed('aws_autoscaling_group.web', 'desired_capacity', 3, 6));
    expect(hold.direction).toBe('hold');
    expect(hold.risks.join()).toContain('pending apply would undo it');
  });
});
