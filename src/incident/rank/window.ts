import type { ScanEntry } from '../../model/history.ts';
import { HOUR_MS } from '../moment.ts';
import type { Question } from './question.ts';

/** How far before the onset is looked, and why so far. */
export interface Window {
  readonly name: string;
  /** Milliseconds; -Infinity: all that is on record. */
  readonly from: number;
  /** Whether the distance to the onset still says something. */
  readonly timed: boolean;
  /** Whether a suspect found here ends the search. */
  readonly settles: boolean;
}

const HOURS = [1, 6, 24, 72] as const;
/** Beyond this, an onset that was only derived from an alert says nothing of when the change was made. */
const TRUSTED_HOURS = 6;

/**
 * The windows to try, the narrowest first: 1 h, 6 h, 24 h, 72 h before onset, then to the last scan before it that found all
 * as declared. A span that was stated is the only one; without an onset all that is on record is looked at.
 */
export function windowsOf({ onset, onsetBasis, since }: Question, scans: readonly ScanEntry[]): Window[] {
  if (onset === undefined)
    return [{ name: 'all on record (no onset is known)', from: Number.NEGATIVE_INFINITY, timed: false, settles: true }];
  const stated = onsetBasis === 'stated';
  if (since !== undefined) {
    const hours = since / HOUR_MS;
    return [
      {
        name: `${shown(hours)} (as stated)`,
        from: onset - since,
        timed: stated || hours <= TRUSTED_HOURS,
        settles: true,
      },
    ];
  }
  const steps = HOURS.map((hours) => ({
    name: shown(hours),
    from: onset - hours * HOUR_MS,
    timed: stated || hours <= TRUSTED_HOURS,
    // Where distance says nothing, what is nearer is no likelier: the search goes on to the end of the steps.
    settles: stated || hours <= TRUSTED_HOURS || hours === HOURS.at(-1),
  }));
  const good = scans.findLast((scan) => isGood(scan) && finished(scan) < onset);
  const last = steps.at(-1)?.from ?? onset;
  if (good === undefined)
    return [...steps, { name: 'all on record', from: Number.NEGATIVE_INFINITY, timed: stated, settles: true }];
  if (finished(good) >= last) return steps;
  return [
    ...steps,
    { name: `last known-good scan (entry ${good.index})`, from: finished(good), timed: stated, settles: true },
  ];
}

function shown(hours: number): string {
  return hours < 1 ? `${Math.round(hours * 60)} min` : `${Number(hours.toFixed(1))} h`;
}

function isGood({ statement }: ScanEntry): boolean {
  const { open, summary } = statement.predicate.scan;
  return open.length === 0 && summary.changed + summary.missing + summary.unmanaged + summary.unread === 0;
}

function finished({ statement }: ScanEntry): number {
  return Date.parse(statement.predicate.scan.finishedAt);
}
