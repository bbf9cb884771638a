import { type DriftStory, firstOf, lastOf, observedAt } from '../../model/history.ts';
import { isBefore } from '../../model/period.ts';

export interface IncidentScope {
  /** RFC 3339: when the incident began, as far as known. */
  readonly at?: string | undefined;
  /** RFC 3339: how far back a drift that is over again still counts. */
  readonly since?: string | undefined;
  /** An address, a module or a pattern with `*`. */
  readonly resource?: string | undefined;
}

/** Why a drift is not in the brief. */
export type LeftOut = 'another resource' | 'began after the incident' | 'was over before';

/** Parts drifts into those that were in effect, the open and latest first, and those left out, with the reason. */
export function selectStories(
  stories: readonly DriftStory[],
  scope: IncidentScope,
): { shown: DriftStory[]; leftOut: { story: DriftStory; why: LeftOut }[] } {
  const shown: DriftStory[] = [];
  const leftOut: { story: DriftStory; why: LeftOut }[] = [];
  for (const story of stories) {
    const why = reasonAgainst(story, scope);
    if (why === undefined) shown.push(story);
    else leftOut.push({ story, why });
  }
  return { shown: shown.sort(byUrgency), leftOut };
}

function reasonAgainst(story: DriftStory, scope: IncidentScope): LeftOut | undefined {
  if (!addressMatches(addressOf(story), scope.resource)) return 'another resource';
  const { notBefore } = firstOf(story).statement.predicate.when;
  if (scope.at !== undefined && notBefore !== null && !isBefore(notBefore, scope.at)) return 'began after the incident';
  if (story.ended === undefined) return undefined;
  const lower = scope.since ?? scope.at;
  return lower === undefined || !isBefore(lower, story.ended.at) ? 'was over before' : undefined;
}

/** Exact address, everything below a module or a counted resource, or a pattern with `*` for any run of characters. */
export function addressMatches(address: string, wanted: string | undefined): boolean {
  if (wanted === undefined || address === wanted) return true;
  if (!wanted.includes('*')) return address.startsWith(`${wanted}.`) || address.startsWith(`${wanted}[`);
  const parts = wanted.split('*');
  const [first = '', ...rest] = parts;
  if (!address.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = address.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return address.length - last.length >= at && address.endsWith(last);
}

function byUrgency(a: DriftStory, b: DriftStory): number {
  const open = Number(a.ended !== undefined) - Number(b.ended !== undefined);
  if (open !== 0) return open;
  return Date.parse(observedAt(lastOf(b))) - Date.parse(observedAt(lastOf(a))) || lastOf(a).index - lastOf(b).index;
}

function addressOf(story: DriftStory): string {
  return lastOf(story).statement.predicate.change.resource.address;
}
