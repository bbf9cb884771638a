import type { AnnotationKind, ChangeKind, Entry, SignedChange } from './entry.ts';
import type { DriftWaiver } from './scan.ts';

export type ChangeEntry = Extract<Entry, { kind: ChangeKind }>;
export type AnnotationEntry = Extract<Entry, { kind: AnnotationKind }>;

/** The later entry that a part of a picture comes from. */
export interface Origin {
  readonly index: number;
  readonly digest: string;
  /** Who says it. */
  readonly by: string;
}

/** Where the answers of a picture come from; a part that no later entry replaced is missing: it is the entry's own. */
export interface Origins {
  readonly who?: Origin;
  readonly occurredAt?: Origin;
  readonly why?: Origin;
  readonly paths: ReadonlyMap<string, Origin>;
}

/**
 * An entry as it is to be read now: with what later entries know better in the place of what it said, and all that was
 * said of it. Nothing is edited in the ledger; this is a way of reading it.
 */
export interface Picture<E extends Entry = Entry> {
  /** With the newest who, when, why and answers by attribute; the evidence of corrections in force is added. */
  readonly entry: E;
  /** As it is signed. */
  readonly signed: E;
  readonly origins: Origins;
  /** Annotations in force that name it, in log order. */
  readonly said: readonly AnnotationEntry[];
  /** Annotations that name it and that a later one replaced. */
  readonly superseded: readonly AnnotationEntry[];
}

/** Where a drift stands now. moved-on: its values changed again, under a later entry. */
export type DriftStanding = 'open' | 'moved-on' | 'ended';

/** An entry that a query found, with what has to be known to show it. */
export interface Hit {
  readonly picture: Picture;
  /** The entries that an annotation speaks of. */
  readonly about: readonly Entry[];
  /** The annotations that took the place of an annotation, or took it back. */
  readonly replacedBy: readonly AnnotationEntry[];
  /** Undefined for what is no drift. */
  readonly standing: DriftStanding | undefined;
  /** The entry that ended a drift or that it moved on to, where one is recorded. */
  readonly next: ChangeEntry | undefined;
  /** The waivers of an open drift, where they were looked up. */
  readonly waivers?: DriftWaiver | undefined;
}

/** One attribute, and the entry that changed it last. */
export interface BlamedPath {
  /** '' stands for a resource that came or went as a whole. */
  readonly path: string;
  /** What the entry did to it; several where members of a set came and went; none for a whole resource. */
  readonly changes: readonly SignedChange[];
  readonly hit: Hit & { readonly picture: Picture<ChangeEntry> };
}

export interface BlamedResource {
  readonly address: string;
  readonly workspace: string;
  readonly workspaceKey: string;
  readonly paths: readonly BlamedPath[];
}

/** What the ledger knows of the difference between two moments in one resource. */
export interface ResourceDiff {
  readonly address: string;
  readonly workspace: string;
  readonly workspaceKey: string;
  /** Whether a drift of it was open at either moment. */
  readonly openBefore: boolean;
  readonly openAfter: boolean;
  /** Whether it came or went as a whole. */
  readonly presence: 'appeared' | 'gone' | null;
  /** From the first moment's values to the second's. */
  readonly changes: readonly SignedChange[];
  /** What happened between, in order. */
  readonly entries: readonly Picture<ChangeEntry>[];
}

export interface LedgerDiff {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly axis: 'happened' | 'recorded';
  /** Drifts that were open at either moment. */
  readonly openBefore: number;
  readonly openAfter: number;
  /** Resources that differ, in values or in whether their drift was open. By address. */
  readonly changed: readonly ResourceDiff[];
  /** Resources to which something happened between and which are as they were. */
  readonly cameBack: readonly ResourceDiff[];
  /** Entries of which only bounds are known, and one of the moments lies between these: they may belong on its other side. */
  readonly uncertain: readonly Picture<ChangeEntry>[];
}
