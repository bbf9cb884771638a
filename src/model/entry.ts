import type { Actor, Population, Reason, Searched, Verdict } from './attribution.ts';
import type { Cause, DriftKind, Ignored } from './drift.ts';
import type { Gap } from './resource.ts';
import type { ScanRules } from './rule.ts';
import type { ScanInput, ScanManifest, ScanScope, ScanSummary, WaiverList } from './scan.ts';
import type { Value } from './value.ts';

/** Entries that tell of one resource or key: what it was, what it is, who, when, why. */
export const CHANGE_KINDS = ['drift', 'resolved', 'change'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Entries that speak of earlier entries. Nothing is ever edited: what is learned later is said by one of these. */
export const ANNOTATION_KINDS = ['waiver', 'approval', 'correction', 'note', 'erasure', 'key'] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** What an entry records. */
export const ENTRY_KINDS = ['scan', ...CHANGE_KINDS, ...ANNOTATION_KINDS] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const CHANGE_PREDICATE = 'https://driftbom.dev/attestation/config-change/v0.1';
export const SCAN_PREDICATE = 'https://driftbom.dev/attestation/scan/v0.1';
export const ANNOTATION_PREDICATE = 'https://driftbom.dev/attestation/annotation/v0.1';
export const STATE_MEDIA_TYPE = 'application/vnd.driftbom.resource-state.v1+json';

export interface Digest {
  /** Lower-case hex. */
  readonly sha256: string;
}

/** in-toto ResourceDescriptor (in-toto/attestation, spec/v1/resource_descriptor.md), the fields that we write. */
export interface Descriptor {
  readonly name: string;
  readonly uri?: string;
  readonly digest: Digest;
  readonly mediaType?: string;
  readonly annotations?: { readonly [key: string]: string | number | null };
}

/** in-toto Statement v1 (in-toto/attestation, spec/v1/statement.md). */
export interface Statement<P> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Descriptor[];
  readonly predicateType: string;
  readonly predicate: P;
}

export interface Detector {
  readonly id: 'https://driftbom.dev/detector';
  readonly version: string;
}

/** One change of an attribute, as it is signed. Masked leaves are `hmac-sha256:<key id>:<hex>` strings. */
export interface SignedChange {
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly before: Value;
  readonly after: Value;
  readonly sensitive: boolean;
  readonly cause: Cause;
  /** The answer for this attribute, where it was looked for. */
  readonly who?: PathAnswer;
}

/** Who changed one attribute, in short; the events stand in the entry's evidence. */
export interface PathAnswer {
  readonly verdict: Verdict;
  /** Names of the entry's actors. */
  readonly actors: readonly string[];
  readonly occurredAt: string | null;
  readonly events: readonly string[];
}

/** Who made a change, and how sure that is. */
export interface Who {
  readonly verdict: Verdict;
  readonly actors: readonly Actor[];
  readonly call: string | null;
  /** What would make the answer better. */
  readonly missing: readonly string[];
  readonly searched: Searched | null;
}

/** Why a change was made. `stated`: whoever recorded it said so. `linked`: found in a carrier, which `reason` names. */
export interface Why {
  readonly status: 'stated' | 'linked' | 'none';
  readonly reason: Reason | null;
  /** Carriers in which it was looked for. */
  readonly lookedIn: readonly string[];
}

/**
 * How an open drift went. reverted: live is what was declared again. accepted: declared was brought to the live value.
 * superseded: both agree again, on some other value. no-longer-declared: nobody declares the resource now. ignored: a
 * rule sets the difference aside now. unknown: both agree, and nothing tells which side moved.
 */
export const RESOLUTIONS = ['reverted', 'accepted', 'superseded', 'no-longer-declared', 'ignored', 'unknown'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/**
 * How a change that is no drift came to be known. recorded: somebody recorded it. The others are shown by the audit log:
 * transient: undone before a scan could see it. kept: live, and declared agrees by now. unseen: its values are hidden, or
 * belong to nothing that is compared.
 */
export const CHANGE_ORIGINS = ['recorded', 'transient', 'kept', 'unseen'] as const;
export type ChangeOrigin = (typeof CHANGE_ORIGINS)[number];

/** A drift that is open after a scan. */
export interface OpenDrift {
  readonly driftKey: string;
  readonly fingerprint: string;
  readonly address: string;
  /** As the scan that found it named it. */
  readonly workspace: string;
  /** Names the workspace over all scans; see workspaceKeys. */
  readonly workspaceKey: string;
  /** Statement digest of its drift entry, and that entry's index in the log. */
  readonly entry: string;
  readonly index: number;
  /** RFC 3339 time at which it was first recorded. */
  readonly firstSeen: string;
  /** False where this scan could not look (a gap, or another workspace): carried over from the scan before. */
  readonly seen: boolean;
}

/** Predicate of drift, resolved and change entries. */
export interface ChangePredicate {
  readonly entryId: string;
  readonly ledger: { readonly origin: string };
  readonly change: {
    readonly kind: ChangeKind;
    readonly driftKind: DriftKind;
    /** What happened to the live object, seen from the declared side. */
    readonly action: 'create' | 'update' | 'delete' | 'none';
    /** Stable over scans: the resource in its workspace. */
    readonly driftKey: string;
    /** Digest of what differs; the same drift seen again has the same. */
    readonly fingerprint: string;
    readonly resource: {
      readonly address: string;
      readonly type: string;
      readonly id: string | null;
      readonly workspace: string;
      readonly workspaceKey: string;
      readonly provider: string;
    };
    readonly cause: Cause;
    readonly before: Descriptor;
    readonly paths: readonly SignedChange[];
    /** Resolved entries: how the drift went. */
    readonly resolution?: Resolution;
    /** Change entries: where it is known from. */
    readonly origin?: ChangeOrigin;
  };
  readonly who: Who;
  readonly when: {
    /** When it happened, and what says so (`cloudtrail.eventTime`, `stated`); null where only the bounds are known. */
    readonly occurredAt: string | null;
    readonly occurredAtSource: string | null;
    readonly notBefore: string | null;
    readonly notAfter: string;
    readonly observedAt: string;
    readonly recordedAt: string;
  };
  readonly why: Why;
  readonly evidence: readonly Descriptor[];
  /** The scan that found it; null where a person or another tool recorded it. */
  readonly scan: { readonly id: string } | null;
  readonly detector: Detector;
  /** Statement digest of the earlier entry that this one continues (a drift that moved on, the drift resolved). */
  readonly supersedes: string | null;
}

/** A drift that somebody accepts for a time. */
export interface WaiverTerms {
  /** Workspace as scans name it; null: any. */
  readonly workspace: string | null;
  /** Address or glob. */
  readonly address: string;
  /** Attribute path; null: all of the resource. */
  readonly path: string | null;
  /** RFC 3339; from `from` until `until`, exclusive. */
  readonly from: string;
  readonly until: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** What a correction knows better than the entry that it speaks of. Only what is said here replaces anything. */
export interface BetterKnowledge {
  readonly who?: Who;
  readonly occurredAt?: string;
  readonly occurredAtSource?: string;
  readonly why?: Why;
  readonly paths?: readonly (PathAnswer & { readonly path: string })[];
}

/** Payloads that are taken out of the ledger; their leaves stay. */
export interface ErasureTerms {
  readonly indexes: readonly number[];
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** A key that begins or ends to be used. */
export interface KeyTerms {
  readonly change: 'added' | 'retired';
  /** `sha256:<hex of the SPKI digest>` or a note verifier key. */
  readonly keyId: string;
  /** DER SPKI, base64; null for retired keys. */
  readonly publicKey: string | null;
  readonly use: 'entry' | 'checkpoint';
}

/** Predicate of waiver, approval, correction, note, erasure and key entries. */
export interface AnnotationPredicate {
  readonly entryId: string;
  readonly ledger: { readonly origin: string };
  readonly annotation: {
    readonly kind: AnnotationKind;
    /** Statement digests of the entries spoken of; may be empty for notes, waivers and keys. */
    readonly about: readonly string[];
    /** Reason, remark or decision, in the speaker's words. */
    readonly text: string | null;
    /** Who says it: `github:ops-team`, `alice@example.com`. */
    readonly by: string;
    readonly waiver?: WaiverTerms;
    readonly correction?: BetterKnowledge;
    readonly erasure?: ErasureTerms;
    readonly key?: KeyTerms;
    /** Notes of other tools or of incidents: a word that says what kind of note it is, and its facts. */
    readonly topic?: string;
    readonly facts?: { readonly [name: string]: Value };
  };
  readonly when: { readonly statedAt: string; readonly recordedAt: string };
  readonly evidence: readonly Descriptor[];
  readonly detector: Detector;
  /** Statement digest of the annotation that this one replaces. */
  readonly supersedes: string | null;
}

/** Predicate of a scan entry: proof that a scan ran, what it covered and what it could not see. */
export interface ScanPredicate {
  readonly entryId: string;
  readonly ledger: { readonly origin: string };
  readonly scan: {
    readonly id: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly scope: ScanScope;
    readonly inputs: readonly ScanInput[];
    readonly summary: ScanSummary;
    readonly gaps: readonly Gap[];
    readonly ignored: readonly Ignored[];
    /** Every drift that is open after this scan: seen by it, or carried over where it could not look. */
    readonly open: readonly OpenDrift[];
    /** Statement digests of the drift entries that this scan found gone. */
    readonly resolved: readonly string[];
    /** Reconciliation with the audit log, where one was read. */
    readonly population?: Population;
    readonly waivers?: WaiverList;
    readonly rules?: ScanRules;
    /** Left out in old ledgers. */
    readonly manifest?: ScanManifest;
  };
  readonly recordedAt: string;
  readonly detector: Detector;
}

/**
 * A verified or at least parsed entry, as readers of the ledger see it. Large lists and values, which the signed payload
 * names by digest, stand in their places again.
 */
export type Entry =
  | {
      readonly index: number;
      /** Statement digest: SHA-256 of the exact payload bytes, hex. */
      readonly digest: string;
      readonly kind: 'scan';
      readonly statement: Statement<ScanPredicate>;
    }
  | {
      readonly index: number;
      readonly digest: string;
      readonly kind: ChangeKind;
      readonly statement: Statement<ChangePredicate>;
    }
  | {
      readonly index: number;
      readonly digest: string;
      readonly kind: AnnotationKind;
      readonly statement: Statement<AnnotationPredicate>;
    };

/** Where a drift of a scan stands in the ledger. */
export interface RecordedDrift {
  readonly driftKey: string;
  readonly address: string;
  readonly workspace: string;
  readonly index: number;
  readonly digest: string;
  /** `new` in this scan, or seen before with the same values. */
  readonly standing: 'new' | 'still-open';
  /** RFC 3339 time at which the drift was first recorded. */
  readonly firstSeen: string;
}
