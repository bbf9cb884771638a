import type { Reason } from '../../model/attribution.ts';
import type { Change } from '../../model/drift.ts';
import type { ResourceRef } from '../../model/resource.ts';
import type { AuditRecord } from '../port.ts';
import type { Identity } from '../who/identity.ts';
import type { Trace } from '../who/lineage.ts';

/** What a reason is sought for: one change of one resource. */
export interface WhyQuestion {
  readonly resource: ResourceRef;
  /** Texts by which others may name it, beside its address: id, ARN, name. */
  readonly identifiers: readonly string[];
  /** The call that made the change; null where none is known. */
  readonly record: AuditRecord | null;
  /** When it happened, or the bounds where only those are known. RFC 3339. */
  readonly occurredAt: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string;
  /** Whether the known pipeline made it. Git explains only those; for others it may show a later adoption. */
  readonly byPipeline: boolean;
  /** What changed, for telling whether a commit took the new value over. Masked values tell nothing and are passed over. */
  readonly changes: readonly Change[];
  /** Files that declare the resource, named as commits name theirs; empty where that is not known (a program wrote it). */
  readonly declaredIn: readonly string[];
}

/** The call and what the log knows of its caller. */
export interface Call {
  readonly record: AuditRecord;
  readonly identity: Identity;
  readonly trace: Trace;
}

/** A reason that was found, and how closely it speaks of this very change: the higher, the closer. */
export interface Clue {
  readonly reason: Reason;
  readonly closeness: number;
}
