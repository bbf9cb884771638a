import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationsOf } from '../../../src/incident/document/durations.ts';
import type { DocumentMilestone } from '../../../src/incident/document/milestones.ts';
import { digestOf, judgementOf } from '../../../src/incident/document/judgement.ts';
import { rulesFrom, standingOf } from '../../../src/incident/document/rules.ts';
import { whysOf } from '../../../src/incident/document/whys.ts';
import {
  type ActionItem,
  MILESTONES,
  type MilestoneName,
  type RelationVerdict,
} from '../../../src/model/incident-record.ts';
import { LEDGERS } from '../../support/entry-samples.ts';
import { recordOf, sampleDocument } from '../../support/incident-record-samples.ts';

const said = recordOf().opened;
const milestone = (name: MilestoneName, at: number): DocumentMilestone => ({
  name,
  at,
  basis: 'stated',
  source: 'x',
  said: null,
});

describe('lengths of time', () => {
  it('are there where both ends are known and in order, and are never negative', () => {
    const some = fc.uniqueArray(fc.tuple(fc.constantFrom(...MILESTONES), fc.integer({ min: 0, max: 1e12 })), {
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(some, (list) => {
        const at = new Map(list);
        for (const { from, to, length, why } of durationsOf(list.map(([name, time]) => milestone(name, time)))) {
          const [start, end] = [at.get(from), at.get(to)];
          const known = start !== undefined && end !== undefined && end >= start;
          expect(length).toBe(known ? end - start : null);
          expect(why === null).toBe(known);
        }
      }),
    );
  });

  it('say which milestone is missing, or that two contradict each other', () => {
    const find = (list: DocumentMilestone[]) => durationsOf(list).find(({ name }) => name === 'time to acknowledge');
    expect(find([])?.why).toBe('no time of detected and acknowledged is on record');
    expect(find([milestone('detected', 5), milestone('acknowledged', 4)])?.why).toContain('stands before');
    expect(find([milestone('detected', 5), milestone('acknowledged', 5)])?.length).toBe(0);
  });
});

function verdictOn(entry: string, relation: RelationVerdict['relation'], certainty = 1): RelationVerdict {
  return { entry, relation, certainty, text: null, said };
}

describe('what people judge', () => {
  const drifts = LEDGERS.week.filter(({ kind }) => kind === 'drift');
  const [first, second] = drifts.map(({ digest }) => digest) as [string, string];

  it('stands over the ranking, which is kept beside it', () => {
    const { judgement } = sampleDocument(
      recordOf({ verdicts: [verdictOn(second, 'caused', 0.4), verdictOn(first, 'caused')] }),
    );
    expect(judgement.by).toBe('people');
    expect(judgement.causes.map(({ verdict }) => verdict?.entry)).toEqual([first, second]);
    for (const { rank, ruledOut } of judgement.causes) expect((rank === null) === (ruledOut !== null)).toBe(true);
  });

  it('is the last word on each change', () => {
    const { judgement } = sampleDocument(
      recordOf({ verdicts: [verdictOn(first, 'caused'), verdictOn(first, 'dismissed')] }),
    );
    expect(judgement.causes).toEqual([]);
    expect(judgement.by).toBe('nobody');
  });

  it('takes the place of a suspect that the ranking is sure of', () => {
    const { incident } = sampleDocument(recordOf());
    if (incident === undefined) throw new Error('the sample has no ranking');
    const sure = { ...incident, verdict: 'confident' } as const;
    const alone = judgementOf(recordOf(), sure);
    expect(alone).toMatchObject({ by: 'ranking', causes: [{ rank: 1 }] });
    const digest = alone.causes.map(({ suspect }) => digestOf(suspect.candidate) ?? '')[0] as string;
    const dismissed = judgementOf(recordOf({ verdicts: [verdictOn(digest, 'dismissed')] }), sure);
    expect(dismissed).toMatchObject({ by: 'nobody', causes: [] });
    expect(dismissed.others[0]).toMatchObject({ rank: 1, verdict: { relation: 'dismissed' } });
  });

  it('is shown also where it speaks of no change of the ranking', () => {
    const { judgement } = sampleDocument(recordOf({ verdicts: [verdictOn('f'.repeat(64), 'caused')] }));
    expect(judgement.apart.map(({ entry }) => entry)).toEqual(['f'.repeat(64)]);
  });
});

describe('the timeline', () => {
  const times = fc.array(
    fc.integer({ min: Date.parse('2026-03-08T00:00:00Z'), max: Date.parse('2026-03-16T00:00:00Z') }),
    { maxLength: 12 },
  );

  it('is in the order of time, has every row that people wrote, and each row leads to an entry', () => {
    fc.assert(
      fc.property(times, (list) => {
        const timeline = list.map((at, i) => ({
          kind: 'response' as const,
          at: new Date(at).toISOString(),
          until: null,
          basis: 'stated' as const,
          text: `row ${i}`,
          actor: null,
          source: null,
          link: null,
          about: [],
          said: { ...said, index: 50 + i },
        }));
        const { rows } = sampleDocument(recordOf({ timeline })).timeline;
        expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted((a, b) => a - b));
        expect(rows.flatMap(({ told }) => (told.kind === 'note' ? told.note.text : [])).toSorted()).toEqual(
          timeline.map(({ text }) => text).toSorted(),
        );
        for (const row of rows) if (row.told.kind !== 'milestone') expect(row.entry).not.toBeNull();
      }),
      { numRuns: 25 },
    );
  });

  it('parts before, during and after by onset and mitigation', () => {
    const record = recordOf({
      milestones: [
        { name: 'onset', at: '2026-03-11T00:00:00Z', basis: 'stated', source: 'x', said },
        { name: 'mitigated', at: '2026-03-13T00:00:00Z', basis: 'stated', source: 'x', said },
      ],
    });
    const [onset, mitigated] = [Date.parse('2026-03-11T00:00:00Z'), Date.parse('2026-03-13T00:00:00Z')];
    const { rows } = sampleDocument(record).timeline;
    for (const { at, phase, offset } of rows) {
      expect(phase).toBe(at < onset ? 'before' : at < mitigated ? 'during' : 'after');
      expect(offset).toBe(at - onset);
    }
    expect(new Set(rows.map(({ phase }) => phase))).toEqual(new Set(['before', 'during', 'after']));
  });

  it('calls a moment that only scans bound inferred, and shows the bounds', () => {
    const { rows } = sampleDocument(recordOf()).timeline;
    const changes = rows.filter(({ told }) => told.kind === 'change');
    expect(changes.length).toBeGreaterThan(0);
    for (const { trust, from, at } of changes) {
      expect(trust).toBe('inferred');
      expect(from).toBeLessThan(at);
    }
  });
});

describe('milestones', () => {
  it('are those that people set, before those that the evidence tells', () => {
    const set = {
      name: 'detected' as const,
      at: '2026-03-14T02:10:00Z',
      basis: 'recorded' as const,
      source: 'pager',
      said,
    };
    const told = sampleDocument(recordOf(), LEDGERS.week, 'alert').milestones.find(({ name }) => name === 'detected');
    expect(told).toMatchObject({ at: Date.parse('2026-03-14T02:00:00Z'), basis: 'recorded', said: null });
    const both = sampleDocument(recordOf({ milestones: [set] }), LEDGERS.week, 'alert').milestones;
    expect(both.find(({ name }) => name === 'detected')).toMatchObject({ at: Date.parse(set.at), source: 'pager' });
  });

  it('hold no moment of change where only two scans bound it', () => {
    const cause = LEDGERS.week.find(({ kind }) => kind === 'drift')?.digest ?? '';
    const { milestones, judgement } = sampleDocument(recordOf({ verdicts: [verdictOn(cause, 'caused')] }));
    expect(judgement.causes).toHaveLength(1);
    expect(milestones.map(({ name }) => name)).not.toContain('changed');
  });
});

describe('the whys', () => {
  const step = (question: string, answer: string | null) => ({ question, answer, about: [], said });
  it('take answers by their word or their whole question, the last one standing', () => {
    const whys = whysOf(
      recordOf({
        whys: [step('caught', 'first'), step('why was it not caught when it was made', 'second'), step('caught', null)],
      }),
    );
    expect(whys).toHaveLength(5);
    expect(whys.find(({ key }) => key === 'caught')?.step?.answer).toBe('second');
    expect(whys.filter(({ step: one }) => one === null)).toHaveLength(4);
  });
  it('keep the questions that somebody put himself, after the standing ones', () => {
    const whys = whysOf(recordOf({ whys: [step('Why on a Saturday?', null)] }));
    expect(whys.at(-1)).toMatchObject({ key: null, question: 'Why on a Saturday?' });
  });
});

describe('rules that were born from an incident', () => {
  const terms = {
    kind: 'range',
    id: 'R-0001',
    title: 'no less than 500',
    severity: 'high',
    path: 'value',
    min: 500,
    ifUnset: 'allowed',
  } as const;
  const born = (incident: string) => ({
    rule: {
      terms,
      digest: 'a'.repeat(64),
      origin: { source: 'ledger', index: 60, entry: 'b'.repeat(64) },
      from: { incident, entry: null, action: 'A1' },
      reason: null,
    } as const,
    retired: null,
  });
  const item: ActionItem = {
    ...{
      id: 'A1',
      category: 'prevention',
      text: 'Refuse less than 500',
      owner: 'team',
      due: '2026-04-01',
      doneWhen: null,
    },
    ...{ rule: 'R-0001', ticket: null, state: 'open', stateText: null, said },
  };
  const record = recordOf({ actions: [item] });

  it('are those that name it', () => {
    const facts = { rules: [born('INC-0007'), born('INC-0008')], standings: [] };
    expect(rulesFrom('INC-0007', facts)).toEqual([born('INC-0007')]);
  });

  it('close an action where scans were green, and say by which', () => {
    const incident = { id: record.id, title: record.title, severity: record.severity };
    const because = 'R-0001 green in scans #61, #62, #63';
    const standing = { incident, action: item, state: 'closed', overdue: false, because, rule: null } as const;
    expect(standingOf(item, record.id, { rules: [], standings: [standing] })).toMatchObject({
      state: 'closed',
      because,
    });
    expect(standingOf(item, 'INC-0009', { rules: [], standings: [standing] })).toEqual({
      state: 'open',
      because: null,
    });
  });
});
