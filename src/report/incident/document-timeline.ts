import { stageText } from '../../incident/event/rollout.ts';
import type { IncidentDocument } from '../../incident/document/document.ts';
import type { Phase, RowTrust, TimelineRow } from '../../incident/document/timeline.ts';
import type { Candidate } from '../../incident/rank/candidate.ts';
import { type Naming, namedActor } from '../../incident/names.ts';
import { whoText } from '../answer-view.ts';
import { changesView } from '../change-view.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { moment, offsetText } from './document-times.ts';

export interface RowView {
  /** Place among the rows, 1 is the first. */
  readonly number: number;
  readonly at: string;
  /** `2025-01-18 02:00:00 UTC to`, or `before`, where only bounds are known. */
  readonly from: string | null;
  /** RFC 3339. */
  readonly time: string;
  readonly until: string | null;
  /** RFC 3339. */
  readonly untilTime: string | null;
  readonly offset: string | null;
  readonly phase: Phase;
  readonly kind: TimelineRow['kind'];
  readonly actor: string | null;
  /** What happened, as far as it is made of facts. */
  readonly what: string;
  /** What a person or another system wrote. */
  readonly words: string | null;
  /** What says so, beside the entry. */
  readonly source: string;
  readonly trust: RowTrust;
  readonly basis: string | null;
  readonly entry: EntryRef | null;
  readonly link: string | null;
  /** What the linter says of its place. */
  readonly remark: string | null;
}

export interface TimelinePart {
  readonly rows: readonly RowView[];
  readonly leftOut: number;
}

const LIMITS = { lines: 4, columns: 120 };
const IN_ROW = 2;
const ORDER_RULES: readonly string[] = ['order-told', 'order-search'];

/** `caseEntry`: the entry that attaches the case file, in which alert and rollouts stand. */
export function timelinePart(
  { timeline, remarks }: IncidentDocument,
  naming: Naming,
  caseEntry: EntryRef | null,
): TimelinePart {
  const order = new Map(
    remarks.filter(({ rule }) => ORDER_RULES.includes(rule)).map((one) => [one.entry, one] as const),
  );
  const rows = timeline.rows.map((row, i): RowView => {
    const remark = row.told.kind === 'note' ? order.get(row.told.note.said.index) : undefined;
    const at = moment(row.at);
    return {
      number: i + 1,
      at,
      from: row.from === null ? null : boundText(row.from),
      time: new Date(row.at).toISOString(),
      until: row.until === null ? null : moment(row.until),
      untilTime: row.until === null ? null : new Date(row.until).toISOString(),
      offset: row.offset === null ? null : offsetText(row.offset),
      phase: row.phase,
      kind: row.kind,
      trust: row.trust,
      entry: row.entry === null ? caseEntry : entryRef(row.entry),
      remark: remark === undefined ? null : remark.why,
      ...toldOf(row, naming),
    };
  });
  return { rows, leftOut: timeline.leftOut };
}

/** What stands before the later bound. */
function boundText(from: number): string {
  return from === Number.NEGATIVE_INFINITY ? 'before' : `${moment(from)} to`;
}

type ToldView = Pick<RowView, 'actor' | 'what' | 'words' | 'source' | 'basis' | 'link'>;
const NOTHING = { actor: null, words: null, basis: null, link: null };

function toldOf({ told }: TimelineRow, naming: Naming): ToldView {
  switch (told.kind) {
    case 'change':
      return { ...NOTHING, ...changeTold(told.candidate, naming) };
    case 'undone': {
      const { by, resolution } = told.story.ended ?? {};
      const what = `${told.candidate.label}: found in agreement again${resolution === undefined ? '' : ` (${resolution})`}`;
      return { ...NOTHING, what, source: by?.kind === 'scan' ? 'scan' : 'scan, resolved entry' };
    }
    case 'rollout': {
      const { event } = told;
      const version = event.version === null ? '' : `, version ${event.version}`;
      const what = `${event.services[0] ?? event.system}: ${stageText(event)}${version}`;
      const words = event.summary === stageText(event) ? null : event.summary;
      return {
        ...NOTHING,
        actor: event.by ?? event.triggeredBy,
        what,
        words,
        source: `${event.system}, line ${event.line} of the events`,
      };
    }
    case 'alert':
      return {
        ...NOTHING,
        what: 'Alert',
        words: told.alert.title,
        source: `${told.alert.format} (${told.alert.atFrom}), unverified`,
      };
    case 'alert-ended':
      return {
        ...NOTHING,
        what: 'The alert ended',
        words: told.alert.title,
        source: `${told.alert.format}, unverified`,
      };
    case 'milestone': {
      const { name, source, basis } = told.milestone;
      return { ...NOTHING, what: MEANINGS[name], source, basis };
    }
    case 'note': {
      const { actor, text, source, basis, link, about } = told.note;
      const what = about.length === 0 ? '' : `speaks of ${count(about.length, 'entry', 'entries')}`;
      return { actor, what, words: text, source: source ?? 'no source given', basis, link };
    }
    case 'comms':
      return {
        ...NOTHING,
        what: `Message sent (${told.comms.audience})`,
        words: told.comms.text,
        source: 'no source given',
      };
  }
}

const MEANINGS = {
  onset: 'Onset: what users saw began',
  changed: 'The change took effect',
  detected: 'Detected',
  acknowledged: 'Acknowledged',
  identified: 'Cause identified',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
} as const;

function changeTold(candidate: Candidate, naming: Naming): Pick<ToldView, 'actor' | 'what' | 'words' | 'source'> {
  const { source, label } = candidate;
  if (source.kind !== 'entry') return { actor: null, what: label, words: null, source: 'events' };
  const { who, when, why, change } = source.entry.statement.predicate;
  const { changes } = changesView(change.paths, LIMITS);
  const shown = changes
    .slice(0, IN_ROW)
    .map(({ path, before, after, long }) => (long ? `${path} rewritten` : `${path} ${before} → ${after}`));
  const more = changes.length - shown.length;
  const text = shown.length === 0 ? change.driftKind : shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  const actors = who.actors.map((actor) => namedActor(actor, naming));
  return {
    actor: actors.length === 0 ? null : whoText(who.verdict, actors),
    what: `${label}: ${text}`,
    words: why.reason?.text ?? null,
    source: [who.call, when.occurredAtSource ?? 'bounds of two scans'].filter((one) => one !== null).join(', '),
  };
}
