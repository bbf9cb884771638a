import type { DriftAttribution } from '../../model/attribution.ts';
import type { RecordedDrift, Resolution } from '../../model/entry.ts';
import type { Scan } from '../../model/scan.ts';

/** Everything that a scan format may show. A format is a function of this one object, and of how wide it may be. */
export interface ScanReport {
  readonly scan: Scan;
  /** Where each drift stands in the ledger. Undefined where nothing was recorded (`--no-record`). */
  readonly recorded: readonly RecordedDrift[] | undefined;
  readonly ledger: LedgerNote | undefined;
  /** Answers of earlier scans that this one's look into the audit log made better. */
  readonly improved?: readonly ImprovedAnswer[];
}

/** A correction that was written: of which drift, by which entry. */
interface ImprovedAnswer {
  readonly address: string;
  readonly entry: number;
  readonly correction: number;
  readonly attribution: DriftAttribution;
}

/** What this scan wrote into the ledger. */
interface LedgerNote {
  /** The ledger as the user named it: `.driftbom/ledger`. */
  readonly place: string;
  readonly origin: string;
  /** Entries in the ledger after this scan. */
  readonly size: number;
  readonly scanEntry: EntryName;
  /** Drifts that this scan found gone. */
  readonly resolved: readonly ResolvedDrift[];
}

interface EntryName {
  readonly index: number;
  /** Statement digest, hex. */
  readonly digest: string;
}

interface ResolvedDrift extends EntryName {
  readonly address: string;
  readonly workspace: string;
  readonly resolution: Resolution;
}

/** The recorded drift of a resource; undefined where nothing was recorded. */
export function recordedFor(report: ScanReport, address: string, workspace: string): RecordedDrift | undefined {
  return report.recorded?.find((one) => one.address === address && one.workspace === workspace);
}
