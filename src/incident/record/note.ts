import type { Entry } from '../../model/entry.ts';
import {
  ACTION_CATEGORIES,
  ACTION_STATES,
  type ActionItem,
  AUDIENCES,
  type Comms,
  type Factor,
  FACTOR_KINDS,
  type ImpactMetric,
  INCIDENT_ROLES,
  INCIDENT_STATUSES,
  INCIDENT_TEXTS,
  type IncidentStatus,
  type IncidentText,
  type Lesson,
  LESSON_KINDS,
  type Milestone,
  MILESTONES,
  RELATIONS,
  type RelationVerdict,
  REVIEW_DECISIONS,
  type Review,
  type RoleHolder,
  type SaidIn,
  SEVERITIES,
  type Severity,
  TIME_BASES,
  TIMELINE_KINDS,
  type TimelineNote,
  type WhyStep,
} from '../../model/incident-record.ts';
import { NoteReader, Unreadable } from './note-reader.ts';

type Own<T> = Omit<T, 'said' | 'about' | 'entry'>;

/** What a note can say, by the word of its topic. */
export interface NoteContents {
  readonly opened: {
    readonly title: string;
    readonly severity: Severity | null;
    readonly services: readonly string[];
    /** Digest of the case file. */
    readonly case: string | null;
  };
  readonly case: { readonly case: string };
  readonly set: {
    readonly title: string | null;
    readonly severity: Severity | null;
    readonly status: IncidentStatus | null;
    readonly services: readonly string[];
    /** Why. */
    readonly text: string | null;
  };
  readonly milestone: Own<Milestone>;
  readonly role: Own<RoleHolder>;
  readonly text: { readonly name: IncidentText; readonly text: string };
  readonly timeline: Own<TimelineNote>;
  readonly metric: Own<ImpactMetric>;
  readonly why: Own<WhyStep>;
  readonly factor: Own<Factor>;
  readonly lesson: Own<Lesson>;
  readonly question: { readonly id: string; readonly text: string };
  readonly answer: { readonly id: string; readonly text: string };
  readonly comms: Own<Comms>;
  readonly verdict: Own<RelationVerdict>;
  readonly action: Own<ActionItem>;
  readonly review: Own<Review>;
  readonly retracted: { readonly text: string | null };
}

export type NoteTopic = keyof NoteContents;
/** What one note says. */
export type NoteContent = { [T in NoteTopic]: { readonly topic: T; readonly what: NoteContents[T] } }[NoteTopic];

/** A note of an incident, as it stands in the ledger. */
export interface IncidentNote {
  /** `INC-0001`. */
  readonly incident: string;
  readonly content: NoteContent;
  /** Statement digests of the entries spoken of. */
  readonly about: readonly string[];
  /** Digest of the note that it takes the place of. */
  readonly supersedes: string | null;
  readonly said: SaidIn;
}

/** A note that cannot be read, and the incident that it belongs to, where even that can be told. */
export interface UnreadNote {
  readonly incident: string | null;
  readonly why: string;
  readonly said: SaidIn;
}

const PREFIX = 'incident.';
const INCIDENT_ID = /^INC-\d{4,9}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const QUESTION_ID = /^Q[1-9]\d{0,5}$/;
const ACTION_ID = /^A[1-9]\d{0,5}$/;

const READERS: { readonly [T in NoteTopic]: (note: NoteReader) => NoteContents[T] } = {
  opened: (note) => ({
    title: note.neededWords,
    severity: note.maybeOneOf('severity', SEVERITIES),
    services: note.texts('services'),
    case: note.maybeMatching('case', SHA256),
  }),
  case: (note) => ({ case: note.matching('case', SHA256) }),
  set: (note) => ({
    title: note.maybeText('title'),
    severity: note.maybeOneOf('severity', SEVERITIES),
    status: note.maybeOneOf('status', INCIDENT_STATUSES),
    services: note.texts('services'),
    text: note.words,
  }),
  milestone: (note) => ({
    name: note.oneOf('name', MILESTONES),
    at: note.time('at'),
    basis: note.oneOf('basis', TIME_BASES),
    source: note.maybeText('source'),
  }),
  role: (note) => ({ role: note.oneOf('role', INCIDENT_ROLES), who: note.text('who') }),
  text: (note) => ({ name: note.oneOf('name', INCIDENT_TEXTS), text: note.neededWords }),
  timeline: (note) => ({
    kind: note.oneOf('kind', TIMELINE_KINDS),
    at: note.time('at'),
    until: note.maybeTime('until'),
    basis: note.oneOf('basis', TIME_BASES),
    text: note.neededWords,
    actor: note.maybeText('actor'),
    source: note.maybeText('source'),
    link: note.maybeText('link'),
  }),
  metric: (note) => ({
    metric: note.neededWords,
    value: note.text('value'),
    unit: note.maybeText('unit'),
    source: note.maybeText('source'),
  }),
  why: (note) => ({ question: note.text('question'), answer: note.words }),
  factor: (note) => ({ kind: note.oneOf('kind', FACTOR_KINDS), text: note.neededWords }),
  lesson: (note) => ({ kind: note.oneOf('kind', LESSON_KINDS), text: note.neededWords }),
  question: (note) => ({ id: note.matching('id', QUESTION_ID), text: note.neededWords }),
  answer: (note) => ({ id: note.matching('id', QUESTION_ID), text: note.neededWords }),
  comms: (note) => ({
    audience: note.oneOf('audience', AUDIENCES),
    state: note.oneOf('state', ['draft', 'sent']),
    at: note.maybeTime('at'),
    text: note.neededWords,
  }),
  verdict: (note) => ({
    relation: note.oneOf('relation', RELATIONS),
    certainty: note.share('certainty'),
    text: note.words,
  }),
  action: (note) => ({
    id: note.matching('id', ACTION_ID),
    category: note.oneOf('category', ACTION_CATEGORIES),
    text: note.neededWords,
    owner: note.maybeText('owner'),
    due: note.maybeDay('due'),
    doneWhen: note.maybeText('doneWhen'),
    rule: note.maybeText('rule'),
    ticket: note.maybeText('ticket'),
    state: note.oneOf('state', ACTION_STATES),
    stateText: note.maybeText('stateText'),
  }),
  review: (note) => ({
    role: note.maybeText('role'),
    decision: note.oneOf('decision', REVIEW_DECISIONS),
    text: note.words,
  }),
  retracted: (note) => ({ text: note.words }),
};

/** Reads a note of an incident; undefined for every other entry. Never throws, whatever the facts hold. */
export function readNote(entry: Entry): IncidentNote | UnreadNote | undefined {
  if (entry.kind !== 'note' || !('annotation' in entry.statement.predicate)) return undefined;
  const { annotation, when, supersedes } = entry.statement.predicate;
  const { topic, facts, text, about, by } = annotation;
  if (typeof topic !== 'string' || !topic.startsWith(PREFIX)) return undefined;
  const said: SaidIn = { index: entry.index, digest: entry.digest, by, at: when.statedAt };
  const note = new NoteReader(facts, text);
  let incident: string | null = null;
  try {
    incident = note.matching('incident', INCIDENT_ID);
    const word = topic.slice(PREFIX.length);
    if (!isTopic(word)) throw new Unreadable(`topic ${topic} is not known to this version`);
    const content = { topic: word, what: READERS[word](note) } as NoteContent;
    if (word === 'verdict' && about.length !== 1) throw new Unreadable('it does not speak of exactly one entry');
    if (word === 'retracted' && supersedes === null) throw new Unreadable('it does not say what it takes back');
    return { incident, content, about, supersedes, said };
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    return { incident, why: thrown.message, said };
  }
}

/** What stands in the annotation of a note: the inverse of readNote. Members that are null or empty are left out. */
export function noteParts(
  incident: string,
  { topic, what }: NoteContent,
): { readonly topic: string; readonly text: string | null; readonly facts: { readonly [name: string]: FactValue } } {
  const words = WORDS[topic];
  const facts: { [name: string]: FactValue } = { incident };
  let text: string | null = null;
  for (const [name, value] of Object.entries(what) as [string, FactValue | null][]) {
    if (name === words) text = value as string | null;
    else if (value !== null && !(Array.isArray(value) && value.length === 0)) facts[name] = value;
  }
  return { topic: `${PREFIX}${topic}`, text, facts };
}

type FactValue = string | number | readonly string[];

/** The member that stands as the annotation's own text; the rest are facts. */
const WORDS: { readonly [T in NoteTopic]?: keyof NoteContents[T] } = {
  opened: 'title',
  set: 'text',
  text: 'text',
  timeline: 'text',
  metric: 'metric',
  why: 'answer',
  factor: 'text',
  lesson: 'text',
  question: 'text',
  answer: 'text',
  comms: 'text',
  verdict: 'text',
  action: 'text',
  review: 'text',
  retracted: 'text',
};

function isTopic(word: string): word is NoteTopic {
  return Object.hasOwn(READERS, word);
}
