import { annotationStatement, type Saying } from './annotation-statement.ts';
import { type Appended, appendStatements } from './append-statements.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';

/** Who writes, and when. */
export interface Writing {
  readonly clock: () => Date;
  /** Version of driftbom. */
  readonly version: string;
}

/**
 * Records what people say of entries, or on their own, under one checkpoint. The entries spoken of must have been read
 * from this ledger. Throws E_LEDGER_LOCKED, E_LEDGER_CORRUPT, E_OUTPUT; then the ledger is what it was.
 */
export async function annotate(
  ledger: Ledger,
  sayings: readonly Saying[],
  { clock, version }: Writing,
  evidence: readonly Evidence[] = [],
): Promise<Appended> {
  const objects = evidence.map((one) => one.object);
  const { appended } = await appendStatements(ledger, clock, async (occasion) => ({
    statements: sayings.map((one) => annotationStatement(occasion, one, version)),
    objects,
  }));
  return appended;
}
