import type { Cause, DriftKind, Ignored } from './drift.ts';
import type { Gap } from './resource.ts';
import type { ScanInput, ScanScope, ScanSummary } from './scan.ts';
import type { Value } from './value.ts';

/** What an entry records. */
export const ENTRY_KINDS = ['scan', 'drift', 'resolved', 'change', 'waiver', 'approval', 'correction', 'note'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const CHANGE_PREDICATE = 'https://driftbom.dev/attestation/config-change/v0.1';
export const SCAN_PREDICATE = 'https://driftbom.dev/attestation/scan/v0.1';
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
}

/**
 * How an open drift went. reverted: live is what was declared again. accepted: declared was brought to the live value.
 * superseded: both agree again, on some other value. no-longer-declared: nobody declares the resource now. ignored: a
 * rule sets the difference aside now. unknown: both agree, and nothing tells which side moved.
 */
export const RESOLUTIONS = ['reverted', 'accepted', 'superseded', 'no-longer-declared', 'ignored', 'unknown'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** A drift that is open after a scan. */
export interface OpenDrift {
  readonly driftKey: string;
  readonly fingerprint: string;
  readonly address: string;
  readonly workspace: string;
  /** Statement digest of its drift entry, and that entry's index in the log. */
  readonly entry: string;
  readonly index: number;
  /** RFC 3339 time at which it was first recorded. */
  readonly firstSeen: string;
  /** False where this scan could not look (a gap, or another workspace): carried over from the scan before. */
  readonly seen: boolean;
}

/** Predicate of drift and resolved entries (and, later, of every other kind but scan). */
export interface ChangePredicate {
  readonly entryId: string;
  readonly ledger: { readonly origin: string };
  readonly change: {
    readonly kind: Exclude<EntryKind, 'scan'>;
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
      readonly provider: string;
    };
    readonly cause: Cause;
    readonly before: Descriptor;
    readonly paths: readonly SignedChange[];
    /** Resolved entries: how the drift went. */
    readonly resolution?: Resolution;
  };
  readonly who: { readonly status: 'not-attempted' };
  readonly when: {
    readonly notBefore: string | null;
    readonly notAfter: string;
    readonly observedAt: string;
    readonly recordedAt: string;
  };
  readonly why: { readonly status: 'none' };
  readonly evidence: readonly Descriptor[];
  readonly scan: { readonly id: string };
  readonly detector: Detector;
  /** Statement digest of the earlier entry that this one continues (a drift that moved on, the drift resolved). */
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
      readonly kind: Exclude<EntryKind, 'scan'>;
      readonly statement: Statement<ChangePredicate>;
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
