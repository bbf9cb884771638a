import type { NoteContent } from '../incident/record/note.ts';
import { DriftbomError } from '../model/error.ts';
import {
  type Audience,
  type FactorKind,
  INCIDENT_TEXTS,
  type IncidentRecord,
  type IncidentText,
  type LessonKind,
  type NoteKind,
  type TimelineKind,
  type TimeBasis,
} from '../model/incident-record.ts';
import { entriesNamed, questionOrAnswer, standingNote, timeOf } from './incident-say.ts';
import { type SaidNote, sayOf, type SpeakRequest } from './incident-write.ts';
import type { WireIo } from './io.ts';

/** `driftbom incident note`. */
export interface NoteOfIncident extends SpeakRequest, NoteOptions {
  readonly incident: string;
  readonly kind: NoteKind;
  readonly text?: string;
  /** Entries spoken of. */
  readonly entry: readonly string[];
  /** Entry of the note that this one takes the place of. */
  readonly replaces?: string;
}

interface NoteOptions {
  /** RFC 3339. */
  readonly at?: string;
  readonly until?: string;
  readonly basis?: TimeBasis;
  readonly row?: TimelineKind;
  readonly actor?: string;
  readonly source?: string;
  readonly link?: string;
  readonly value?: string;
  readonly unit?: string;
  readonly question?: string;
  readonly answers?: string;
  readonly factor?: FactorKind;
  readonly lesson?: LessonKind;
  readonly audience?: Audience;
  readonly sentAt?: string;
}

/** What belongs to which kind; text and --replaces belong to all. */
const OPTIONS: { readonly [K in Exclude<NoteKind, IncidentText>]: readonly (keyof NoteOptions | 'entry')[] } = {
  timeline: ['at', 'until', 'basis', 'row', 'actor', 'source', 'link', 'entry'],
  metric: ['value', 'unit', 'source'],
  why: ['question', 'entry'],
  factor: ['factor', 'entry'],
  lesson: ['lesson'],
  question: ['answers'],
  comms: ['audience', 'sentAt'],
};
const ALL = [...new Set(Object.values(OPTIONS).flat())];

/** Errors: E_USAGE (an option of another kind, or one that is missing), E_NOT_FOUND, and those of sayOf. */
export async function wireNoteOfIncident(request: NoteOfIncident, io: WireIo): Promise<SaidNote> {
  checkOptions(request);
  const text =
    request.text === '-'
      ? Buffer.from(await io.stdin())
          .toString('utf8')
          .trim()
      : request.text;
  return sayOf(request.incident, request, io, async (record, moment) => {
    const content = contentOf({ ...request, ...(text === undefined ? {} : { text }) }, record, moment.now);
    const { replaces } = request;
    return {
      content,
      about: await entriesNamed(request.entry, moment),
      supersedes:
        replaces === undefined ? standingOf(record, content) : standingNote(record, replaces, content.topic).said,
    };
  });
}

/** The text of that name that stands so far. */
function standingOf({ texts }: IncidentRecord, content: NoteContent): { readonly digest: string } | undefined {
  return content.topic === 'text' ? texts[content.what.name]?.said : undefined;
}

function contentOf(request: NoteOfIncident, record: IncidentRecord, now: string): NoteContent {
  const { kind, source = null, question, factor, lesson, audience, sentAt = null } = request;
  if (isText(kind)) return { topic: 'text', what: { name: kind, text: wordsOf(request) } };
  switch (kind) {
    case 'timeline':
      return timelineContent(request, now);
    case 'metric':
      return {
        topic: 'metric',
        what: {
          metric: wordsOf(request),
          value: needed(request.value, '--value', 'metric'),
          unit: request.unit ?? null,
          source,
        },
      };
    case 'why':
      return {
        topic: 'why',
        what: { question: needed(question, '--question', 'why'), answer: request.text ?? null },
      };
    case 'factor':
      return { topic: 'factor', what: { kind: needed(factor, '--factor', 'factor'), text: wordsOf(request) } };
    case 'lesson':
      return { topic: 'lesson', what: { kind: needed(lesson, '--lesson', 'lesson'), text: wordsOf(request) } };
    case 'question':
      return questionOrAnswer(record, wordsOf(request), request);
    case 'comms': {
      const state = sentAt === null ? 'draft' : 'sent';
      const to = needed(audience, '--audience', 'comms');
      return { topic: 'comms', what: { audience: to, state, at: sentAt, text: wordsOf(request) } };
    }
  }
}

function timelineContent(request: NoteOfIncident, now: string): NoteContent {
  const { row = 'note', until = null, actor = null, source = null, link = null } = request;
  const time = timeOf(request, now);
  if (until !== null && Date.parse(until) < Date.parse(time.at)) {
    throw new DriftbomError('E_USAGE', '--until is before --at', 'Swap them, or leave --until out.');
  }
  if (link !== null && !/^https?:\/\/\S+$/i.test(link)) {
    throw new DriftbomError('E_USAGE', '--link is no web address', 'Write https://…, or name the place in --source.');
  }
  return { topic: 'timeline', what: { kind: row, ...time, until, text: wordsOf(request), actor, source, link } };
}

function isText(kind: NoteKind): kind is IncidentText {
  return (INCIDENT_TEXTS as readonly string[]).includes(kind);
}

function wordsOf({ text, kind }: NoteOfIncident): string {
  return needed(text, 'a text', kind);
}

function needed<T>(value: T | undefined, what: string, kind: NoteKind): T {
  if (value !== undefined) return value;
  throw new DriftbomError('E_USAGE', `--kind ${kind} needs ${what}`, `driftbom incident note INC ${EXAMPLES[kind]}`);
}

function checkOptions(request: NoteOfIncident): void {
  const { kind } = request;
  const own: readonly string[] = isText(kind) ? [] : OPTIONS[kind];
  const foreign = ALL.find((name) => {
    const value = request[name];
    return value !== undefined && !(Array.isArray(value) && value.length === 0) && !own.includes(name);
  });
  if (foreign === undefined) return;
  const option = `--${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const kinds = Object.entries(OPTIONS).flatMap(([name, options]) => (options.includes(foreign) ? [name] : []));
  const message = `${option} does not belong to --kind ${kind}`;
  throw new DriftbomError('E_USAGE', message, `It belongs to --kind ${kinds.join(', ')}.`);
}

const TEXT_EXAMPLE = (kind: IncidentText): string => `"…" --kind ${kind}`;
const EXAMPLES: { readonly [K in NoteKind]: string } = {
  timeline: '"rolled back the deploy" --at 2025-01-18T14:15:00Z',
  metric: '"orders lost" --kind metric --value 1200 --unit orders --source "orders database"',
  why: '"nobody reviews parameters" --kind why --question "Why was the change possible?"',
  factor: '"…" --kind factor --factor process',
  lesson: '"…" --kind lesson --lesson surprised',
  question: '"…" --kind question',
  comms: '"…" --kind comms --audience status-page',
  summary: TEXT_EXAMPLE('summary'),
  impact: TEXT_EXAMPLE('impact'),
  cause: TEXT_EXAMPLE('cause'),
  trigger: TEXT_EXAMPLE('trigger'),
  resolution: TEXT_EXAMPLE('resolution'),
  opening: TEXT_EXAMPLE('opening'),
};
