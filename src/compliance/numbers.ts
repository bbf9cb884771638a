import type { DriftStory, ScanEntry } from '../model/history.ts';
import { firstOf, observedAt } from '../model/history.ts';
import { isBefore, isInside, type Period } from '../model/period.ts';
import { isCompleted } from './calendar.ts';
import { lastScans, readingOf } from './coverage.ts';
import type { Balance, RegisterRow, ReportNumber, Spread } from './model.ts';
import type { Calendar } from './model-scope.ts';

/** What the eight numbers are taken from. */
export interface NumberQuestion {
  readonly scans: readonly ScanEntry[];
  readonly rows: readonly RegisterRow[];
  readonly stories: readonly DriftStory[];
  readonly period: Period;
  readonly calendar: Calendar;
}

type Plain = Omit<ReportNumber, 'before'>;

/** The eight numbers of the summary, each with its denominator and what was left out. */
export function numbersOf({ scans, rows, stories, period, calendar }: NumberQuestion): Plain[] {
  const pairs = scans.flatMap((scan) =>
    scan.statement.predicate.scan.scope.workspaces.map((name) => isCompleted(scan, name)),
  );
  const completed = pairs.filter(Boolean).length;
  const missing = calendar.missing.reduce((sum, one) => sum + one.scans, 0);
  const covered = coveredOf(scans);
  const changes = rows.filter((row) => !row.carriedOver);
  const live = changes.filter((row) => row.class !== 'unapplied');
  const unapplied = { why: 'only the configuration moved', n: changes.length - live.length };
  const inBand = live.filter((row) => row.class === 'in-band');
  const detect = detectOf(rows);
  const restore = spreadOf(restoredIn(stories, period));
  return [
    ratio('scan-success', completed, pairs.length + missing, [
      ...(calendar.cadence === null ? [{ why: 'scans that did not run: no cadence is declared', n: 0 }] : []),
    ]),
    ratio('coverage', covered.compared, covered.planned, []),
    ratio('drift-rate', driftedAtEnd(scans), covered.compared, []),
    ratio('out-of-band', live.filter((row) => row.class === 'out-of-band').length, live.length, left([unapplied])),
    ratio('unattributed', live.filter((row) => !row.attributed).length, live.length, left([unapplied])),
    ratio('approval-link', inBand.filter((row) => row.approval.standing === 'approved').length, inBand.length, []),
    duration('mttd', detect.spread, left([{ why: 'the audit log does not say when it happened', n: detect.unknown }])),
    duration(
      'mttr',
      restore,
      left([{ why: 'still open', n: stories.filter((one) => one.ended === undefined).length }]),
    ),
  ];
}

/** Counts drifts, not entries: one whose values moved on while it was open is one drift. */
export function balanceOf(stories: readonly DriftStory[], period: Period): Balance {
  const begun = (story: DriftStory): string => observedAt(firstOf(story));
  const overBefore = (story: DriftStory): boolean => story.ended !== undefined && isBefore(story.ended.at, period.from);
  return {
    openBefore: stories.filter((story) => isBefore(begun(story), period.from) && !overBefore(story)).length,
    opened: stories.filter((story) => isInside(begun(story), period)).length,
    ended: stories.filter((story) => story.ended !== undefined && isInside(story.ended.at, period)).length,
    stillOpen: stories.filter((story) => story.ended === undefined).length,
  };
}

/** Detected minus happened, where the audit log says when it happened. */
export function detectOf(rows: readonly RegisterRow[]): { spread: Spread; unknown: number } {
  const found = rows.filter((row) => !row.carriedOver && row.kind === 'drift' && row.class !== 'unapplied');
  const known = found.filter((row) => row.when.occurredAt !== null);
  const lengths = known.map((row) =>
    Math.max(0, Date.parse(row.when.observedAt) - Date.parse(row.when.occurredAt ?? '')),
  );
  return { spread: spreadOf(lengths), unknown: found.length - known.length };
}

/** Milliseconds from first sight to seen gone, of every drift that ended in the period. */
export function restoredIn(stories: readonly DriftStory[], period: Period): number[] {
  return stories.flatMap((story) => {
    if (story.ended === undefined || !isInside(story.ended.at, period)) return [];
    return [Date.parse(story.ended.at) - Date.parse(observedAt(firstOf(story)))];
  });
}

/** Median (the mean of the middle two where their number is even), 95th percentile (nearest rank) and greatest. */
export function spreadOf(lengths: readonly number[]): Spread {
  const sorted = lengths.filter(Number.isFinite).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return { n, median: null, p95: null, max: null };
  const at = (i: number): number => sorted[i] as number;
  const median = n % 2 === 1 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2;
  return { n, median, p95: at(Math.ceil(0.95 * n) - 1), max: at(n - 1) };
}

/** Sums what the last scan of each workspace says of it. */
function coveredOf(scans: readonly ScanEntry[]): { compared: number; planned: number } {
  let compared = 0;
  let planned = 0;
  for (const [name, scan] of lastScans(scans)) {
    const reading = readingOf(scan, name);
    compared += reading.compared.length;
    planned += reading.planned;
  }
  return { compared, planned };
}

/** Resources that drifted at the last scan of each workspace, seen by it. */
function driftedAtEnd(scans: readonly ScanEntry[]): number {
  return [...lastScans(scans)].reduce(
    (sum, [name, scan]) =>
      sum + scan.statement.predicate.scan.open.filter((one) => one.workspace === name && one.seen).length,
    0,
  );
}

function ratio(id: Plain['id'], numerator: number, denominator: number, exclusions: Plain['exclusions']): Plain {
  return { id, unit: 'ratio', numerator, denominator, n: denominator, p95: null, max: null, exclusions };
}

function duration(id: Plain['id'], { n, median, p95, max }: Spread, exclusions: Plain['exclusions']): Plain {
  return { id, unit: 'duration', numerator: median, denominator: n, n, p95, max, exclusions };
}

function left(exclusions: Plain['exclusions']): Plain['exclusions'] {
  return exclusions.filter(({ n }) => n > 0);
}
