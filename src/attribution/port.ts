import type { JsonMap } from './json.ts';
import type { WireLeaf } from './wire-shape.ts';

export type { Json, JsonMap } from './json.ts';

/** One record of the audit log. The fields that everyone asks for are read once; the rest is in `json`. */
export interface AuditRecord {
  readonly eventId: string;
  /** As logged, API date and version included: `UpdateFunctionConfiguration20150331v2`. */
  readonly eventName: string;
  readonly eventSource: string;
  /** RFC 3339 UTC, whole seconds: when the request completed, by the service's clock. */
  readonly eventTime: string;
  readonly region: string;
  /** The account that owns what was acted on (recipientAccountId; else the caller's). */
  readonly account: string;
  /** The whole record. */
  readonly json: JsonMap;
  readonly origin: RecordOrigin;
  /** The id that copies of one event in several accounts have in common; undefined: as `json` says. */
  readonly sharedEventId?: string | null;
  /** What matching asks of a record, taken from its text without parsing it; undefined where that cannot be done. */
  readonly shaped?: () => ShapedRecord | undefined;
}

/** A record of a call that succeeded, read without parsing it. Says what is worked out of its JSON otherwise. */
export interface ShapedRecord {
  readonly readOnly: boolean;
  /** As wireLeaves has them. */
  leaves(): readonly WireLeaf[];
  /** As digestOf has it. */
  sha256(): string;
}

/** Where a record was read: what a claim must name so that others find it again. */
export interface RecordOrigin {
  /** File, object URI or `lookup:<account>:<region>`; never an absolute path of this machine. */
  readonly file: string;
  /** Index in the file's list of records. */
  readonly index: number;
  readonly digestChain: 'verified' | 'not-verified' | 'lookup-only';
}

export interface AuditWindow {
  /** RFC 3339; null: as far back as the log goes. */
  readonly from: string | null;
  readonly to: string;
}

export interface AuditQuestion {
  readonly window: AuditWindow;
  /**
   * Texts of which at least one stands in every record that matters (identifiers of resources). A source may leave out
   * writes in which none occurs in any spelling (plain, JSON-escaped, percent-encoded), and must count them.
   */
  readonly needles: ReadonlySet<string>;
  /** Accounts and regions that matter; undefined: all that there are. us-east-1 is always looked at: global services log there. */
  readonly accounts: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
}

/** What a log could not show, and why. */
export interface CoverageGap {
  /** File, object, region or time that is not covered. */
  readonly what: string;
  readonly message: string;
  /** Set where only one region is not covered. */
  readonly region?: string;
  /** RFC 3339: what lies before is covered all the same. */
  readonly from?: string;
  /** RFC 3339: what lies after is covered all the same. */
  readonly to?: string;
}

export interface AuditSilence {
  readonly from: string;
  /** null: not switched on again, as far as the log shows. */
  readonly to: string | null;
  readonly eventId: string;
  /** The call, as logged: `StopLogging`. */
  readonly call: string;
  readonly account: string;
  /** null: all regions of the account. */
  readonly region: string | null;
}

/** Records that speak of an action that another record speaks of too: one of them stands for all. */
export interface FoldedRecords {
  /** The same event id twice. */
  readonly duplicates: number;
  /** One action, delivered to several accounts. */
  readonly shared: number;
  /** Replaced by a later record that completes them (addendum UPDATED_DATA). */
  readonly superseded: number;
}

/** How well a log covers a window: part of every answer that rests on it. */
export interface AuditCoverage {
  /** What was read, as the user named it. */
  readonly source: string;
  readonly window: AuditWindow;
  /** Newest record seen per account and region: later changes may not have arrived yet. */
  readonly horizons: readonly { readonly account: string; readonly region: string; readonly newest: string }[];
  /** Oldest record seen; null where there was none. */
  readonly oldest: string | null;
  readonly gaps: readonly CoverageGap[];
  /**
   * Times in which a successful call had the log switched off: StopLogging, DeleteTrail, PutEventSelectors, UpdateTrail.
   * Left out where the log itself shows that it went on: then another trail was switched off.
   */
  readonly silences: readonly AuditSilence[];
  readonly files: number;
  /** Records seen, of all kinds. */
  readonly records: number;
  /** Successful or not, reads or writes: left out because no needle occurs in them. */
  readonly unrelated: number;
  readonly folded: FoldedRecords;
  readonly digestChain: 'verified' | 'not-verified' | 'lookup-only' | 'mixed';
}

/** What a log answered: all of it at once, since order in a log means nothing. Sorted by time, then event id. */
export interface AuditAnswer {
  /** Writes (also failed ones) that mention a needle, each once: duplicates and copies of shared events are folded. */
  readonly writes: readonly AuditRecord[];
  /**
   * For lineage: the calls that issued the credentials of `writes` (AssumeRole*, GetFederationToken, GetSessionToken), and
   * those that issued theirs, and so on; and every ConsoleLogin. From up to 36 hours before the window.
   */
  readonly sessions: readonly AuditRecord[];
  readonly coverage: AuditCoverage;
}

/**
 * A cloud's audit log. Never throws for what single files hold: what cannot be read is a gap in the coverage, with the
 * file named. Throws E_AUDIT_LOG where nothing at all can be read (no such folder, no access), before any answer.
 */
export interface AuditLog {
  readonly name: string;
  ask(question: AuditQuestion): Promise<AuditAnswer>;
}
