import { HOUR_MS } from '../moment.ts';
import type { Candidate } from './candidate.ts';
import { type Ground, length, scoreOf, type Terms } from './terms.ts';
import type { Window } from './window.ts';

/** What was put back this long before the onset did not cause it; later, its effects may have outlived it. */
const GRACE_MS = HOUR_MS;

/** A score from which on a suspect is named as the likely cause. */
export const CONFIDENT = 0.7;

export interface Suspect extends Terms {
  readonly candidate: Candidate;
}

export interface RuledOut {
  readonly candidate: Candidate;
  readonly why: string;
  /** Made after the onset: it may be what somebody did against the incident. */
  readonly afterOnset: boolean;
}

export interface Step {
  readonly name: string;
  readonly from: number;
  readonly candidates: number;
  readonly best: number | undefined;
  readonly reached: boolean;
}

export interface Ranking {
  /** Highest score first. */
  readonly suspects: readonly Suspect[];
  readonly ruledOut: readonly RuledOut[];
  readonly steps: readonly Step[];
  readonly confident: boolean;
  /** Why nobody is named, where nobody is. */
  readonly why: string | undefined;
}

/** Ranks candidates over ever wider windows until one passes the threshold. Pure: the same ground gives the same ranking. */
export function rank(ground: Ground, windows: readonly Window[]): Ranking {
  const ruledOut: RuledOut[] = [];
  const left: Candidate[] = [];
  for (const candidate of ground.all) {
    const why = against(candidate, ground);
    if (why === undefined) left.push(candidate);
    else ruledOut.push({ candidate, ...why });
  }
  const steps: Step[] = [];
  let suspects: Suspect[] = [];
  let reached = false;
  let from = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    from = window.from;
    const inside = left.filter((one) => latest(one, ground) >= window.from || isStanding(one));
    suspects = inside.map((candidate) => ({ candidate, ...scoreOf(candidate, ground, window.timed) })).sort(byScore);
    const tied = suspects.filter(isTied);
    const best = tied[0]?.score;
    reached = window.settles && best !== undefined && best >= CONFIDENT;
    steps.push({ name: window.name, from, candidates: inside.length, best, reached });
    if (reached) break;
  }
  const outside = left.filter((one) => latest(one, ground) < from && !isStanding(one));
  ruledOut.push(...outside.map((candidate) => ({ candidate, why: 'before the window', afterOnset: false })));
  const apart = suspects.filter((one) => noPath(one));
  const kept = suspects.filter((one) => !noPath(one));
  const named = kept.toSorted((a, b) => Number(isTied(b)) - Number(isTied(a)) || byScore(a, b));
  ruledOut.push(
    ...apart.map(({ candidate }) => ({ candidate, why: 'no path to what the alert names', afterOnset: false })),
  );
  return { suspects: named, ruledOut, steps, confident: reached, why: reached ? undefined : whyNobody(suspects) };
}

function whyNobody(suspects: readonly Suspect[]): string {
  if (suspects.length === 0) return 'no change on record lies in the window';
  if (!suspects.some(isTied))
    return 'nothing ties a change to the incident: give --alert, --onset, --service or --resource';
  return `no score reaches ${CONFIDENT.toFixed(2)}`;
}

/** A guardrail that is still gone is looked at in every window: it lets things through as long as it is gone. */
function isStanding({ guardrail, inEffect }: Candidate): boolean {
  return guardrail !== undefined && inEffect === true;
}

/** Whether something else than its own nature speaks for a suspect. */
function isTied({ terms }: Terms): boolean {
  return terms.some(({ name, value }) => (name === 'match' && value >= 0.4) || (name === 'time' && value >= 0.1));
}

function noPath({ terms }: Terms): boolean {
  return terms.some(({ apart }) => apart === true);
}

function byScore(a: Suspect, b: Suspect): number {
  return b.score - a.score || b.candidate.to - a.candidate.to || (a.candidate.label < b.candidate.label ? -1 : 1);
}

/** The latest moment before onset at which a change may have taken effect. */
function latest({ to }: Candidate, { question }: Ground): number {
  return question.onset === undefined ? to : Math.min(to, question.onset);
}

function against(candidate: Candidate, { question }: Ground): { why: string; afterOnset: boolean } | undefined {
  const { onset, since } = question;
  const { source, from, undoneAt } = candidate;
  if (onset !== undefined && from >= onset && !(from === candidate.to && from === onset)) {
    return { why: 'began after onset', afterOnset: true };
  }
  if (source.kind === 'entry' && source.entry.statement.predicate.change.cause === 'unapplied') {
    return { why: 'never applied: live is unchanged', afterOnset: false };
  }
  const next = source.kind === 'entry' ? nextOf(candidate) : undefined;
  if (next !== undefined && undoneAt !== undefined && (onset === undefined || undoneAt <= onset)) {
    return { why: `its values moved on under entry ${next}`, afterOnset: false };
  }
  if (onset === undefined) {
    return undoneAt !== undefined && since === undefined
      ? { why: 'is over, and no onset is known', afterOnset: false }
      : undefined;
  }
  if (undoneAt !== undefined && undoneAt < onset - (since ?? GRACE_MS)) {
    return { why: `put back ${length(onset - undoneAt)} before onset`, afterOnset: false };
  }
  return undefined;
}

function nextOf({ source }: Candidate): number | undefined {
  if (source.kind !== 'entry' || source.story === undefined) return undefined;
  const { entries } = source.story;
  return entries[entries.findIndex(({ digest }) => digest === source.entry.digest) + 1]?.index;
}
