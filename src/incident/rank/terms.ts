import { HOUR_MS, MINUTE_MS } from '../moment.ts';
import { dependantsOf, type Graph, sizeOf, staticAddress } from '../state-graph.ts';
import type { Candidate, ChangeClass } from './candidate.ts';
import { matchOf, type Scope } from './match.ts';
import { type Question, troubleOf } from './question.ts';
import type { TermValue } from './term-value.ts';
import { troublesOfAttribute } from './words.ts';

export const TERMS = ['match', 'time', 'novelty', 'kind', 'blast', 'state'] as const;
export type TermName = (typeof TERMS)[number];

export interface Term extends TermValue {
  readonly name: TermName;
  readonly weight: number;
}

/** Weights of the terms; a score is the mean of those that can be known. */
export const WEIGHTS: Readonly<Record<TermName, number>> = {
  match: 0.35,
  time: 0.25,
  novelty: 0.15,
  kind: 0.15,
  blast: 0.1,
  state: 0.1,
};

export interface Terms {
  readonly terms: readonly Term[];
  /** Terms that nothing is known of: left out, not taken as 0. */
  readonly leftOut: readonly { readonly name: TermName; readonly why: string }[];
  readonly score: number;
  /** Weight of the terms that are known: the less, the less the score says. */
  readonly known: number;
}

export interface Ground {
  readonly question: Question;
  readonly scope: Scope;
  readonly graph: Graph;
  readonly all: readonly Candidate[];
  /** The candidates of the ledger by address: the history of each attribute. */
  readonly history: ReadonlyMap<string, readonly Candidate[]>;
  /** When the record begins, milliseconds; undefined for an empty ledger. */
  readonly recordFrom: number | undefined;
}

/** Scores one candidate. `withTime`: false where the onset is too uncertain for its distance to say anything. */
export function scoreOf(candidate: Candidate, ground: Ground, withTime: boolean): Terms {
  const parts: Readonly<Record<TermName, TermValue | string>> = {
    match: matchOf(candidate, ground.question, ground.scope, ground.graph),
    time:
      withTime || ground.question.onset === undefined
        ? timeOf(candidate, ground.question)
        : 'the alert may have come long after the onset',
    novelty: noveltyOf(candidate, ground),
    kind: kindOf(candidate, ground.question),
    blast: blastOf(candidate, ground.graph),
    state: stateOf(candidate, ground.question),
  };
  const terms: Term[] = [];
  const leftOut: { name: TermName; why: string }[] = [];
  for (const name of TERMS) {
    const part = parts[name];
    if (typeof part === 'string') leftOut.push({ name, why: part });
    else terms.push({ name, weight: WEIGHTS[name], ...part });
  }
  const weight = terms.reduce((sum, one) => sum + one.weight, 0);
  const score = weight === 0 ? 0 : terms.reduce((sum, one) => sum + one.weight * one.value, 0) / weight;
  return { terms, leftOut, score, known: weight };
}

const FADE_MS = 30 * MINUTE_MS;

/** exp(-Δ/30 min) from change to onset. Where only bounds of the change are known, the mean over them; after onset it is 0. */
function timeOf({ from, to }: Candidate, { onset }: Question): TermValue | string {
  if (onset === undefined) return 'the onset is not known';
  if (from === Number.NEGATIVE_INFINITY) return 'no earlier scan bounds the change';
  if (from === to)
    return { value: Math.exp(-Math.max(0, onset - to) / FADE_MS), evidence: `${length(onset - to)} before onset` };
  const far = Math.max(0, onset - from);
  const near = Math.max(0, onset - to);
  const mean = (FADE_MS / (to - from)) * (Math.exp(-near / FADE_MS) - Math.exp(-far / FADE_MS));
  const end = to > onset ? `${length(to - onset)} after it` : `${length(near)} before`;
  return { value: mean, evidence: `between ${length(far)} before onset and ${end}: the mean` };
}

/** How rare a change of the same attribute is, by the ledger. */
function noveltyOf(candidate: Candidate, { history, recordFrom }: Ground): TermValue | string {
  if (candidate.source.kind === 'rollout') return 'rollouts have no history in the ledger';
  const paths = new Set(candidate.paths.map(({ path }) => path));
  const earlier = (history.get(candidate.label) ?? []).filter(
    (one) =>
      one !== candidate && one.to < candidate.to && (paths.size === 0 || one.paths.some(({ path }) => paths.has(path))),
  );
  if (earlier.length === 0) {
    const known = recordFrom === undefined ? 0 : Math.max(0, candidate.to - recordFrom);
    return { value: 1, evidence: `first change on record (${length(known)} of record before it)` };
  }
  const last = Math.max(...earlier.map(({ to }) => to));
  const gap = candidate.to - last;
  const value = 1 - Math.exp(-gap / (7 * 24 * HOUR_MS));
  return {
    value,
    evidence: `changed ${earlier.length} times before, last ${length(gap)} earlier`.replace('1 times', 'once'),
  };
}

const KINDS: Readonly<Record<ChangeClass, readonly [number, string]>> = {
  'guardrail-removed': [1, 'a guardrail was taken away'],
  'out-of-band': [1, 'out-of-band: not by the code that declares it'],
  'flag-or-config': [0.7, 'a flag or configuration'],
  'pipeline-apply': [0.4, 'applied by a pipeline'],
  deployment: [0.4, 'a deployment'],
  'by-service': [0.1, 'a service acted by itself'],
};
/** What remains where the attribute makes another trouble than the alert tells of. */
const OTHER_TROUBLE = 0.7;

function kindOf({ changeClass, paths, guardrail }: Candidate, question: Question): TermValue {
  const [value, text] = KINDS[changeClass];
  const trouble = troubleOf(question);
  const evidence = guardrail === undefined ? text : `${text}: ${guardrail}`;
  const known = paths.map(({ path }) => troublesOfAttribute(path)).filter((one) => one.size > 0);
  if (trouble === undefined || known.length === 0) return { value, evidence };
  if (known.some((one) => one.has(trouble))) return { value, evidence: `${evidence}; fits an alert on ${trouble}` };
  return { value: value * OTHER_TROUBLE, evidence: `${evidence}; the alert is on ${trouble}, the attribute is not` };
}

function blastOf({ address }: Candidate, graph: Graph): TermValue | string {
  const thing = address === undefined ? undefined : graph.things.get(staticAddress(address));
  if (thing === undefined) return sizeOf(graph) === 0 ? 'no state was given (--state)' : 'not in the state';
  const count = dependantsOf(graph, thing.address);
  const value = Math.min(1, Math.log1p(count) / Math.log1p(Math.max(8, sizeOf(graph))));
  return { value, evidence: `${count} ${count === 1 ? 'dependant' : 'dependants'} of ${sizeOf(graph)} resources` };
}

const RECOVERY_MS = 15 * MINUTE_MS;

/** What became of the change and of the alert. */
function stateOf({ inEffect, undoneAt }: Candidate, { onset, alert }: Question): TermValue | string {
  if (inEffect === undefined) return 'nothing tells whether it is still in effect';
  if (inEffect || undoneAt === undefined) return { value: 1, evidence: 'still in effect' };
  if (onset !== undefined && undoneAt < onset) return { value: 0, evidence: 'put back before onset' };
  if (alert === undefined) return 'put back after onset, and no alert tells whether that helped';
  const ended = alert.endedAt;
  if (ended !== null && ended >= undoneAt && ended - undoneAt <= RECOVERY_MS) {
    return { value: 1, evidence: `put back, and the alert ended ${length(ended - undoneAt)} later: fixed by it` };
  }
  if (ended !== null) return { value: 0, evidence: `put back, and the alert went on for ${length(ended - undoneAt)}` };
  return { value: 0.3, evidence: 'put back after onset; the alert was still firing when it was sent' };
}

/** A length of time to two units. */
export function length(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE_MS));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 72) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
