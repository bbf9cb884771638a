import { type DriftStory, firstOf, observedAt, type ScanEntry } from '../model/history.ts';
import { scanStanding } from './calendar.ts';
import type { RegisterRow, Week } from './model.ts';
import { detectOf, spreadOf } from './numbers.ts';
import { SEVERITIES, type Severity } from './policy.ts';

const WEEK = 7 * 86_400_000;
/** The first Monday of the epoch's count: 1970-01-05. */
const MONDAY = 4 * 86_400_000;
/** Older weeks of a very long period are not drawn. */
const MOST = 106;

/** A drift by numbers: each is asked for in every week. */
interface Told {
  readonly begun: number;
  /** Infinite while it is open. */
  readonly ended: number;
  readonly severity: Severity | undefined;
}

/** The period by weeks of UTC Mondays: what opened by severity, what ended, what was open. */
export function weeksOf(
  rows: readonly RegisterRow[],
  stories: readonly DriftStory[],
  scans: readonly ScanEntry[],
  edges: { readonly from: number | undefined; readonly end: number },
): Week[] {
  const changes = rows.map((row) => ({ row, at: Date.parse(row.when.observedAt) }));
  const looks = scans.map((scan) => ({ failed: scanStanding(scan) === 'failed', at: Date.parse(observedAt(scan)) }));
  const first = edges.from ?? earliest([...looks, ...changes.filter(({ row }) => !row.carriedOver)]);
  if (!Number.isFinite(first) || first >= edges.end) return [];
  const severities = new Map(rows.map((row) => [row.entry.index, row.severity]));
  const drifts = stories.map((story): Told => {
    const begun = Date.parse(observedAt(firstOf(story)));
    const ended = story.ended === undefined ? Number.POSITIVE_INFINITY : Date.parse(story.ended.at);
    return { begun, ended, severity: severities.get(firstOf(story).index) };
  });
  const starts: number[] = [];
  for (let at = mondayOf(first); at < edges.end; at += WEEK) starts.push(at);
  return starts.slice(-MOST).map((start) => {
    const [from, to] = [Math.max(start, first), Math.min(start + WEEK, edges.end)];
    const inside = (at: number): boolean => at >= from && at < to;
    const begun = drifts.filter((one) => inside(one.begun));
    const ended = drifts.filter((one) => inside(one.ended));
    const own = looks.filter(({ at }) => inside(at));
    const seen = changes.filter(({ at }) => inside(at)).map(({ row }) => row);
    const count = (severity: Severity): number => begun.filter((one) => one.severity === severity).length;
    return {
      from: new Date(start).toISOString().slice(0, 10),
      opened: Object.fromEntries(SEVERITIES.map((one) => [one, count(one)])) as Week['opened'],
      ended: ended.length,
      openAtEnd: drifts.filter((one) => one.begun < to && one.ended >= to).length,
      scans: own.length,
      failed: own.filter(({ failed }) => failed).length,
      restore: spreadOf(ended.map((one) => one.ended - one.begun)).median,
      detect: detectOf(seen).spread.median,
    };
  });
}

function earliest(told: readonly { readonly at: number }[]): number {
  return told.reduce((least, { at }) => (at < least || Number.isNaN(at) ? at : least), Number.POSITIVE_INFINITY);
}

function mondayOf(at: number): number {
  return Math.floor((at - MONDAY) / WEEK) * WEEK + MONDAY;
}
