import { readDay, readTime } from '../model/moment.ts';

/** Rules of the configuration. */
export interface WaiverRules {
  readonly maxDays: number;
  readonly approvers: readonly string[] | undefined;
}

export const DEFAULT_MAX_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

/**
 * The end of a waiver (RFC 3339, exclusive), from a day, which is covered to its end in UTC, or a time with its zone. It is
 * malformed where it is neither, a fault where it is over already, or further away than the rules allow. `now`: RFC 3339.
 */
export function readEnd(
  text: string,
  now: string,
  { maxDays }: WaiverRules,
): { until: string } | { fault: string } | { malformed: string } {
  const day = readDay(text);
  const at = day ?? readTime(text);
  if (at === undefined) {
    return {
      malformed: `${JSON.stringify(text)} is no day (2026-03-14) and no time with its zone (2026-03-14T03:00:00Z)`,
    };
  }
  const until = day === undefined ? at : at + DAY_MS;
  const from = Date.parse(now);
  if (until <= from) return { fault: `a waiver until ${text} would be over already` };
  if (at - from > maxDays * DAY_MS) {
    const last = new Date(from + maxDays * DAY_MS).toISOString().slice(0, 10);
    return {
      fault: `a waiver until ${text} is longer than the ${maxDays} days that are allowed; the last day is ${last}`,
    };
  }
  return { until: new Date(until).toISOString() };
}
