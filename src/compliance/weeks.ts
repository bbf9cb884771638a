import { type DriftStory, firstOf, observedAt, type ScanEntry } from '../model/history.ts';
import { scanStanding } from './calendar.ts';
import type { RegisterRow, Week } from './model.ts';
import { detectOf, restoredIn, spreadOf } from './numbers.ts';
import { SEVERITIES, type Severity } from './policy.ts';

const WEEK = 7 * 86_400_000;
/** The first Monday of the epoch's count: 1970-01-05. */
const MONDAY = 4 * 86_400_000;
/** Older weeks of a very long period are not drawn. */
const MOST = 106;

/** The period by weeks of UTC Mondays: what opened by severity, what ended, what was open. */
export function weeksOf(
  rows: readonly RegisterRow[],
  stories: readonly DriftStory[],
  scans: readonly ScanEntry[],
  edges: { readonly from: number | undefined; readonly end: number },
): Week[] {
  const times = [...scans.map(observedAt), ...rows.filter((row) => !row.carriedOver).map((row) => row.when.observedAt)];
  const first = edges.from ?? Math.min(...times.map((time) => Date.parse(time)));
  if (!Number.isFinite(first) || first >= edges.end) return [];
  const severities = new Map(rows.map((row) => [row.entry.index, row.severity]));
  const starts: number[] = [];
  for (let at = mondayOf(first); at < edges.end; at += WEEK) starts.push(at);
  return starts.slice(-MOST).map((from) => {
    const period = {
      from: new Date(Math.max(from, first)).toISOString(),
      to: new Date(Math.min(from + WEEK, edges.end)).toISOString(),
    };
    const inside = (time: string): boolean =>
      Date.parse(time) >= Date.parse(period.from) && Date.parse(time) < Date.parse(period.to);
    const begun = stories.filter((story) => inside(observedAt(firstOf(story))));
    const own = scans.filter((scan) => inside(observedAt(scan)));
    const count = (severity: Severity): number =>
      begun.filter((story) => severities.get(firstOf(story).index) === severity).length;
    return {
      from: new Date(from).toISOString().slice(0, 10),
      opened: Object.fromEntries(SEVERITIES.map((one) => [one, count(one)])) as Week['opened'],
      ended: stories.filter((story) => story.ended !== undefined && inside(story.ended.at)).length,
      openAtEnd: stories.filter((story) => isOpenAt(story, Date.parse(period.to))).length,
      scans: own.length,
      failed: own.filter((scan) => scanStanding(scan) === 'failed').length,
      restore: spreadOf(restoredIn(stories, period)).median,
      detect: detectOf(rows.filter((row) => inside(row.when.observedAt))).spread.median,
    };
  });
}

function isOpenAt(story: DriftStory, at: number): boolean {
  return Date.parse(observedAt(firstOf(story))) < at && (story.ended === undefined || Date.parse(story.ended.at) >= at);
}

function mondayOf(at: number): number {
  return Math.floor((at - MONDAY) / WEEK) * WEEK + MONDAY;
}
