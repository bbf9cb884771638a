import type { Comms, IncidentRecord, SaidIn, TimelineKind, TimelineNote } from '../../model/incident-record.ts';
import type { DriftStory } from '../../model/history.ts';
import type { Alert } from '../alert/alert.ts';
import type { ChangeEvent } from '../event/event.ts';
import type { Incident } from '../incident.ts';
import type { Candidate } from '../rank/candidate.ts';
import { digestOf, type Judgement } from './judgement.ts';
import type { DocumentMilestone } from './milestones.ts';

export type Phase = 'before' | 'during' | 'after' | 'unknown';

/**
 * How far a row can be relied on. verified: a signed entry and an audit event that shows the change. attributed: a signed
 * entry, its moment or its actor only likely. asserted: a person or another system says so. inferred: computed from others.
 */
export type RowTrust = 'verified' | 'attributed' | 'asserted' | 'inferred';

type Told =
  | { readonly kind: 'change'; readonly candidate: Candidate }
  | { readonly kind: 'undone'; readonly candidate: Candidate; readonly story: DriftStory }
  | { readonly kind: 'rollout'; readonly event: ChangeEvent }
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'alert-ended'; readonly alert: Alert }
  | { readonly kind: 'milestone'; readonly milestone: DocumentMilestone }
  | { readonly kind: 'note'; readonly note: TimelineNote }
  | { readonly kind: 'comms'; readonly comms: Comms };

/** One row: what happened, when, in which phase, and what says so. */
export interface TimelineRow {
  /** Milliseconds. `from`: the earliest that it can have been, where only bounds are known. */
  readonly at: number;
  readonly from: number | null;
  readonly until: number | null;
  readonly phase: Phase;
  /** Milliseconds from onset; null where no onset is known. */
  readonly offset: number | null;
  readonly kind: TimelineKind | 'drift';
  readonly told: Told;
  readonly trust: RowTrust;
  /** The entry that proves or says it; null: the case file does. */
  readonly entry: { readonly index: number; readonly digest: string } | null;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** Changes of lower rank, and later changes, that have no row. */
  readonly leftOut: number;
}

const MOST_SUSPECTS = 10;
const MOST_AFTER = 20;

/** Everything that is known to have happened, merged by time. What comes from people stands beside what comes from machines. */
export function timelineOf(
  record: IncidentRecord,
  incident: Incident | undefined,
  judgement: Judgement,
  milestones: readonly DocumentMilestone[],
): Timeline {
  const chosen = changesOf(record, incident, judgement);
  const drafts: Draft[] = [
    ...chosen.shown.flatMap(changeRows),
    ...(incident === undefined ? [] : foreignRows(incident)),
    ...milestones.filter(hasRow).map(milestoneRow),
    ...record.timeline.flatMap(noteRow),
    ...record.comms.flatMap(commsRow),
  ];
  const at = new Map(milestones.map((one) => [one.name, one.at] as const));
  const begin = at.get('onset') ?? at.get('detected');
  const end = at.get('mitigated') ?? at.get('resolved');
  const onset = at.get('onset');
  const rows = drafts
    .map((row, told) => ({ row, told }))
    .sort((a, b) => a.row.at - b.row.at || a.told - b.told)
    .map(({ row }) => ({
      ...row,
      phase: phaseOf(row.at, begin, end),
      offset: onset === undefined ? null : row.at - onset,
    }));
  return { rows, leftOut: chosen.leftOut };
}

type Draft = Omit<TimelineRow, 'phase' | 'offset'>;

function phaseOf(at: number, begin: number | undefined, end: number | undefined): Phase {
  if (begin === undefined) return 'unknown';
  if (at < begin) return 'before';
  return end !== undefined && at >= end ? 'after' : 'during';
}

/** The changes that are worth a row: causes, the first suspects, what people spoke of, what was done after onset. */
function changesOf(
  { verdicts, timeline }: IncidentRecord,
  incident: Incident | undefined,
  { causes, others }: Judgement,
): { shown: Candidate[]; leftOut: number } {
  if (incident === undefined) return { shown: [], leftOut: 0 };
  const spoken = new Set([...verdicts.map(({ entry }) => entry), ...timeline.flatMap(({ about }) => about)]);
  const ranked = others.filter(({ rank }) => rank !== null).map(({ suspect }) => suspect.candidate);
  const after = incident.ranking.ruledOut.filter(({ afterOnset }) => afterOnset).map(({ candidate }) => candidate);
  const rest = incident.ranking.ruledOut.map(({ candidate }) => candidate);
  const wanted = new Set([
    ...causes.map(({ suspect }) => suspect.candidate),
    ...ranked.slice(0, MOST_SUSPECTS),
    ...after.slice(0, MOST_AFTER),
    ...[...ranked, ...rest].filter((one) => spoken.has(digestOf(one) ?? '')),
  ]);
  const entries = (list: Iterable<Candidate>): Candidate[] => [...list].filter(({ source }) => source.kind === 'entry');
  const shown = entries(wanted);
  const all = new Set(entries([...ranked, ...after, ...wanted]));
  return { shown, leftOut: all.size - shown.length };
}

function changeRows(candidate: Candidate): Draft[] {
  const { source, from, to, undoneAt } = candidate;
  if (source.kind !== 'entry') return [];
  const { entry, story } = source;
  const { who, when } = entry.statement.predicate;
  const exact = from === to;
  const trust: RowTrust = !exact
    ? 'inferred'
    : when.occurredAtSource === 'stated'
      ? 'asserted'
      : who.verdict === 'confirmed'
        ? 'verified'
        : 'attributed';
  const row: Draft = {
    ...{ at: to, from: exact ? null : from, until: null, trust, entry },
    kind: entry.kind === 'drift' ? 'drift' : 'change',
    told: { kind: 'change', candidate },
  };
  const ended = story?.ended;
  const last = story?.entries.at(-1)?.digest === entry.digest;
  if (ended === undefined || undoneAt === undefined || !last || story === undefined) return [row];
  const undone: Draft = {
    ...{ at: undoneAt, from: null, until: null, trust: 'attributed', entry: ended.by },
    kind: 'drift',
    told: { kind: 'undone', candidate, story },
  };
  return [row, undone];
}

/** What the case file tells: alert and rollouts, unverified. */
function foreignRows({ question: { alert }, events }: Incident): Draft[] {
  const common = { from: null, until: null, trust: 'asserted', entry: null } as const;
  return [
    ...(alert === undefined
      ? []
      : [{ ...common, at: alert.at, kind: 'alert', told: { kind: 'alert', alert } } as const]),
    ...(alert === undefined || alert.endedAt === null
      ? []
      : [{ ...common, at: alert.endedAt, kind: 'alert', told: { kind: 'alert-ended', alert } } as const]),
    ...events.map((event) => ({ ...common, at: event.at, kind: 'rollout', told: { kind: 'rollout', event } }) as const),
  ];
}

/** A milestone that the evidence tells has the row of its change or alert already; onset has none. */
function hasRow({ name, said }: DocumentMilestone): boolean {
  return said !== null || name === 'onset';
}

const BASIS_TRUST = { recorded: 'asserted', derived: 'inferred', stated: 'asserted' } as const;

function milestoneRow(milestone: DocumentMilestone): Draft {
  const { at, basis, said } = milestone;
  return {
    ...{ at, from: null, until: null, kind: 'response', entry: entryOf(said) },
    trust: BASIS_TRUST[basis],
    told: { kind: 'milestone', milestone },
  };
}

function noteRow(note: TimelineNote): Draft[] {
  const at = Date.parse(note.at);
  if (Number.isNaN(at)) return [];
  const until = note.until === null ? Number.NaN : Date.parse(note.until);
  const { kind, basis, said } = note;
  return [
    {
      ...{ at, from: null, until: Number.isNaN(until) ? null : until, kind, entry: entryOf(said) },
      trust: BASIS_TRUST[basis],
      told: { kind: 'note', note },
    },
  ];
}

function commsRow(comms: Comms): Draft[] {
  const at = comms.at === null ? Number.NaN : Date.parse(comms.at);
  if (comms.state !== 'sent' || Number.isNaN(at)) return [];
  const told = { kind: 'comms', comms } as const;
  return [{ at, from: null, until: null, kind: 'comms', trust: 'asserted', entry: entryOf(comms.said), told }];
}

function entryOf(said: SaidIn | null): Draft['entry'] {
  return said === null ? null : { index: said.index, digest: said.digest };
}
