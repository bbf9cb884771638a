import fc from 'fast-check';
import { type NoteContent, type NoteTopic, noteParts } from '../../src/incident/record/note.ts';
import type { Entry } from '../../src/model/entry.ts';
import {
  ACTION_CATEGORIES,
  ACTION_STATES,
  AUDIENCES,
  FACTOR_KINDS,
  INCIDENT_ROLES,
  INCIDENT_STATUSES,
  INCIDENT_TEXTS,
  LESSON_KINDS,
  MILESTONES,
  RELATIONS,
  REVIEW_DECISIONS,
  SEVERITIES,
  TIME_BASES,
  TIMELINE_KINDS,
} from '../../src/model/incident-record.ts';
import { annotationEntry } from './annotation-samples.ts';
import { digestOf } from './scan-samples.ts';

interface Said {
  readonly by?: string;
  readonly at?: string;
  readonly about?: readonly string[];
  readonly supersedes?: string | null;
}

/** A note of an incident at a place of the log. */
export function incidentNote(index: number, incident: string, content: NoteContent, said: Said = {}): Entry {
  const { by = 'kim@example.com', at = '2025-01-18T08:31:00.000Z', about = [], supersedes = null } = said;
  return annotationEntry(index, at, { kind: 'note', by, about, ...noteParts(incident, content) }, supersedes);
}

/** The digest that incidentNote gives the note of an index. */
export function digestAt(index: number): string {
  return annotationEntry(index, '2025-01-18T08:31:00.000Z', { kind: 'note' }).digest;
}

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary-ascii' }),
  fc.constantFrom('\u001b[31m', '\u009b2J', 'a\u202eb', 'two\nlines', '__proto__'),
);
const maybe = fc.option(text);
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const sha256 = fc.nat(999).map((n) => digestOf(7000 + n));
const number = fc.integer({ min: 1, max: 4 });

const CONTENTS: { readonly [T in NoteTopic]: fc.Arbitrary<Extract<NoteContent, { topic: T }>['what']> } = {
  opened: fc.record({
    title: text,
    severity: fc.option(fc.constantFrom(...SEVERITIES)),
    services: fc.array(text, { maxLength: 2 }),
    case: fc.option(sha256),
  }),
  case: fc.record({ case: sha256 }),
  set: fc.record({
    title: maybe,
    severity: fc.option(fc.constantFrom(...SEVERITIES)),
    status: fc.option(fc.constantFrom(...INCIDENT_STATUSES)),
    services: fc.array(text, { maxLength: 2 }),
    text: maybe,
  }),
  milestone: fc.record({
    name: fc.constantFrom(...MILESTONES),
    at: time,
    basis: fc.constantFrom(...TIME_BASES),
    source: maybe,
  }),
  role: fc.record({ role: fc.constantFrom(...INCIDENT_ROLES), who: text }),
  text: fc.record({ name: fc.constantFrom(...INCIDENT_TEXTS), text }),
  timeline: fc.record({
    kind: fc.constantFrom(...TIMELINE_KINDS),
    at: time,
    until: fc.option(time),
    basis: fc.constantFrom(...TIME_BASES),
    text,
    actor: maybe,
    source: maybe,
    link: maybe,
  }),
  metric: fc.record({ metric: text, value: text, unit: maybe, source: maybe }),
  why: fc.record({ question: text, answer: maybe }),
  factor: fc.record({ kind: fc.constantFrom(...FACTOR_KINDS), text }),
  lesson: fc.record({ kind: fc.constantFrom(...LESSON_KINDS), text }),
  question: fc.record({ id: number.map((n) => `Q${n}`), text }),
  answer: fc.record({ id: number.map((n) => `Q${n}`), text }),
  comms: fc.record({
    audience: fc.constantFrom(...AUDIENCES),
    state: fc.constantFrom('draft' as const, 'sent' as const),
    at: fc.option(time),
    text,
  }),
  verdict: fc.record({
    relation: fc.constantFrom(...RELATIONS),
    certainty: fc.double({ min: 0, max: 1, noNaN: true }),
    text: maybe,
  }),
  action: fc.record({
    id: number.map((n) => `A${n}`),
    category: fc.constantFrom(...ACTION_CATEGORIES),
    text,
    owner: maybe,
    due: fc.option(time.map((at) => at.slice(0, 10))),
    doneWhen: maybe,
    rule: maybe,
    ticket: maybe,
    state: fc.constantFrom(...ACTION_STATES),
    stateText: maybe,
  }),
  review: fc.record({ role: maybe, decision: fc.constantFrom(...REVIEW_DECISIONS), text: maybe }),
  retracted: fc.record({ text: maybe }),
};

/** What any note can say. */
export const anyContent: fc.Arbitrary<NoteContent> = fc.oneof(
  ...(Object.keys(CONTENTS) as NoteTopic[]).map((topic) =>
    (CONTENTS[topic] as fc.Arbitrary<never>).map((what) => ({ topic, what }) as NoteContent),
  ),
);

/** One note of a log that is made later, when its index and those before it are known. */
export interface Sketch {
  readonly content: NoteContent;
  readonly by: string;
  readonly entry: number;
  /** How many notes of the same incident back the superseded one lies; 0: none. */
  readonly back: number;
}

export const anySketch: fc.Arbitrary<Sketch> = fc.record({
  content: anyContent,
  by: fc.constantFrom('kim', 'lee', ' Kim '),
  entry: fc.nat(3),
  back: fc.nat(5),
});

/** The notes of several incidents, each told in its own order; `turns` says whose turn it is. */
export function toldInTurns(stories: ReadonlyMap<string, readonly Sketch[]>, turns: readonly string[]): Entry[] {
  const told = new Map([...stories.keys()].map((id) => [id, [] as Entry[]]));
  return turns.flatMap((id) => {
    const mine = told.get(id) as Entry[];
    const sketch = stories.get(id)?.[mine.length];
    if (sketch === undefined) return [];
    const { content, by, entry, back } = sketch;
    // The place in its own story, so that a note is the same wherever it stands in the log.
    const index = Number(id.slice(-1)) * 10_000 + mine.length;
    const before = mine.at(-back);
    const supersedes = back === 0 || before === undefined ? null : before.digest;
    const about = content.topic === 'verdict' ? [digestOf(entry)] : [];
    const note = incidentNote(index, id, content, { by, about, supersedes });
    mine.push(note);
    return [note];
  });
}
