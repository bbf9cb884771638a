import {
  MILESTONES,
  type MilestoneName,
  type IncidentRecord,
  type SaidIn,
  type TimeBasis,
} from '../../model/incident-record.ts';
import type { Incident } from '../incident.ts';
import type { Candidate } from '../rank/candidate.ts';

const NO_SOURCE = 'no source given';

/** A moment of the incident, and what says so. */
export interface DocumentMilestone {
  readonly name: MilestoneName;
  /** Milliseconds. */
  readonly at: number;
  readonly basis: TimeBasis;
  readonly source: string;
  /** The note that says so; null where the evidence does. */
  readonly said: SaidIn | null;
}

/**
 * The moments that are known, in their order. What somebody set stands over what the evidence tells; what neither tells is
 * left out. `cause`: the change that is taken for the cause, where there is one.
 */
export function milestonesOf(
  record: IncidentRecord,
  incident: Incident | undefined,
  cause: Candidate | undefined,
): DocumentMilestone[] {
  const known = new Map(evidenceMilestones(incident, cause).map((one) => [one.name, one] as const));
  for (const { name, at, basis, source, said } of record.milestones) {
    const moment = Date.parse(at);
    if (!Number.isNaN(moment)) known.set(name, { name, at: moment, basis, source: source ?? NO_SOURCE, said });
  }
  return MILESTONES.flatMap((name) => known.get(name) ?? []);
}

/** What alert, ledger and statement of the question tell by themselves. */
function evidenceMilestones(incident: Incident | undefined, cause: Candidate | undefined): DocumentMilestone[] {
  if (incident === undefined) return [];
  const { onset, onsetBasis, onsetFrom, alert } = incident.question;
  const found: DocumentMilestone[] = [];
  const add = (name: MilestoneName, at: number, basis: TimeBasis, source: string): void => {
    found.push({ name, at, basis, source, said: null });
  };
  if (onset !== undefined)
    add('onset', onset, onsetBasis === 'alert' ? 'derived' : 'stated', onsetBasis === 'alert' ? onsetFrom : NO_SOURCE);
  // Bounds are no moment: a change that only lies between two scans has none.
  if (cause !== undefined && cause.from === cause.to) {
    const [basis, source] = changedBy(cause);
    add('changed', cause.to, basis, source);
  }
  if (alert !== undefined) {
    add('detected', alert.at, 'recorded', `the alert (${alert.atFrom})`);
    if (alert.endedAt !== null) add('mitigated', alert.endedAt, 'derived', 'the alert ended');
  }
  return found;
}

function changedBy({ source }: Candidate): [TimeBasis, string] {
  if (source.kind === 'rollout') return ['recorded', source.rollout.reached.system];
  const from = source.entry.statement.predicate.when.occurredAtSource;
  return [from === 'stated' ? 'stated' : 'recorded', `${from ?? 'recorded'}, entry ${source.entry.index}`];
}
