import type { CarriedApproval } from '../../model/attribution.ts';

/** A change that was planned or approved elsewhere: ServiceNow, Jira, a spreadsheet. */
export interface ChangeRecord {
  readonly id: string;
  /** RFC 3339; from `from` to `to`. */
  readonly from: string;
  readonly to: string;
  /** Addresses, ids, ARNs or names; `*` and `?` are wildcards. Empty: it names none, and time is all that speaks for it. */
  readonly resources: readonly string[];
  readonly reason: string;
  readonly approver: string | null;
  /** RFC 3339: when it was approved; null: not said. */
  readonly approvedAt: string | null;
  /** Where it was read: `changes.csv:12`. */
  readonly place: string;
}

/** A commit of the repository that declares the resources, as its main line shows it. */
export interface Commit {
  /** Full object name, lower-case hex. */
  readonly id: string;
  /** What it is for: the subject, or of a merge the title of what was merged. */
  readonly title: string;
  /** Null for a merge: git names only who merged, the forge's export the author. */
  readonly author: string | null;
  readonly mergedBy: string | null;
  /** RFC 3339 UTC: when it was made or merged. */
  readonly committedAt: string;
  /** `#12` (GitHub and others), `!12` (GitLab). */
  readonly pullRequest: string | null;
  /** From trailers or the forge's export. */
  readonly approvals: readonly CarriedApproval[];
  readonly tickets: readonly string[];
  /** Files that it changed, as the repository names them. */
  readonly files: readonly string[];
  /** The lines that it added to them. */
  readonly added: readonly string[];
}

/** A change that somebody recorded in the ledger (`driftbom record`), as far as it explains others. */
export interface RecordedChange {
  /** The entry, as it is named to people: `#12`. */
  readonly entry: string;
  /** Key or address that it speaks of. */
  readonly address: string;
  readonly workspace: string | null;
  readonly occurredAt: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string;
  readonly reason: string;
  readonly references: readonly string[];
}

/** Where a reason may stand outside of the audit log. Undefined: not configured, so not looked in. */
export interface WhySources {
  readonly ticketPattern: RegExp;
  readonly recorded: readonly RecordedChange[] | undefined;
  readonly changeRecords: readonly ChangeRecord[] | undefined;
  readonly commits: readonly Commit[] | undefined;
  /** What could not be looked at, in words, by carrier: `git history` -> `the clone is shallow`. */
  readonly unread: ReadonlyMap<string, string>;
}
