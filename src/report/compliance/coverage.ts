import type { Ignored } from '../../model/drift.ts';
import type { Gap } from '../../model/resource.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import type { ScanEntry } from '../../model/history.ts';
import { utc } from '../text/time.ts';
import { gapMeaning } from '../words.ts';

/** One workspace: how it was read and how much of it, at its last scan of the period. */
export interface WorkspaceRow {
  readonly name: string;
  readonly declared: string;
  readonly scans: number;
  readonly compared: number;
  readonly lastScan: EntryRef;
  readonly lastStarted: string;
}

/** Something that scans of the period did not compare, told once however often it happened. */
export interface GapRow {
  readonly address: string;
  readonly workspace: string;
  readonly path: string | null;
  readonly reason: string;
  readonly meaning: string;
  readonly message: string;
  readonly scans: number;
  readonly lastScan: EntryRef;
  /** Whether the last scan of its workspace still had it. */
  readonly persists: string;
}

export interface IgnoredRow {
  readonly address: string;
  readonly workspace: string;
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
  readonly scans: number;
  readonly lastScan: EntryRef;
}

export function workspaceRows(scans: readonly ScanEntry[]): WorkspaceRow[] {
  const rows = new Map<string, WorkspaceRow>();
  for (const entry of scans) {
    const { scan } = entry.statement.predicate;
    scan.scope.workspaces.forEach((name, i) => {
      rows.set(name, {
        name,
        declared: scan.scope.declared[i] ?? scan.scope.declared[0] ?? 'not recorded',
        scans: (rows.get(name)?.scans ?? 0) + 1,
        compared: scan.scope.compared.find((one) => one.workspace === name)?.addresses.length ?? 0,
        lastScan: entryRef(entry),
        lastStarted: utc(scan.startedAt),
      });
    });
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

export function gapRows(scans: readonly ScanEntry[]): GapRow[] {
  const last = lastScanOf(scans);
  return tally(scans, (scan) => scan.statement.predicate.scan.gaps).map(({ item, count, entry }) => ({
    address: item.address,
    workspace: item.workspace,
    path: item.path ?? null,
    reason: item.reason,
    meaning: gapMeaning(item.reason),
    message: item.message,
    scans: count,
    lastScan: entryRef(entry),
    persists: last.get(item.workspace) === entry ? 'yes' : 'no',
  }));
}

export function ignoredRows(scans: readonly ScanEntry[]): IgnoredRow[] {
  return tally(scans, (scan) => scan.statement.predicate.scan.ignored).map(({ item, count, entry }) => ({
    ...item,
    scans: count,
    lastScan: entryRef(entry),
  }));
}

/** The last scan of each workspace. */
function lastScanOf(scans: readonly ScanEntry[]): Map<string, ScanEntry> {
  return new Map(
    scans.flatMap((entry) => entry.statement.predicate.scan.scope.workspaces.map((name) => [name, entry])),
  );
}

interface Tallied<T> {
  readonly item: T;
  readonly count: number;
  readonly entry: ScanEntry;
}

/** Counts the scans in which the same thing stood; the last sight of it gives the words. */
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
  return [...seen.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
