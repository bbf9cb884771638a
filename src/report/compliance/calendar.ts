import { type EntryRef, entryRef } from '../entry-view.ts';
import type { ScanEntry } from '../../model/history.ts';
import { type Verdict, verdictOf, verdictWord } from '../scan/verdict.ts';
import { between, span, utc, utcDay } from '../text/time.ts';
import type { Period } from '../../model/period.ts';

/** Every scan of the period, and the time in which none ran: absence of a scan is evidence too. */
export interface CalendarView {
  readonly scans: readonly ScanRow[];
  /** UTC days without a scan, joined into ranges: `2026-03-12`, `2026-03-15 to 2026-03-18`. */
  readonly daysWithout: readonly string[];
  readonly days: string;
  readonly longestPause: string;
}

interface ScanRow {
  readonly entry: EntryRef;
  readonly started: string;
  readonly duration: string;
  readonly workspaces: string;
  readonly compared: number;
  readonly resources: number;
  readonly drifts: number;
  readonly open: number;
  readonly gaps: number;
  readonly verdict: Verdict;
  readonly word: string;
}

const DAY = 86_400_000;

export function calendarView(scans: readonly ScanEntry[], period: Period): CalendarView {
  const starts = scans.map((scan) => Date.parse(scan.statement.predicate.scan.startedAt));
  const first = period.from === undefined ? Math.min(...starts) : Date.parse(period.from);
  const last = period.to === undefined ? Math.max(...starts) : Date.parse(period.to) - 1;
  const days = starts.length === 0 && (period.from === undefined || period.to === undefined) ? [] : daysOf(first, last);
  const scanned = new Set(starts.map(utcDay));
  const without = days.filter((day) => !scanned.has(day));
  return {
    scans: scans.map(scanRow),
    daysWithout: ranges(without),
    days: `${days.length - without.length} of ${days.length}`,
    longestPause: longestPause(starts, period),
  };
}

function scanRow(entry: ScanEntry): ScanRow {
  const { scan } = entry.statement.predicate;
  const { summary } = scan;
  return {
    entry: entryRef(entry),
    started: utc(scan.startedAt),
    duration: span(between(scan.startedAt, scan.finishedAt) ?? 0),
    workspaces: scan.scope.workspaces.join(', '),
    compared: summary.resources - summary.unread,
    resources: summary.resources,
    drifts: summary.changed + summary.missing + summary.unmanaged,
    open: scan.open.length,
    gaps: summary.gaps,
    verdict: verdictOf(summary),
    word: verdictWord(verdictOf(summary)).toLowerCase(),
  };
}

/** The longest time without a scan, the edges of a stated period included. */
function longestPause(starts: readonly number[], period: Period): string {
  const edges = [period.from, period.to].filter((edge) => edge !== undefined).map((edge) => Date.parse(edge));
  const points = [...starts, ...edges].sort((a, b) => a - b);
  const pauses = points.slice(1).map((point, i) => point - (points[i] as number));
  return pauses.length === 0 ? 'n/a' : span(Math.max(...pauses));
}

function daysOf(first: number, last: number): string[] {
  const days: string[] = [];
  for (let day = Math.floor(first / DAY) * DAY; day <= last; day += DAY) days.push(utcDay(day));
  return days;
}

function ranges(days: readonly string[]): string[] {
  const joined: [string, string][] = [];
  for (const day of days) {
    const open = joined.at(-1);
    if (open !== undefined && Date.parse(day) - Date.parse(open[1]) === DAY) open[1] = day;
    else joined.push([day, day]);
  }
  return joined.map(([from, to]) => (from === to ? from : `${from} to ${to}`));
}
