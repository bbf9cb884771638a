import type { ScanEntry } from '../model/history.ts';
import { order, lastScans, readingOf, refOf } from './coverage.ts';
import type { Calendar, MissingScan, ScanRow, ScanStanding, WorkspaceCoverage } from './model-scope.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** From when to when a calendar runs: milliseconds. From is undefined where the period has no beginning. */
export interface Edges {
  readonly from: number | undefined;
  readonly end: number;
}

/** Every scan of the period, and the time in which none ran: absence of a scan is evidence too. */
export function calendarOf(
  scans: readonly ScanEntry[],
  known: readonly string[],
  edges: Edges,
  cadenceHours: number | undefined,
): Calendar {
  const starts = scans.map((scan) => Date.parse(scan.statement.predicate.scan.startedAt));
  const first = edges.from ?? Math.min(...starts);
  const days = Number.isFinite(first) && first < edges.end ? daysOf(first, edges.end - 1) : [];
  const scanned = new Set(starts.map(utcDay));
  const without = days.filter((day) => !scanned.has(day));
  return {
    scans: scans.map(scanRow),
    missing:
      cadenceHours === undefined ? [] : known.flatMap((name) => missingScans(scans, name, edges, cadenceHours * HOUR)),
    cadence: cadenceHours === undefined ? null : cadenceHours * HOUR,
    daysWithout: ranges(without),
    days: { scanned: days.length - without.length, all: days.length },
  };
}

/** How each workspace was read; also of those that no scan of the period looked at. */
export function workspaceRows(
  scans: readonly ScanEntry[],
  known: readonly string[],
  edges: Edges,
): WorkspaceCoverage[] {
  const last = lastScans(scans);
  return [...known].sort(order).map((name) => {
    const own = scans.filter((scan) => scan.statement.predicate.scan.scope.workspaces.includes(name));
    const scan = last.get(name);
    const reading = scan && readingOf(scan, name);
    const pauses = pausesOf(scans, name, edges);
    return {
      name,
      declared: scan === undefined ? 'not scanned in this period' : declaredHow(scan, name),
      scans: own.length,
      planned: reading?.planned ?? 0,
      compared: reading?.compared.length ?? 0,
      unread: reading?.unread.length ?? 0,
      lastScan: scan === undefined ? null : refOf(scan),
      lastScanAt: scan?.statement.predicate.scan.finishedAt ?? null,
      longestPause: pauses.length === 0 ? null : Math.max(...pauses.map(({ from, to }) => to - from)),
    };
  });
}

/** Whether a scan could read anything of what it was to read. */
export function scanStanding({ statement }: ScanEntry): ScanStanding {
  const { summary, scope, gaps } = statement.predicate.scan;
  const compared = scope.compared.reduce((sum, one) => sum + one.addresses.length, 0);
  if (summary.resources > 0 && compared === 0) return 'failed';
  return gaps.length > 0 ? 'partial' : 'ok';
}

/** Whether a scan read a workspace: something of it, or all of nothing. */
export function isCompleted(scan: ScanEntry, workspace: string): boolean {
  const { planned, compared } = readingOf(scan, workspace);
  return compared.length > 0 || planned === 0;
}

function scanRow(entry: ScanEntry): ScanRow {
  const { scan, detector } = entry.statement.predicate;
  return {
    entry: refOf(entry),
    startedAt: scan.startedAt,
    finishedAt: scan.finishedAt,
    workspaces: scan.scope.workspaces,
    standing: scanStanding(entry),
    planned: scan.summary.resources,
    compared: scan.scope.compared.reduce((sum, one) => sum + one.addresses.length, 0),
    drifts: scan.open.filter((one) => one.seen).length,
    open: scan.open.length,
    gaps: scan.gaps.length,
    tool: detector.version,
    build: scan.manifest?.build.sha256 ?? null,
    policy: scan.manifest?.policy ?? null,
    audited: scan.population !== undefined,
  };
}

/**
 * The pauses of a workspace that are longer than the cadence, and how many scans each lacks. One that ran and failed is not
 * missing: it is counted as failed.
 */
function missingScans(scans: readonly ScanEntry[], workspace: string, edges: Edges, cadence: number): MissingScan[] {
  const failed = scans
    .filter((scan) => scan.statement.predicate.scan.scope.workspaces.includes(workspace))
    .filter((scan) => !isCompleted(scan, workspace))
    .map((scan) => Date.parse(scan.statement.predicate.scan.startedAt));
  return pausesOf(scans, workspace, edges)
    .map(({ from, to }) => ({
      workspace,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      scans: Math.ceil((to - from) / cadence) - 1 - failed.filter((at) => at > from && at < to).length,
    }))
    .filter((one) => one.scans > 0);
}

/** Between completed scans of a workspace, the edges of the period included. */
function pausesOf(
  scans: readonly ScanEntry[],
  workspace: string,
  { from, end }: Edges,
): { from: number; to: number }[] {
  const completed = scans
    .filter(
      (scan) => scan.statement.predicate.scan.scope.workspaces.includes(workspace) && isCompleted(scan, workspace),
    )
    .map((scan) => Date.parse(scan.statement.predicate.scan.startedAt));
  const points = [...(from === undefined ? [] : [from]), ...completed, end].sort((a, b) => a - b);
  return points.slice(1).map((to, i) => ({ from: points[i] as number, to }));
}

function declaredHow({ statement }: ScanEntry, name: string): string {
  const { workspaces, declared } = statement.predicate.scan.scope;
  return declared[workspaces.indexOf(name)] ?? declared[0] ?? 'not recorded';
}

/** The UTC day of a time, `2026-03-14`. */
function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
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
