import type { GapReason } from '../model/resource.ts';

/** Leads to an entry of the ledger: its index in the log and its statement digest (SHA-256, hex). */
export interface EntryRef {
  readonly index: number;
  readonly digest: string;
}

export interface Scope {
  readonly workspaces: readonly WorkspaceCoverage[];
  /** Workspace by account, region and resource type, at the last scan of each workspace. */
  readonly coverage: readonly CoverageCell[];
  /** The same by account and region. */
  readonly places: readonly PlaceCoverage[];
  readonly providers: readonly { readonly source: string; readonly version: string }[];
  readonly calendar: Calendar;
  readonly gaps: readonly GapRow[];
  readonly ignored: readonly IgnoredRow[];
  /** Data sources of the last scan of each workspace: counted, never read. */
  readonly dataSources: number;
}

export interface WorkspaceCoverage {
  readonly name: string;
  readonly declared: string;
  /** Scans of the period. */
  readonly scans: number;
  /** Of the last scan: declared, compared, and declared without a word about them (a silent gap, which must not be). */
  readonly planned: number;
  readonly compared: number;
  readonly unread: number;
  readonly lastScan: EntryRef | null;
  readonly lastScanAt: string | null;
  /** Longest time without a completed scan, the edges of the period included; null where the period has no length. */
  readonly longestPause: number | null;
}

export interface CoverageCell {
  readonly workspace: string;
  /** null: not known, or the scan is of a version that did not record it. */
  readonly account: string | null;
  /** null: likewise, or a service without regions. */
  readonly region: string | null;
  readonly type: string;
  readonly planned: number;
  readonly compared: number;
  /** Addresses that were not read, with the reason. */
  readonly unread: readonly { readonly address: string; readonly reason: GapReason }[];
}

export interface PlaceCoverage {
  readonly account: string | null;
  readonly region: string | null;
  readonly planned: number;
  readonly compared: number;
}

/** ok: everything was read. partial: with gaps. failed: nothing could be read. */
export const SCAN_STANDINGS = ['ok', 'partial', 'failed'] as const;
export type ScanStanding = (typeof SCAN_STANDINGS)[number];

export interface Calendar {
  readonly scans: readonly ScanRow[];
  /** Pauses longer than the declared cadence, but for those in which as many scans failed as it asks for. */
  readonly missing: readonly MissingScan[];
  /** Declared: the longest time that may pass between two completed scans of a workspace. */
  readonly cadence: number | null;
  /** UTC days of the period without any scan, joined: `2026-03-12`, `2026-03-15 to 2026-03-18`. */
  readonly daysWithout: readonly string[];
  readonly days: { readonly scanned: number; readonly all: number };
}

export interface ScanRow {
  readonly entry: EntryRef;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly workspaces: readonly string[];
  readonly standing: ScanStanding;
  readonly planned: number;
  readonly compared: number;
  readonly drifts: number;
  readonly open: number;
  readonly gaps: number;
  readonly tool: string;
  /** SHA-256 of the program that ran, and of the policy by which it judged; null where the entry does not say. */
  readonly build: string | null;
  readonly policy: string | null;
  readonly audited: boolean;
}

export interface MissingScan {
  readonly workspace: string;
  readonly from: string;
  readonly to: string;
  /** How many scans the cadence asks for between the two that did not run. */
  readonly scans: number;
}

export interface GapRow {
  readonly address: string;
  readonly workspace: string;
  readonly path: string | null;
  readonly reason: GapReason;
  readonly message: string;
  /** Scans of the period that had it. */
  readonly scans: number;
  readonly lastScan: EntryRef;
  /** Whether the last scan of its workspace still had it. */
  readonly persists: boolean;
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
