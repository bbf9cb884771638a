import type { ResourceRef } from './resource.ts';
import type { Value } from './value.ts';

/**
 * Why declared and live differ. out-of-band: live differs from what was last applied. unapplied: the configuration
 * differs from what was last applied and live does not. both: each differs. unknown: nothing tells.
 */
export type Cause = 'out-of-band' | 'unapplied' | 'both' | 'unknown';

/**
 * One attribute, or one member of a set, that differs. Values are masked already: a sensitive leaf is the string that
 * `redact` made of it (hmac-sha256:<key id>:<hex>), so nothing downstream can leak it.
 */
export interface Change {
  /** Terraform attribute path; for a set, the path of the set, with the element in before or after. */
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly before: Value;
  readonly after: Value;
  /** Whether a masked leaf stands in before or after. */
  readonly sensitive: boolean;
  readonly cause: Cause;
  /** `computed`: the provider's own bookkeeping moved (a timestamp, a version). Shown on request, no drift by itself. */
  readonly class: 'declared' | 'computed';
}

/** One fact about one resource. */
export type Drift =
  | { readonly kind: 'changed'; readonly resource: ResourceRef; readonly changes: readonly Change[] }
  | { readonly kind: 'missing'; readonly resource: ResourceRef; readonly changes: readonly Change[] }
  | { readonly kind: 'unmanaged'; readonly resource: ResourceRef; readonly changes: readonly Change[] };

export type DriftKind = Drift['kind'];

/** The cause of a whole drift: its changes' common cause, `both` where they differ. */
export function causeOf(drift: Drift): Cause {
  if (drift.changes.length === 0) return 'out-of-band';
  const causes = new Set(drift.changes.map((change) => change.cause));
  if (causes.size === 1) return [...causes][0] as Cause;
  causes.delete('unknown');
  return causes.size === 1 ? ([...causes][0] as Cause) : 'both';
}

/** A drift that a rule of the user (driftbom.yaml or lifecycle.ignore_changes) set aside: counted and listed. */
export interface Ignored {
  readonly address: string;
  readonly workspace: string;
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

/** One step of the reasoning about a path, for `driftbom explain`. */
export interface Explanation {
  readonly path: string;
  readonly rule: string;
  readonly verdict: 'equal' | 'drift' | 'computed' | 'ignored' | 'gap' | 'owned-elsewhere';
  readonly detail: string;
}
