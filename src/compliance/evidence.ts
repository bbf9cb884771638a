import type { ScanEntry } from '../model/history.ts';
import type { Finding, PopulationCount, RegisterRow, TestStanding, WaiverRow } from './model.ts';
import type { Calendar, WorkspaceCoverage } from './model-scope.ts';
import type { Thresholds } from './policy.ts';
import type { LedgerCover } from './provenance.ts';

/** All that the tests look at: facts of the ledger, and what the user declared. */
export interface Evidence {
  readonly scans: readonly ScanEntry[];
  readonly rows: readonly RegisterRow[];
  readonly workspaces: readonly WorkspaceCoverage[];
  readonly calendar: Calendar;
  readonly population: PopulationCount;
  readonly waivers: readonly WaiverRow[];
  readonly ledger: LedgerCover;
  readonly thresholds: Thresholds;
  /** RFC 3339 of the oldest entry of the ledger; undefined where it is empty. */
  readonly oldest: string | undefined;
  readonly end: string;
}

/** What one test came to; the rest of its outcome is its definition. */
export interface Judged {
  readonly standing: TestStanding;
  readonly because: string;
  readonly n: number;
  readonly findings?: readonly Finding[];
}
