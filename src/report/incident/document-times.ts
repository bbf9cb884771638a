import type { IncidentDocument } from '../../incident/document/document.ts';
import { length } from '../../incident/rank/terms.ts';
import { MILESTONES, type MilestoneName, type TimeBasis } from '../../model/incident-record.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { utc } from '../text/time.ts';

interface MilestoneView {
  readonly name: MilestoneName;
  /** `2025-01-20 08:22:00 UTC`, or that it is not on record. */
  readonly at: string;
  /** RFC 3339. */
  readonly time: string | null;
  readonly basis: TimeBasis | null;
  readonly source: string | null;
  readonly offset: string | null;
  readonly entry: EntryRef | null;
}

interface DurationView {
  readonly name: string;
  readonly between: string;
  /** `35 min`, or `unavailable`. */
  readonly text: string;
  readonly why: string | null;
  readonly milliseconds: number | null;
}

export interface TimesPart {
  readonly milestones: readonly MilestoneView[];
  readonly durations: readonly DurationView[];
}

export function timesPart({ milestones, durations }: IncidentDocument): TimesPart {
  const known = new Map(milestones.map((one) => [one.name, one] as const));
  const onset = known.get('onset')?.at;
  return {
    milestones: MILESTONES.map((name) => {
      const one = known.get(name);
      if (one === undefined)
        return { name, at: 'not on record', time: null, basis: null, source: null, offset: null, entry: null };
      return {
        name,
        at: moment(one.at),
        time: new Date(one.at).toISOString(),
        basis: one.basis,
        source: one.source,
        offset: onset === undefined ? null : offsetText(one.at - onset),
        entry: one.said === null ? null : entryRef(one.said),
      };
    }),
    durations: durations.map(({ name, from, to, length: ms, why }) => ({
      name,
      between: `${from} to ${to}`,
      text: ms === null ? 'unavailable' : spanText(ms),
      why,
      milliseconds: ms,
    })),
  };
}

export function moment(at: number): string {
  return utc(new Date(at).toISOString());
}

/** `35 min`, `53 h 00 min`; under two minutes in seconds. */
export function spanText(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : length(ms);
}

/** `+35 min`, `−53 h 00 min`: how far from onset. */
export function offsetText(ms: number): string {
  if (ms === 0) return '0';
  return `${ms < 0 ? '−' : '+'}${spanText(Math.abs(ms))}`;
}
