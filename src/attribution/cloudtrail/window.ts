import type { AuditQuestion, AuditWindow } from '../port.ts';
import type { TrailKey } from './layout.ts';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** CloudTrail delivers within about 5 minutes on average; more than 15 is late (FAQ, "How long does it take..."). */
export const LAG = 15 * MINUTE;

/** A federated user's session lasts up to 36 hours, a role's up to 12 (STS API reference). */
const LONGEST_SESSION = 36 * HOUR;

/** Records come in files that were made after them, as a rule at once; after an outage of the delivery hours later. */
const LATEST_DELIVERY = DAY;

/** Where global services log, whatever region is asked for (CloudTrail User Guide, "Global service events"). */
export const GLOBAL_REGION = 'us-east-1';

/** A question, ready to be asked of many records. Times in milliseconds. */
export interface Scope {
  readonly from: number;
  readonly to: number;
  /** From when on calls that issued credentials matter. */
  readonly reach: number;
  readonly accounts: ReadonlySet<string> | undefined;
  readonly regions: ReadonlySet<string> | undefined;
}

export function scopeOf({ window, accounts, regions }: AuditQuestion): Scope {
  const { from, to } = bounds(window);
  return {
    from,
    to,
    reach: from - LONGEST_SESSION,
    accounts: accounts === undefined ? undefined : new Set(accounts),
    regions: regions === undefined ? undefined : new Set([...regions, GLOBAL_REGION]),
  };
}

/** Whole seconds, as records have them: a call within the window's first second counts. */
function bounds(window: AuditWindow): { readonly from: number; readonly to: number } {
  const from = window.from === null ? 0 : Date.parse(window.from);
  return { from: from - (from % 1000), to: Date.parse(window.to) };
}

/** Whether a file can hold what a question asks for, by its name. */
export function mayMatter(key: TrailKey, scope: Scope): boolean {
  if (key.kind === 'other' || !inPlace(key.account, key.region, scope)) return false;
  return key.time >= scope.reach && key.time <= scope.to + LATEST_DELIVERY;
}

/** Whether account and region are asked for. What a record does not say excludes nothing. */
export function inPlace(account: string, region: string, { accounts, regions }: Scope): boolean {
  return (
    (accounts === undefined || account === '' || accounts.has(account)) &&
    (regions === undefined || region === '' || regions.has(region))
  );
}

/** RFC 3339 UTC, whole seconds, as CloudTrail writes times. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
