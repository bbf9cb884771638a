import { isAttributed } from '../entry-view.ts';
import { type ChangeEntry, type DriftStory, firstOf, observedAt, type ScanEntry } from '../../model/history.ts';
import { between, span } from '../text/time.ts';
import { isBefore, isInside, type Period } from '../../model/period.ts';

/** A number with what it is a part of: no figure stands without its denominator. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  /** Its denominator, or why it has none. */
  readonly basis: string;
  readonly tone: 'none' | 'gap' | 'open' | 'clean';
}

/** How the drifts of a period add up: openBefore + opened = ended + stillOpen. */
export interface Balance {
  readonly openBefore: number;
  readonly opened: number;
  readonly ended: number;
  readonly stillOpen: number;
}

/** Counts drifts, not entries: one whose values moved on while it was open is one drift. Stories end at the period's end. */
export function balanceOf(stories: readonly DriftStory[], period: Period): Balance {
  const openBefore = stories.filter(
    (story) =>
      isBefore(begun(story), period.from) && !(story.ended !== undefined && isBefore(story.ended.at, period.from)),
  ).length;
  const opened = stories.filter((story) => isInside(begun(story), period)).length;
  const ended = stories.filter((story) => story.ended !== undefined && isInside(story.ended.at, period)).length;
  return { openBefore, opened, ended, stillOpen: stories.filter((story) => story.ended === undefined).length };
}

/** The eight numbers of the summary. */
export function figuresOf(
  scans: readonly ScanEntry[],
  stories: readonly DriftStory[],
  driftEntries: readonly ChangeEntry[],
  period: Period,
): Figure[] {
  const balance = balanceOf(stories, period);
  const concerned = balance.openBefore + balance.opened;
  const complete = scans.filter((scan) => scan.statement.predicate.scan.summary.gaps === 0).length;
  const covered = coverageOf(scans);
  const unattributed = driftEntries.filter((entry) => !isAttributed(entry)).length;
  const exposures = exposuresOf(stories, period);
  return [
    {
      label: 'scans run',
      value: `${scans.length}`,
      basis: 'the ledger does not record how many were planned',
      tone: 'none',
    },
    {
      label: 'scans complete',
      value: `${complete}`,
      basis: `of ${scans.length} scans: read everything, without a gap`,
      tone: complete < scans.length ? 'gap' : 'none',
    },
    {
      label: 'resources covered',
      value: `${covered.compared}`,
      basis: `of ${covered.resources} declared, at the last scan of each scope`,
      tone: covered.compared < covered.resources ? 'gap' : 'none',
    },
    {
      label: 'drifts opened',
      value: `${balance.opened}`,
      basis: `in ${driftEntries.length} drift entries of the period`,
      tone: 'none',
    },
    {
      label: 'drifts ended',
      value: `${balance.ended}`,
      basis: `of ${concerned} open at some time in the period`,
      tone: 'none',
    },
    {
      label: 'still open',
      value: `${balance.stillOpen}`,
      basis: `of ${concerned} open at some time in the period`,
      tone: balance.stillOpen > 0 ? 'open' : 'clean',
    },
    {
      label: 'median exposure',
      value: exposures.length === 0 ? 'n/a' : span(median(exposures)),
      basis: `over ${exposures.length} ended drifts, first seen to seen gone`,
      tone: 'none',
    },
    {
      label: 'unattributed',
      value: `${unattributed}`,
      basis: `of ${driftEntries.length} drift entries name no actor`,
      tone: unattributed > 0 ? 'gap' : 'none',
    },
  ];
}

/** Milliseconds from first sight to seen gone, of every drift that ended in the period, ascending. */
export function exposuresOf(stories: readonly DriftStory[], period: Period): number[] {
  return stories
    .flatMap((story) => {
      if (story.ended === undefined || !isInside(story.ended.at, period)) return [];
      return [between(begun(story), story.ended.at) ?? 0];
    })
    .sort((a, b) => a - b);
}

export function median(ascending: readonly number[]): number {
  const middle = ascending.length / 2;
  const at = (i: number) => ascending[i] as number;
  return ascending.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
}

/** Sums the last scan of each scope: scans of the same workspaces replace each other. */
function coverageOf(scans: readonly ScanEntry[]): { compared: number; resources: number } {
  const last = new Map(scans.map((scan) => [JSON.stringify(scan.statement.predicate.scan.scope.workspaces), scan]));
  let compared = 0;
  let resources = 0;
  for (const { statement } of last.values()) {
    const { summary } = statement.predicate.scan;
    compared += summary.resources - summary.unread;
    resources += summary.resources;
  }
  return { compared, resources };
}

function begun(story: DriftStory): string {
  return observedAt(firstOf(story));
}
