import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIncidents, incidentRecords } from '../../../src/incident/record/fold.ts';
import { readNote } from '../../../src/incident/record/note.ts';
import type { Entry } from '../../../src/model/entry.ts';
import type { IncidentRecord } from '../../../src/model/incident-record.ts';
import { annotationEntry } from '../../support/annotation-samples.ts';
import {
  anyContent,
  anySketch,
  digestAt,
  incidentNote,
  type Sketch,
  toldInTurns,
} from '../../support/incident-notes.ts';
import { digestOf } from '../../support/scan-samples.ts';

const ID = 'INC-0001';
const opened = incidentNote(0, ID, {
  topic: 'opened',
  what: { title: 'Throughput down', severity: 'sev2', services: ['pipeline'], case: digestOf(1) },
});
const detected = (index: number, at: string, supersedes: string | null = null): Entry =>
  incidentNote(
    index,
    ID,
    { topic: 'milestone', what: { name: 'detected', at, basis: 'stated', source: null } },
    { supersedes },
  );
const factor = (index: number, text: string, supersedes: string | null = null): Entry =>
  incidentNote(index, ID, { topic: 'factor', what: { kind: 'process', text } }, { supersedes });
const retracted = (index: number, supersedes: string): Entry =>
  incidentNote(index, ID, { topic: 'retracted', what: { text: null } }, { supersedes });

function only(entries: readonly Entry[]): IncidentRecord {
  const records = incidentRecords(entries);
  expect(records).toHaveLength(1);
  return records[0] as IncidentRecord;
}

describe('the record of an incident', () => {
  it('begins with what opens it', () => {
    expect(only([opened])).toMatchObject({
      id: ID,
      title: 'Throughput down',
      severity: 'sev2',
      status: 'draft',
      services: ['pipeline'],
      opened: { index: 0, digest: digestAt(0), by: 'kim@example.com' },
      cases: [{ sha256: digestOf(1), said: { index: 0 } }],
      unread: [],
    });
  });

  it('has the last of what is said of one thing, and every entry that said something of it', () => {
    const record = only([
      opened,
      detected(1, '2025-01-18T08:22:00Z'),
      detected(2, '2025-01-18T08:20:00Z', digestAt(1)),
    ]);
    expect(record.milestones).toMatchObject([{ name: 'detected', at: '2025-01-18T08:20:00Z', said: { index: 2 } }]);
    expect(record.entries.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('has the last word on one thing also where it does not name what it replaces', () => {
    const record = only([opened, detected(1, '2025-01-18T08:22:00Z'), detected(2, '2025-01-18T08:20:00Z')]);
    expect(record.milestones.map(({ at }) => at)).toEqual(['2025-01-18T08:20:00Z']);
  });

  it('keeps the place in a list of what is said anew', () => {
    const record = only([opened, factor(1, 'one'), factor(2, 'two'), factor(3, 'first', digestAt(1))]);
    expect(record.factors.map(({ text }) => text)).toEqual(['first', 'two']);
  });

  it('lists each note of a list for itself', () => {
    expect(only([opened, factor(1, 'one'), factor(2, 'one')]).factors).toHaveLength(2);
  });

  it('has nothing any more of what was taken back, be it a correction of something', () => {
    const notes = [
      opened,
      factor(1, 'one'),
      factor(2, 'two'),
      factor(3, 'too', digestAt(2)),
      retracted(4, digestAt(3)),
    ];
    expect(only(notes).factors.map(({ text }) => text)).toEqual(['one']);
  });

  it('cannot take back what was replaced already, nor what opens it, and says so', () => {
    const notes = [
      opened,
      factor(1, 'one'),
      factor(2, 'two', digestAt(1)),
      retracted(3, digestAt(1)),
      retracted(4, digestAt(0)),
    ];
    expect(only(notes)).toMatchObject({
      title: 'Throughput down',
      factors: [{ text: 'two' }],
      unread: [{ index: 3, why: expect.stringContaining('does not stand') }, { index: 4 }],
    });
  });

  it('takes each setting from the last note that has it', () => {
    const set = (index: number, what: object): Entry =>
      incidentNote(index, ID, {
        topic: 'set',
        what: { title: null, severity: null, status: null, services: [], text: null, ...what },
      });
    const notes = [
      opened,
      set(1, { severity: 'sev1', status: 'in_review' }),
      set(2, { status: 'reviewed' }),
      set(3, { title: 'Other' }),
    ];
    expect(only(notes)).toMatchObject({ title: 'Other', severity: 'sev1', status: 'reviewed', services: ['pipeline'] });
    expect(only([...notes, retracted(4, digestAt(2))]).status).toBe('draft');
  });

  it('has one review of each person: the last', () => {
    const review = (index: number, by: string, decision: 'approved' | 'changes-requested'): Entry =>
      incidentNote(index, ID, { topic: 'review', what: { role: null, decision, text: null } }, { by });
    const record = only([
      opened,
      review(1, 'Lee', 'changes-requested'),
      review(2, 'kim', 'approved'),
      review(3, ' lee', 'approved'),
    ]);
    expect(record.reviews.map(({ said, decision }) => [said.index, decision])).toEqual([
      [3, 'approved'],
      [2, 'approved'],
    ]);
  });

  it('has the answer beside its question, and calls an answer to nothing unread', () => {
    const ask = incidentNote(1, ID, { topic: 'question', what: { id: 'Q1', text: 'Who?' } });
    const answer = (index: number, id: string): Entry =>
      incidentNote(index, ID, { topic: 'answer', what: { id, text: 'Nobody' } });
    expect(only([opened, ask]).questions).toMatchObject([{ id: 'Q1', answer: null }]);
    expect(only([opened, ask, answer(2, 'Q1'), answer(3, 'Q2')])).toMatchObject({
      questions: [{ id: 'Q1', answer: 'Nobody', said: { index: 1 } }],
      unread: [{ index: 3, why: 'it answers Q2, which nobody asks' }],
    });
  });

  it('has one verdict on each change', () => {
    const judged = (index: number, entry: string, relation: 'suspect' | 'caused'): Entry =>
      incidentNote(index, ID, { topic: 'verdict', what: { relation, certainty: 0.5, text: null } }, { about: [entry] });
    const record = only([
      opened,
      judged(1, digestOf(8), 'suspect'),
      judged(2, digestOf(9), 'suspect'),
      judged(3, digestOf(8), 'caused'),
    ]);
    expect(record.verdicts.map(({ entry, relation }) => [entry, relation])).toEqual([
      [digestOf(8), 'caused'],
      [digestOf(9), 'suspect'],
    ]);
  });

  it('is there, with what is missing told, where the note that opens it was erased', () => {
    expect(only([factor(5, 'one')])).toMatchObject({
      id: ID,
      opened: { index: 5 },
      factors: [{ text: 'one' }],
      unread: [{ index: 5, why: expect.stringContaining('was erased') }],
    });
  });

  it('lists notes that it cannot read: of a newer version, or damaged by hand', () => {
    const note = (index: number, topic: string, facts: object): Entry =>
      annotationEntry(index, '2025-01-18T09:00:00Z', {
        kind: 'note',
        topic,
        facts: { incident: ID, ...facts } as never,
        text: 'x',
      });
    const record = only([
      opened,
      note(1, 'incident.hologram', {}),
      note(2, 'incident.milestone', { name: 'detected', at: '2025-02-30T00:00:00Z', basis: 'stated' }),
      note(3, 'incident.milestone', { name: 'lunch', at: '2025-02-20T00:00:00Z', basis: 'stated' }),
      note(4, 'incident.verdict', { relation: 'caused', certainty: 1 }),
      note(5, 'incident.opened', {}),
      note(6, 'incident.constructor', {}),
    ]);
    expect(record.unread.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(record.unread[0]?.why).toBe('topic incident.hologram is not known to this version');
    expect(record.milestones).toEqual([]);
    expect(record.title).toBe('Throughput down');
  });

  it('tells notes that name no incident apart', () => {
    const stray = annotationEntry(3, '2025-01-18T09:00:00Z', {
      kind: 'note',
      topic: 'incident.factor',
      facts: { incident: '__proto__' },
    });
    expect(foldIncidents([opened, stray])).toMatchObject({ records: [{ id: ID }], strays: [{ index: 3 }] });
  });

  it('passes over every other entry', () => {
    const others = [
      annotationEntry(1, '2025-01-18T09:00:00Z', { kind: 'note', text: 'INC-0001' }),
      annotationEntry(2, '2025-01-18T09:00:00Z', { kind: 'note', topic: 'rule.added', facts: { incident: ID } }),
      annotationEntry(3, '2025-01-18T09:00:00Z', {
        kind: 'correction',
        topic: 'incident.factor',
        facts: { incident: ID },
      }),
    ];
    expect(incidentRecords([...others, opened, ...others])).toEqual(incidentRecords([opened]));
  });
});

describe('folding', () => {
  const stories = fc.tuple(fc.array(anySketch, { maxLength: 14 }), fc.array(anySketch, { maxLength: 14 }));
  const asMap = ([a, b]: readonly [readonly Sketch[], readonly Sketch[]]) =>
    new Map([
      ['INC-0001', a],
      ['INC-0002', b],
    ]);

  it('tells of each incident the same, however the notes of two lie between each other', () => {
    fc.assert(
      fc.property(stories, fc.infiniteStream(fc.boolean()), (both, coin) => {
        const map = asMap(both);
        const [a, b] = [[...both[0]], [...both[1]]];
        const turns: string[] = [];
        while (a.length + b.length > 0) {
          const first = b.length === 0 || (a.length > 0 && coin.next().value === true);
          (first ? a : b).pop();
          turns.push(first ? 'INC-0001' : 'INC-0002');
        }
        const byId = (entries: readonly Entry[]) => new Map(incidentRecords(entries).map((one) => [one.id, one]));
        const inTurns = byId(toldInTurns(map, turns));
        const apart = byId(toldInTurns(map, [...turns].sort()));
        expect(inTurns).toEqual(apart);
      }),
      { numRuns: 200 },
    );
  });

  it('never takes back that an entry was read: what a longer log has begins with what a shorter one had', () => {
    fc.assert(
      fc.property(stories, fc.nat(28), (both, length) => {
        const map = asMap(both);
        const turns = both.flatMap((story, at) => story.map(() => `INC-000${at + 1}`));
        const all = toldInTurns(map, turns);
        const [some, whole] = [incidentRecords(all.slice(0, length)), incidentRecords(all)];
        expect(whole.map(({ id }) => id).slice(0, some.length)).toEqual(some.map(({ id }) => id));
        for (const [at, { entries }] of some.entries()) {
          expect(whole[at]?.entries.slice(0, entries.length)).toEqual(entries);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('drops nothing: every note is an entry of its incident', () => {
    fc.assert(
      fc.property(stories, (both) => {
        const map = asMap(both);
        const turns = both.flatMap((story, at) => story.map(() => `INC-000${at + 1}`));
        const records = incidentRecords(toldInTurns(map, turns));
        for (const record of records) expect(record.entries).toHaveLength(map.get(record.id)?.length ?? -1);
      }),
    );
  });

  it('never throws, whatever the facts are', () => {
    const key = fc.oneof(
      fc.constantFrom(
        '__proto__',
        'constructor',
        'toString',
        'incident',
        'name',
        'at',
        'certainty',
        'services',
        'case',
      ),
      fc.string(),
    );
    const facts = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.tuple(key, fc.jsonValue())).map((members) => {
        const map: Record<string, unknown> = Object.create(null);
        for (const [name, value] of [['incident', 'INC-0001'] as const, ...members]) map[name] = value;
        return map;
      }),
    );
    const topic = fc.oneof(
      fc.constantFrom(
        ...['opened', 'set', 'milestone', 'action', 'verdict', '__proto__', ''].map((one) => `incident.${one}`),
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ topic, facts, text: fc.jsonValue() }), { maxLength: 6 }), (notes) => {
        const entries = notes.map((note, at) =>
          annotationEntry(at, '2025-01-18T09:00:00Z', { kind: 'note', ...note } as never),
        );
        const { records, strays } = foldIncidents(entries);
        const told = notes.filter((one) => typeof one.topic === 'string' && one.topic.startsWith('incident.')).length;
        expect(records.reduce((sum, one) => sum + one.entries.length, strays.length)).toBe(told);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a note of an incident', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const said = { about: content.topic === 'verdict' ? [digestOf(1)] : [], supersedes: digestOf(2) };
        const entry = incidentNote(4, ID, content, said);
        // As it comes back from the ledger.
        const again = JSON.parse(JSON.stringify(entry)) as Entry;
        expect(readNote(again)).toMatchObject({ incident: ID, content: JSON.parse(JSON.stringify(content)), ...said });
      }),
      { numRuns: 500 },
    );
  });
});
