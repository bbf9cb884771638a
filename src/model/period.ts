import type { Entry } from './entry.ts';
import { observedAt } from './history.ts';

/** From (inclusive) to (exclusive), RFC 3339; an open side means the ledger's beginning or end. */
export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export function isBefore(time: string, limit: string | undefined): boolean {
  return limit !== undefined && Date.parse(time) < Date.parse(limit);
}

export function isInside(time: string, period: Period): boolean {
  return !isBefore(time, period.from) && (period.to === undefined || isBefore(time, period.to));
}

/** Entries that were known when the period ended. */
export function knownAtEnd(entries: readonly Entry[], period: Period): Entry[] {
  return entries.filter((entry) => period.to === undefined || isBefore(observedAt(entry), period.to));
}
