import type { MilestoneName } from '../../model/incident-record.ts';
import type { DocumentMilestone } from './milestones.ts';

export const DURATIONS = [
  ['time to detect', 'onset', 'detected'],
  ['time to acknowledge', 'detected', 'acknowledged'],
  ['time to attribute', 'detected', 'identified'],
  ['time to mitigate', 'detected', 'mitigated'],
  ['time to resolve', 'detected', 'resolved'],
  ['duration', 'onset', 'resolved'],
  ['exposure', 'changed', 'detected'],
] as const satisfies readonly (readonly [string, MilestoneName, MilestoneName])[];

/** A length of time between two milestones. */
export interface Duration {
  readonly name: (typeof DURATIONS)[number][0];
  readonly from: MilestoneName;
  readonly to: MilestoneName;
  /** Milliseconds; null: unavailable, never 0 in its place. */
  readonly length: number | null;
  /** Why it is unavailable. */
  readonly why: string | null;
}

/** Lengths of time between milestones that are known. Where one is missing, or the two contradict each other, there is none. */
export function durationsOf(milestones: readonly DocumentMilestone[]): Duration[] {
  const at = new Map(milestones.map((one) => [one.name, one.at] as const));
  return DURATIONS.map(([name, from, to]) => {
    const [start, end] = [at.get(from), at.get(to)];
    const missing = [...(start === undefined ? [from] : []), ...(end === undefined ? [to] : [])];
    const common = { name, from, to };
    if (start === undefined || end === undefined)
      return { ...common, length: null, why: `no time of ${missing.join(' and ')} is on record` };
    if (end < start) return { ...common, length: null, why: `${to} stands before ${from}: one of the two is wrong` };
    return { ...common, length: end - start, why: null };
  });
}
