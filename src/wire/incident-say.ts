import type { NoteContent } from '../incident/record/note.ts';
import { nextId } from '../incident/record/ids.ts';
import { approvalFault, reviewFault } from '../incident/record/review.ts';
import { type StandingNote, standingNotes } from '../incident/record/standing.ts';
import { parseEntryName } from '../ledger/find-entry.ts';
import { isChange } from '../ledger/query/merged.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import type {
  IncidentRecord,
  IncidentRole,
  IncidentStatus,
  MilestoneName,
  Relation,
  ReviewDecision,
  Severity,
  TimeBasis,
} from '../model/incident-record.ts';
import { samePerson } from '../model/person.ts';
import { entryNamed } from './annotate.ts';
import { type Moment, type SaidNote, sayOf, type SpeakRequest } from './incident-write.ts';
import type { WireIo } from './io.ts';

/** `driftbom incident milestone`. A time that is not given is now, and the ledger's clock vouches for it. */
export function wireMilestone(
  request: SpeakRequest & {
    readonly incident: string;
    readonly name: MilestoneName;
    /** RFC 3339. */
    readonly at?: string;
    readonly basis?: TimeBasis;
    readonly source?: string;
  },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, name, source = null } = request;
  return sayOf(incident, request, io, ({ milestones }, { now }) => {
    const what = { name, source, ...timeOf(request, now) };
    return { content: { topic: 'milestone', what }, supersedes: milestones.find((one) => one.name === name)?.said };
  });
}

/** A time that somebody gives is stated; one that is taken from the clock is recorded. */
export function timeOf(
  { at, basis }: { readonly at?: string | undefined; readonly basis?: TimeBasis | undefined },
  now: string,
): { readonly at: string; readonly basis: TimeBasis } {
  return { at: at ?? now, basis: basis ?? (at === undefined ? 'recorded' : 'stated') };
}

/** `driftbom incident role`. */
export function wireRole(
  request: SpeakRequest & { readonly incident: string; readonly role: IncidentRole; readonly who: string },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, role, who } = request;
  return sayOf(incident, request, io, ({ roles }) => ({
    content: { topic: 'role', what: { role, who } },
    supersedes: roles.find((one) => one.role === role)?.said,
  }));
}

/**
 * `driftbom incident set`. Errors: E_USAGE (nothing to set), E_APPROVAL: `reviewed` needs an approval that counts, `closed` needs
 * that or a text which says why nobody reviewed it.
 */
export function wireSet(
  request: SpeakRequest & {
    readonly incident: string;
    readonly title?: string;
    readonly severity?: Severity;
    readonly status?: IncidentStatus;
    readonly service: readonly string[];
    readonly text?: string;
  },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, title = null, severity = null, status = null, service: services, text = null } = request;
  return sayOf(incident, request, io, (record) => {
    if (title === null && severity === null && status === null && services.length === 0) {
      throw new DriftbomError('E_USAGE', 'there is nothing to set', 'Give --title, --severity, --status or --service.');
    }
    checkStatus(record, status, text);
    return { content: { topic: 'set', what: { title, severity, status, services, text } } };
  });
}

function checkStatus(record: IncidentRecord, status: IncidentStatus | null, text: string | null): void {
  const needed = status === 'reviewed' || (status === 'closed' && text === null);
  const fault = needed ? reviewFault(record) : undefined;
  if (fault === undefined) return;
  const cure =
    status === 'closed'
      ? `Have it reviewed (driftbom incident review ${record.id} approve), or say with --text why it is closed without.`
      : `driftbom incident review ${record.id} approve, by somebody who wrote neither.`;
  throw new DriftbomError('E_APPROVAL', `${record.id} is not reviewed: ${fault}`, cure);
}

/** `driftbom incident verdict`. Errors: E_NOT_FOUND (no such entry), E_USAGE (no change). */
export function wireRelation(
  request: SpeakRequest & {
    readonly incident: string;
    readonly entry: string;
    readonly relation: Relation;
    readonly certainty: number;
    readonly text?: string;
  },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, relation, certainty, text = null } = request;
  return sayOf(incident, request, io, async ({ verdicts }, { query }) => {
    const { entry } = await entryNamed(query, request.entry);
    if (!isChange(entry)) {
      const cure = 'Name the entry of the change: driftbom log lists them.';
      throw new DriftbomError('E_USAGE', `entry ${entry.index} is a ${entry.kind}, and no change`, cure);
    }
    return {
      content: { topic: 'verdict', what: { relation, certainty, text } },
      about: [entry],
      supersedes: verdicts.find((one) => one.entry === entry.digest)?.said,
    };
  });
}

/** `driftbom incident review`. Errors: E_APPROVAL (the summary or cause is the reviewer's own). */
export function wireReview(
  request: SpeakRequest & {
    readonly incident: string;
    readonly decision: ReviewDecision;
    readonly role?: string;
    readonly text?: string;
  },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, decision, role = null, text = null } = request;
  return sayOf(incident, request, io, (record, { by }) => {
    const fault = decision === 'approved' ? approvalFault(record, by) : undefined;
    if (fault !== undefined) {
      const cure = 'Somebody else has to approve it, with --by.';
      throw new DriftbomError('E_APPROVAL', `${by} cannot approve ${record.id}: ${fault}`, cure);
    }
    const before = record.reviews.find(({ said }) => samePerson(said.by, by));
    return { content: { topic: 'review', what: { decision, role, text } }, supersedes: before?.said };
  });
}

/** `driftbom incident retract`. Errors: E_NOT_FOUND, E_USAGE (an action: it is dropped, not taken back). */
export function wireRetract(
  request: SpeakRequest & { readonly incident: string; readonly entry: string; readonly text?: string },
  io: WireIo,
): Promise<SaidNote> {
  const { incident, text = null } = request;
  return sayOf(incident, request, io, (record) => {
    const { topic, said } = standingNote(record, request.entry);
    if (topic === 'action') {
      const id = record.actions.find((one) => one.said.digest === said.digest)?.id;
      const cure = `driftbom incident action ${record.id} ${id} --state dropped --text WHY`;
      throw new DriftbomError('E_USAGE', `entry ${said.index} is the action ${id}, which stays on the list`, cure);
    }
    return { content: { topic: 'retracted', what: { text } }, supersedes: said };
  });
}

/** What stands in an incident and was said in an entry (by index or digest). Errors: E_NOT_FOUND. */
export function standingNote(record: IncidentRecord, word: string, topic?: StandingNote['topic']): StandingNote {
  const name = parseEntryName(word);
  const found = standingNotes(record).filter(({ said }) =>
    name?.kind === 'index' ? said.index === name.index : name?.kind === 'digest' && said.digest.startsWith(name.prefix),
  );
  const [one, ...more] = found.filter((each) => topic === undefined || each.topic === topic);
  if (one !== undefined && more.length === 0) return one;
  const what = topic === undefined ? 'nothing' : `no ${topic}`;
  const message = `entry ${word} says ${what} that stands in ${record.id}`;
  throw new DriftbomError('E_NOT_FOUND', message, `driftbom incident show ${record.id} names the entry of each line.`);
}

/** The entries that somebody speaks of. Errors: E_NOT_FOUND. */
export async function entriesNamed(words: readonly string[], { query }: Moment): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for (const word of words) {
    const { entry } = await entryNamed(query, word);
    entries.set(entry.digest, entry);
  }
  return [...entries.values()];
}

/** A question with the next id, or the answer to one. Errors: E_NOT_FOUND. */
export function questionOrAnswer(
  record: IncidentRecord,
  text: string,
  { answers, replaces }: { readonly answers?: string | undefined; readonly replaces?: string | undefined },
): NoteContent {
  if (answers === undefined) {
    const digest = replaces === undefined ? undefined : standingNote(record, replaces, 'question').said.digest;
    const id = record.questions.find(({ said }) => said.digest === digest)?.id ?? nextId('Q', record.questions);
    return { topic: 'question', what: { id, text } };
  }
  const asked = record.questions.find(({ id }) => id.toLowerCase() === answers.toLowerCase());
  if (asked === undefined) {
    const ids = record.questions.map(({ id }) => id).join(', ');
    const cure = ids === '' ? 'No question was asked yet: leave --answers out.' : `Asked are ${ids}.`;
    throw new DriftbomError('E_NOT_FOUND', `${record.id} has no question ${answers}`, cure);
  }
  return { topic: 'answer', what: { id: asked.id, text } };
}
