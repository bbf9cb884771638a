import type { Period } from '../model/period.ts';
import { utc } from './text/time.ts';

/** A period in words. */
export function periodText(period: Period): string {
  if (period.from === undefined && period.to === undefined) return 'over the whole ledger';
  const from = period.from === undefined ? 'the beginning of the ledger' : utc(period.from);
  const to = period.to === undefined ? 'the end of the ledger' : `${utc(period.to)}, not included`;
  return `from ${from} to ${to}`;
}
