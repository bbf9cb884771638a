import type { ActorKind, CallTool, Verdict } from '../model/attribution.ts';
import type { Cause, DriftKind } from '../model/drift.ts';
import type { Resolution, SignedChange } from '../model/entry.ts';
import type { Facts } from './facts.ts';
import type { EntryRef, Scope } from './model-scope.ts';
import type { Strength, TestId } from './framework.ts';
import type { Severity } from './policy.ts';
import type { Provenance } from './provenance.ts';

/**
 * Everything that a compliance report shows, computed once from ledger entries and a policy; every format only lays it out.
 * Times are RFC 3339, lengths of time milliseconds. Published as schema/compliance.v1.schema.json.
 */
export interface ComplianceModel {
  readonly format: 'driftbom.compliance/v1';
  /** What the report was made with: enough to make it again from the ledger alone. */
  readonly provenance: Provenance;
  readonly period: { readonly from: string | null; readonly to: string | null; readonly end: string };
  /** Entries that fall into the period; null indexes where none does. */
  readonly range: { readonly entries: number; readonly first: number | null; readonly last: number | null };
  /** SHA-256 over the canonical JSON of all severity rules, and over frameworks and thresholds. */
  readonly policyDigest: string;
  readonly scope: Scope;
  readonly numbers: readonly ReportNumber[];
  readonly balance: Balance;
  readonly population: PopulationCount;
  /** Changes of the period, and drifts recorded before it that were open in it, in the order of the ledger. */
  readonly register: readonly RegisterRow[];
  readonly remediation: Remediation;
  readonly waivers: readonly WaiverRow[];
  readonly tests: readonly TestOutcome[];
  readonly frameworks: readonly FrameworkOutcome[];
  readonly weeks: readonly Week[];
  readonly sample: SamplePack | null;
  /** Every entry of the period, and those outside it that the register names. */
  readonly entries: readonly EntryRow[];
  readonly rules: readonly PolicyRule[];
}

/** The eight numbers of the summary, in their order. */
export const NUMBER_IDS = [
  'scan-success',
  'coverage',
  'drift-rate',
  'out-of-band',
  'unattributed',
  'approval-link',
  'mttd',
  'mttr',
] as const;
export type NumberId = (typeof NUMBER_IDS)[number];

/** A number with all that it rests on. A ratio, or a median of milliseconds with its spread. */
export interface ReportNumber {
  readonly id: NumberId;
  readonly unit: 'ratio' | 'duration';
  /** Ratio: the part. Duration: the median; null where there is nothing to take it over. */
  readonly numerator: number | null;
  /** Ratio: the whole. Duration: how many lengths it is taken over. */
  readonly denominator: number;
  readonly n: number;
  readonly p95: number | null;
  readonly max: number | null;
  /** What was left out of it, and how many. */
  readonly exclusions: readonly { readonly why: string; readonly n: number }[];
  /** The same over the period of equal length before; null where the period has no beginning or end, or nothing is known. */
  readonly before: { readonly numerator: number | null; readonly denominator: number } | null;
}

/** How the drifts of the period add up: openBefore + opened = ended + stillOpen. */
export interface Balance {
  readonly openBefore: number;
  readonly opened: number;
  readonly ended: number;
  readonly stillOpen: number;
}

/** All changes of the period by class, and the reconciliation with the audit log. */
export interface PopulationCount {
  /** Change rows of the period (drift and change entries). */
  readonly changes: number;
  readonly classes: { readonly [C in ChangeClass]: number };
  readonly unattributed: { readonly [verdict: string]: number };
  /** Scans that read an audit log, and those that did not. */
  readonly audited: number;
  readonly unaudited: number;
  /** Sums over the scans that read one: events = entries + excluded + difference. */
  readonly events: number;
  readonly entries: number;
  readonly excluded: { readonly [reason: string]: number };
  readonly difference: number;
  /** Times between audited scans that no audit window covers. */
  readonly uncovered: readonly { readonly from: string; readonly to: string }[];
  /** The full list as CSV and as JSON lines: rows, and SHA-256 of each file's bytes. */
  readonly list: { readonly rows: number; readonly csv: string; readonly jsonl: string };
}

/**
 * How a change came about. in-band: the known pipeline applied it. out-of-band: live was changed past it. unapplied: only
 * the configuration moved. recorded: somebody recorded it by hand. service: a cloud service did it by itself.
 */
export const CHANGE_CLASSES = ['in-band', 'out-of-band', 'unapplied', 'recorded', 'service'] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

export interface RegisterRow {
  readonly entry: EntryRef;
  readonly kind: 'drift' | 'change';
  readonly driftKind: DriftKind;
  readonly action: 'create' | 'update' | 'delete' | 'none';
  readonly address: string;
  readonly type: string;
  readonly id: string | null;
  readonly workspace: string;
  readonly provider: string;
  /** Stable over scans: the resource in its workspace. */
  readonly driftKey: string;
  readonly cause: Cause;
  readonly class: ChangeClass;
  /** Recorded before the period, and still open in it. */
  readonly carriedOver: boolean;
  readonly changes: readonly SignedChange[];
  readonly facts: Facts;
  readonly severity: Severity;
  /** The rule that ranked it; null where none matched. */
  readonly rule: { readonly id: string; readonly title: string } | null;
  /** Rules that could not be evaluated, with why; then the severity is `unclassified`. */
  readonly ruleFaults: readonly string[];
  readonly when: {
    readonly occurredAt: string | null;
    readonly notBefore: string | null;
    readonly notAfter: string;
    readonly observedAt: string;
    readonly recordedAt: string;
  };
  readonly verdict: Verdict;
  readonly attributed: boolean;
  readonly actors: readonly RegisterActor[];
  readonly call: string | null;
  readonly lacking: readonly string[];
  readonly reason: {
    readonly text: string;
    readonly source: string;
    readonly references: readonly string[];
  } | null;
  readonly approval: Approval;
  readonly standing: RowStanding;
  readonly waiver: RowWaiver | null;
  /** Audit events by id, with the digest of each record. */
  readonly events: readonly {
    readonly id: string;
    readonly name: string;
    readonly at: string;
    readonly sha256: string;
  }[];
  /** What was said of it later, in log order. */
  readonly said: readonly Said[];
  /** Ids of controls of the report's frameworks to which its rule points. */
  readonly controls: readonly string[];
}

export interface RegisterActor {
  readonly name: string;
  readonly kind: ActorKind;
  readonly via: CallTool;
  readonly role: string | null;
}

/**
 * approved: by somebody else, before or without a known time of the change. self-approved: only by who made it. approved-
 * afterwards: after the change. not-evidenced: the ledger holds no approval.
 */
export const APPROVALS = ['approved', 'approved-afterwards', 'self-approved', 'not-evidenced'] as const;
export type ApprovalStanding = (typeof APPROVALS)[number];

export interface Approval {
  readonly standing: ApprovalStanding;
  readonly approvers: readonly string[];
  readonly authors: readonly string[];
  /** When it was approved; null where the carrier does not say. */
  readonly at: string | null;
  /**
   * What the carrier does not say, so that an approval cannot be held against the change: when it was given, who wrote it, or
   * that it is about this change (only its time agrees); null: nothing.
   */
  readonly lacks: 'time' | 'author' | 'link' | null;
  /** The carrier: an approval entry, or a reference of the reason. */
  readonly entry: EntryRef | null;
  readonly source: string | null;
}

/** moved-on: its values changed again under a later entry. recorded: it is no drift. */
export interface RowStanding {
  readonly name: 'open' | 'resolved' | 'moved-on' | 'recorded';
  readonly resolution: Resolution | null;
  readonly firstSeen: string;
  readonly endedAt: string | null;
  readonly by: EntryRef | null;
  /** Since when scans could not look whether it is still there. */
  readonly unseenSince: string | null;
  /** First seen to seen gone, or to the end of the period. */
  readonly age: number;
  /** Declared time to dispose of it, by severity; null where none is declared or it does not count. */
  readonly due: string | null;
  readonly overdue: boolean;
}

export interface RowWaiver {
  /** Whether active waivers cover all of it at the end of the period, or covered it when it ended. */
  readonly complete: boolean;
  readonly entries: readonly EntryRef[];
  readonly until: string | null;
}

export interface Said {
  readonly kind: string;
  readonly by: string;
  readonly at: string;
  readonly text: string | null;
  /** The word that says what kind of note it is, where it has one. */
  readonly topic: string | null;
  readonly entry: EntryRef;
}

/** The spread of lengths of time, in milliseconds; null where n is 0. */
export interface Spread {
  readonly n: number;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface Remediation {
  /** Detected minus happened, over changes of which the audit log tells when they happened. */
  readonly detect: Spread;
  readonly detectUnknown: number;
  /** Seen gone minus first seen, over drifts that ended in the period. */
  readonly restore: Spread;
  /** First seen to the period's end, over drifts that are open. */
  readonly open: Spread;
  readonly ages: readonly { readonly upTo: string; readonly drifts: number }[];
  /** Drifts by severity, with the declared time and how many broke it. */
  readonly sla: readonly {
    readonly severity: Severity;
    readonly limit: number | null;
    readonly drifts: number;
    readonly overdue: number;
  }[];
  /** Resources that drifted again within 30 days after an end. */
  readonly again: readonly {
    readonly driftKey: string;
    readonly address: string;
    readonly times: number;
    readonly entries: readonly EntryRef[];
  }[];
  /** How drifts of the period ended. */
  readonly endings: { readonly [resolution: string]: number };
  /** Drifts that ended as accepted or set aside, of all that ended: noise. */
  readonly noise: { readonly drifts: number; readonly of: number };
}

export interface WaiverRow {
  readonly entry: EntryRef;
  readonly workspace: string | null;
  readonly address: string;
  readonly path: string | null;
  readonly from: string;
  readonly until: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reason: string | null;
  readonly standing: 'pending' | 'active' | 'expired' | 'revoked';
  /** The entry that took it back. */
  readonly revoked: {
    readonly entry: EntryRef;
    readonly by: string;
    readonly at: string;
    readonly reason: string | null;
  } | null;
  /** Ends within 30 days after the period. */
  readonly endsSoon: boolean;
  /** Requester and approver may be one person. */
  readonly selfApproved: boolean;
  /** Open drifts of the register that it covers or covered. */
  readonly drifts: readonly EntryRef[];
}

export const TEST_STANDINGS = ['pass', 'fail', 'not-assessed', 'waived'] as const;
export type TestStanding = (typeof TEST_STANDINGS)[number];

export interface TestOutcome {
  readonly id: TestId;
  readonly title: string;
  /** When it passes, in words. */
  readonly rule: string;
  readonly standing: TestStanding;
  /** Why it stands so: one sentence with its numbers. */
  readonly because: string;
  /** What it looked at. */
  readonly n: number;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly text: string;
  readonly entry: EntryRef | null;
}

export interface FrameworkOutcome {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly note: string | null;
  readonly digest: string;
  readonly controls: readonly ControlOutcome[];
}

export interface ControlOutcome {
  readonly id: string;
  readonly about: string;
  readonly strength: Strength;
  readonly standing: TestStanding;
  readonly because: string;
  readonly tests: readonly { readonly id: TestId; readonly standing: TestStanding }[];
  /** What an auditor needs besides this report. */
  readonly alsoNeeded: readonly string[];
  /** Change rows whose rule points here. */
  readonly evidence: readonly EntryRef[];
}

export interface Week {
  /** UTC Monday. */
  readonly from: string;
  readonly opened: { readonly [S in Severity]: number };
  readonly ended: number;
  readonly openAtEnd: number;
  readonly scans: number;
  readonly failed: number;
  /** Median of the drifts that ended in the week. */
  readonly restore: number | null;
  readonly detect: number | null;
}

export interface SamplePack {
  readonly seed: string;
  readonly method: string;
  /** Rows that were asked for and rows of the population. */
  readonly n: number;
  readonly of: number;
  /** In the order of the draw. */
  readonly items: readonly { readonly rank: string; readonly entry: EntryRef }[];
}

export interface EntryRow {
  readonly entry: EntryRef;
  readonly kind: string;
  readonly about: string;
  readonly recordedAt: string;
}

export interface PolicyRule {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly when: string;
  readonly controls: readonly string[];
  /** `user`: of driftbom.yaml; `built-in`: comes with driftbom. User rules are asked first. */
  readonly source: 'user' | 'built-in';
  /** Rows of the register that it ranked. */
  readonly matched: number;
}
