import type { Ignored } from '../model/drift.ts';
import type { ScanEntry } from '../model/history.ts';
import type { Gap } from '../model/resource.ts';
import type { ScanPlace } from '../model/scan.ts';
import type { CoverageCell, EntryRef, GapRow, IgnoredRow, PlaceCoverage } from './model-scope.ts';

/** How an entry is named in the model. */
export function refOf({ index, digest }: EntryRef): EntryRef {
  return { index, digest };
}

/** What one scan says of one workspace. */
export interface Reading {
  readonly planned: number;
  readonly compared: readonly string[];
  readonly unread: readonly Gap[];
}

/** Planned is what was compared and what the scan lists as not read. */
export function readingOf({ statement }: ScanEntry, workspace: string): Reading {
  const { scope, gaps } = statement.predicate.scan;
  const compared = scope.compared.find((one) => one.workspace === workspace)?.addresses ?? [];
  const whole = gaps.filter((gap) => gap.workspace === workspace && gap.path === undefined);
  if (whole.length === 0) return { planned: compared.length, compared, unread: [] };
  const known = new Set(compared);
  const unread = whole.filter((gap) => !known.has(gap.address));
  const distinct = [...new Map(unread.map((gap) => [gap.address, gap])).values()];
  return { planned: compared.length + distinct.length, compared, unread: distinct };
}

/** Declared resources of a scan of which it says neither that they were compared nor why not. Must be 0. */
export function silentGaps(scan: ScanEntry): number {
  const { scope, summary, gaps } = scan.statement.predicate.scan;
  const names = new Set([...scope.workspaces, ...gaps.map((gap) => gap.workspace)]);
  const told = [...names].reduce((sum, name) => sum + readingOf(scan, name).planned, 0);
  return Math.max(0, summary.resources - told);
}

/** The last scan of each workspace. */
export function lastScans(scans: readonly ScanEntry[]): Map<string, ScanEntry> {
  return new Map(
    scans.flatMap((entry) => entry.statement.predicate.scan.scope.workspaces.map((name) => [name, entry] as const)),
  );
}

/** Where resources of a scan live, by workspace and address. */
export type Places = ReadonlyMap<string, Pick<ScanPlace, 'account' | 'region'>>;

export function placesIn(scans: readonly ScanEntry[]): Places {
  return new Map(
    scans.flatMap(({ statement }) =>
      (statement.predicate.scan.scope.places ?? []).flatMap((place) =>
        place.addresses.map((address) => [nameOf(place.workspace, address), place] as const),
      ),
    ),
  );
}

export function placeOf(
  places: Places,
  workspace: string,
  address: string,
): { account: string | null; region: string | null } {
  const { account = null, region = null } = places.get(nameOf(workspace, address)) ?? {};
  return { account, region };
}

/** Workspace by account, region and resource type, at the last scan of each workspace. */
export function coverageCells(scans: readonly ScanEntry[]): CoverageCell[] {
  return [...lastScans(scans)].flatMap(([workspace, scan]) => {
    const { compared, unread } = readingOf(scan, workspace);
    const places = placesIn([scan]);
    const cells = new Map<string, Omit<CoverageCell, 'planned' | 'compared' | 'unread'> & CellCount>();
    const cell = (address: string): CellCount => {
      const where = { workspace, ...placeOf(places, workspace, address), type: typeOf(address) };
      const key = JSON.stringify([where.type, where.account, where.region]);
      const found = cells.get(key) ?? { ...where, compared: 0, unread: [] };
      cells.set(key, found);
      return found;
    };
    for (const address of compared) cell(address).compared += 1;
    for (const { address, reason } of unread) cell(address).unread.push({ address, reason });
    return [...cells]
      .sort(([a], [b]) => order(a, b))
      .map(([, one]) => ({ ...one, planned: one.compared + one.unread.length }));
  });
}

interface CellCount {
  compared: number;
  unread: { address: string; reason: Gap['reason'] }[];
}

/** The cells added up by account and region. */
export function placeCoverage(cells: readonly CoverageCell[]): PlaceCoverage[] {
  const places = new Map<string, PlaceCoverage>();
  for (const { account, region, planned, compared } of cells) {
    const key = JSON.stringify([account, region]);
    const known = places.get(key) ?? { account, region, planned: 0, compared: 0 };
    places.set(key, { ...known, planned: known.planned + planned, compared: known.compared + compared });
  }
  return [...places].sort(([a], [b]) => order(a, b)).map(([, place]) => place);
}

function nameOf(workspace: string, address: string): string {
  return JSON.stringify([workspace, address]);
}

/** The resource type in an address: `module.net["a"].aws_subnet.main[0]` is an aws_subnet. */
export function typeOf(address: string): string {
  const rest = address.replace(/^(?:module\.[A-Za-z0-9_-]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)+/, '');
  const dot = rest.indexOf('.');
  return dot < 0 ? rest : rest.slice(0, dot);
}

/** What scans of the period did not compare, told once however often it happened; the last sight gives the words. */
export function gapRows(scans: readonly ScanEntry[]): GapRow[] {
  const last = lastScans(scans);
  return tally(scans, (scan) => scan.statement.predicate.scan.gaps).map(({ item, count, entry }) => ({
    address: item.address,
    workspace: item.workspace,
    path: item.path ?? null,
    reason: item.reason,
    message: item.message,
    scans: count,
    lastScan: refOf(entry),
    persists: last.get(item.workspace) === entry,
  }));
}

/** Differences that rules set aside, likewise. */
export function ignoredRows(scans: readonly ScanEntry[]): IgnoredRow[] {
  return tally(scans, (scan) => scan.statement.predicate.scan.ignored).map(({ item, count, entry }) => ({
    address: item.address,
    workspace: item.workspace,
    path: item.path,
    rule: item.rule,
    reason: item.reason,
    scans: count,
    lastScan: refOf(entry),
  }));
}

interface Tallied<T> {
  readonly item: T;
  readonly count: number;
  readonly entry: ScanEntry;
}

/** Counts the scans in which the same thing stood. */
function tally<T extends Gap | Ignored>(
  scans: readonly ScanEntry[],
  of: (scan: ScanEntry) => readonly T[],
): Tallied<T>[] {
  const seen = new Map<string, Tallied<T>>();
  for (const entry of scans) {
    for (const item of of(entry)) {
      const kind = 'rule' in item ? item.rule : item.reason;
      const key = JSON.stringify([item.workspace, item.address, item.path ?? null, kind]);
      const before = seen.get(key);
      const again = before !== undefined && before.entry === entry;
      seen.set(key, { item, count: (before?.count ?? 0) + (again ? 0 : 1), entry });
    }
  }
  return [...seen.entries()].sort(([a], [b]) => order(a, b)).map(([, row]) => row);
}

/** By code units: the same order on every machine. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
