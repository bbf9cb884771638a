/** What a report says about the ledger that it was rendered from. Gathered by the caller; reports read no ledger. */
export interface LedgerFacts {
  /** The ledger as the user named it. */
  readonly place: string;
  readonly origin: string;
  /** Tree size and root (standard base64) of the checkpoint that the entries were read under. */
  readonly size: number;
  readonly root: string;
  /** Keys that signed it, by id, with what each is used for ("entries", "checkpoint"). */
  readonly keys: readonly { readonly id: string; readonly use: string }[];
  readonly verification: VerificationFacts;
}

/** How the verification of the ledger went when the report was made. */
interface VerificationFacts {
  readonly outcome: 'passed' | 'failed' | 'not-run';
  /** What was checked, or what failed: one sentence each. */
  readonly statements: readonly string[];
  /** The command that does it again. */
  readonly command: string;
}

const OUTCOMES: Readonly<Record<VerificationFacts['outcome'], string>> = {
  passed: 'verified when this report was made',
  failed: 'verification FAILED: do not rely on this report',
  'not-run': 'not verified when this report was made',
};

/** The facts as a report shows them. */
export interface LedgerFactsView extends LedgerFacts {
  /** The outcome of the verification in words. */
  readonly outcome: string;
  /** Whether the reader has to be warned before anything else. */
  readonly broken: boolean;
}

export function ledgerFactsView(facts: LedgerFacts): LedgerFactsView {
  const { outcome } = facts.verification;
  return { ...facts, outcome: OUTCOMES[outcome], broken: outcome === 'failed' };
}
