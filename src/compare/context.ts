import type { Drift, Explanation, Ignored } from '../model/drift.ts';
import type { Gap, ResourceRef } from '../model/resource.ts';
import type { ResourceDocuments } from '../model/scan.ts';
import type { Value } from '../model/value.ts';
import type { FactsTable } from '../resources/facts.ts';
import type { IgnoreRule } from './ignore.ts';
import type { Siblings } from './siblings.ts';

/** What comparing one resource needs to know beside the resource. */
export interface CompareContext {
  readonly facts: FactsTable;
  /** Everything that is declared in the scan, to find who declares a member that a parent shows. */
  readonly siblings: Siblings;
  readonly ignore: readonly IgnoreRule[];
  /** Turns a secret into a keyed digest. Equal secrets give equal digests. */
  readonly redact: (secret: Value) => string;
  /** Resources whose documents are wanted although nothing drifted: explain, and drifts that may be over. */
  readonly documentsOf?: (resource: ResourceRef) => boolean;
  /** YYYY-MM-DD: ignore rules that ended before do not apply. */
  readonly today: string;
}

/** What comparing one resource found. No secret stands anywhere in it. */
export interface Comparison {
  readonly drift: Drift | undefined;
  /** Only the provider's own bookkeeping moved. */
  readonly computed: Drift | undefined;
  readonly gaps: readonly Gap[];
  readonly ignored: readonly Ignored[];
  /** Both sides, masked. Set where there is a drift, or where they were asked for. */
  readonly documents: ResourceDocuments | undefined;
  readonly explanations: readonly Explanation[];
}
