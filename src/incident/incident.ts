import type { Entry } from '../model/entry.ts';
import { type ChangeEntry, driftStories, observedAt, type ScanEntry } from '../model/history.ts';
import type { Alert } from './alert/alert.ts';
import type { ChangeEvent } from './event/event.ts';
import { type Horizon, horizonOf } from './horizon.ts';
import { type Candidate, ledgerCandidates, rolloutCandidates } from './rank/candidate.ts';
import { type Scope, scopeOf } from './rank/match.ts';
import { type Question, questionOf, type Stated } from './rank/question.ts';
import { type Ranking, rank } from './rank/rank.ts';
import { windowsOf } from './rank/window.ts';
import type { Graph } from './state-graph.ts';

export interface IncidentFacts {
  /** In the order of the ledger, each as it is to be read now. */
  readonly entries: readonly Entry[];
  readonly alert?: Alert | undefined;
  readonly events: readonly ChangeEvent[];
  readonly graph: Graph;
  readonly stated: Stated;
}

/** confident: a suspect passes the threshold. none: no suspect does. evidence-gap: none does, and the evidence ends before onset. */
export type IncidentVerdict = 'confident' | 'none' | 'evidence-gap';

export interface Incident {
  readonly verdict: IncidentVerdict;
  readonly question: Question;
  readonly scope: Scope;
  readonly ranking: Ranking;
  readonly horizon: Horizon;
  readonly events: readonly ChangeEvent[];
  /** The newest moment that anything tells of, milliseconds: durations of what goes on are counted to it, never to the clock. */
  readonly asOf: number;
}

/** What changed before an incident, ranked. Pure: no clock, so that the same facts give the same answer. */
export function incidentOf({ entries, alert, events, graph, stated }: IncidentFacts): Incident {
  const question = questionOf(stated, alert);
  const scope = scopeOf(question, graph);
  const changes = entries.filter((entry): entry is ChangeEntry => 'change' in entry.statement.predicate);
  const scans = entries.filter((entry): entry is ScanEntry => entry.kind === 'scan');
  const recorded = ledgerCandidates(changes, driftStories(entries));
  const all = [...recorded, ...rolloutCandidates(events)];
  const times = entries.map((entry) => Date.parse(observedAt(entry))).filter((at) => !Number.isNaN(at));
  const told = [question.onset, alert?.at, alert?.endedAt, ...events.map(({ at }) => at)].filter(
    (at) => typeof at === 'number',
  );
  const asOf = [...times, ...told].reduce((a, b) => Math.max(a, b), 0);
  const recordFrom = times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
  const ranking = rank(
    { question, scope, graph, all, history: historyOf(recorded), recordFrom },
    windowsOf(question, scans),
  );
  const horizon = horizonOf(changes, scans);
  const behind = horizon.until < (question.onset ?? Number.NEGATIVE_INFINITY) || horizon.scan === undefined;
  const verdict = ranking.confident ? 'confident' : behind ? 'evidence-gap' : 'none';
  return { verdict, question, scope, ranking, horizon, events, asOf };
}

/** Changes by what they changed. */
function historyOf(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const history = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const known = history.get(one.label);
    if (known === undefined) history.set(one.label, [one]);
    else known.push(one);
  }
  return history;
}
