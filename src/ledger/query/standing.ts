import type { Entry } from '../../model/entry.ts';
import type { DriftStanding } from '../../model/picture.ts';
import type { Links } from './links.ts';

export type ScanEntry = Extract<Entry, { kind: 'scan' }>;

/** Tells where a drift stands at the end of the log. */
export interface Standings {
  /** The newest scan that can be read; undefined where there is none. */
  readonly newest: ScanEntry | undefined;
  /** Of the drift entry at a log index. */
  of(index: number): DriftStanding;
  /** The entry that ended a drift or that it moved on to; undefined while it is open, or where that is not recorded. */
  nextOf(index: number): number | undefined;
}

/**
 * A drift is over once a later entry says so. Where none does (its payload may be erased), the newest scan's list of open
 * drifts decides, as far as it reaches.
 */
export function standingsOf(links: Links, newest: ScanEntry | undefined): Standings {
  const open = new Set(newest?.statement.predicate.scan.open.map(({ index }) => index));
  const next = (index: number) =>
    links.leadingTo(index).find(({ relation }) => relation === 'ends' || relation === 'moves-on');
  return {
    newest,
    of: (index) => {
      const link = next(index);
      if (link !== undefined) return link.relation === 'ends' ? 'ended' : 'moved-on';
      return newest === undefined || index > newest.index || open.has(index) ? 'open' : 'ended';
    },
    nextOf: (index) => next(index)?.from,
  };
}
