import type { Candidate } from '../../incident/rank/candidate.ts';
import type { Suspect } from '../../incident/rank/rank.ts';
import { length, WEIGHTS } from '../../incident/rank/terms.ts';
import { type Naming, namedActor } from '../../incident/names.ts';
import { stageText } from '../../incident/event/rollout.ts';
import type { ChangeEntry } from '../../model/history.ts';
import { type ChangesView, changesView } from '../change-view.ts';
import { type DriftEntryView, driftEntryView, type EntryRef, windowText } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { type WayOut, wayOutOf } from './way-out.ts';

/** One suspect: what, before, after, when, who, why, why it is suspected, and the way out. */
export interface SuspectView extends ChangesView {
  readonly rank: number;
  readonly label: string;
  readonly changeClass: string;
  readonly workspace: string | null;
  /** `0.91`. */
  readonly score: string;
  /** Of all weight, how much the known terms have: `0.85 of 1.10`. */
  readonly known: string;
  readonly terms: readonly {
    readonly name: string;
    readonly value: string;
    readonly weight: string;
    readonly evidence: string;
  }[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  /** The changes in one line. */
  readonly glance: string;
  readonly when: string;
  readonly who: string;
  readonly verdict: string | null;
  readonly call: string | null;
  readonly events: readonly { readonly id: string; readonly place: string | null }[];
  readonly why: string;
  /** Whether it is still there. */
  readonly status: string;
  readonly exposure: string;
  /** The entry that proves it; null for a rollout, which only the events file tells of. */
  readonly proof: EntryRef | null;
  readonly wayOut: WayOut;
}

export interface SuspectOptions {
  readonly onset: number | undefined;
  /** Milliseconds: up to when what goes on is counted. */
  readonly asOf: number;
  readonly naming: Naming;
}

const LIMITS = { lines: 16, columns: 120 };
const IN_GLANCE = 3;
const ALL_WEIGHT = Object.values(WEIGHTS).reduce((sum, one) => sum + one, 0);

export function suspectView(suspect: Suspect, rank: number, options: SuspectOptions): SuspectView {
  const { candidate, terms, leftOut, score, known } = suspect;
  const common = {
    rank,
    label: candidate.label,
    changeClass: candidate.changeClass,
    score: score.toFixed(2),
    known: `${known.toFixed(2)} of ${ALL_WEIGHT.toFixed(2)}`,
    terms: terms.map(({ name, value, weight, evidence }) => ({
      name,
      value: value.toFixed(2),
      weight: weight.toFixed(2),
      evidence,
    })),
    leftOut,
    status: statusOf(candidate),
    exposure: exposureOf(candidate, options.asOf),
    wayOut: wayOutOf(candidate, options.onset),
  };
  if (candidate.source.kind === 'rollout') {
    const { rows, reached } = candidate.source.rollout;
    const stages = rows.map((row) => `${stageText(row)} ${utc(new Date(row.at).toISOString())}`).join(', ');
    return {
      ...common,
      ...changesView([], LIMITS),
      workspace: null,
      glance: stages,
      when: utc(new Date(reached.at).toISOString()),
      who: reached.by ?? reached.triggeredBy ?? 'not recorded',
      verdict: null,
      call: null,
      events: [],
      why: 'not recorded',
      proof: null,
    };
  }
  const view = namedView(candidate.source.entry, options.naming);
  return {
    ...common,
    ...view,
    glance: view.changes.length === 0 ? (candidate.guardrail ?? view.kindMeaning) : glanceText(view),
    when: whenOf(candidate.source.entry),
    verdict: view.answer?.verdict ?? null,
    call: view.answer?.call ?? null,
    events: view.answer?.events ?? [],
    proof: view.entry,
  };
}

/** The entry as it is shown, its actors named as the mode has it. */
function namedView(entry: ChangeEntry, naming: Naming): DriftEntryView {
  const { predicate } = entry.statement;
  const actors = predicate.who.actors.map((actor) => namedActor(actor, naming));
  return driftEntryView(
    { ...entry, statement: { ...entry.statement, predicate: { ...predicate, who: { ...predicate.who, actors } } } },
    LIMITS,
  );
}

/** When it took effect, and what says so. */
function whenOf(entry: ChangeEntry): string {
  const { when } = entry.statement.predicate;
  if (when.occurredAt === null) return windowText(when);
  return `${utc(when.occurredAt)} (${when.occurredAtSource ?? 'recorded'})`;
}

function statusOf({ inEffect, undoneAt }: Candidate): string {
  if (inEffect === true) return 'still in effect';
  if (undoneAt !== undefined) return `put back by ${utc(new Date(undoneAt).toISOString())}`;
  return 'not known whether it is still in effect';
}

function exposureOf({ from, to, undoneAt, inEffect }: Candidate, asOf: number): string {
  const end = undoneAt ?? asOf;
  const least = length(Math.max(0, end - to));
  const so = inEffect === false ? '' : ' so far';
  if (from === to) return `${least}${so}`;
  return from === Number.NEGATIVE_INFINITY
    ? `at least ${least}${so}`
    : `${least} to ${length(Math.max(0, end - from))}${so}`;
}

/** The first changes as `path before → after`; long ones by path alone. */
function glanceText({ changes }: ChangesView): string {
  const shown = changes.slice(0, IN_GLANCE);
  const texts = shown.map((one) => {
    if (one.long) return `${one.path} ${one.op === 'replace' ? 'rewritten' : one.op === 'add' ? 'added' : 'removed'}`;
    return `${one.path} ${one.before} → ${one.after}`;
  });
  const more = changes.length - shown.length;
  return texts.join(', ') + (more > 0 ? ` and ${count(more, 'more', 'more')}` : '');
}
