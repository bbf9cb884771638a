/** Everything that verify can find wrong. A closed list: scripts may rely on it; docs/ledger-format.md explains each. */
export const DIAGNOSTICS = [
  'head-missing',
  'head-wrong',
  'bundle-missing',
  'bundle-wrong',
  'leaf-malformed',
  'leaf-wrong',
  'root-wrong',
  'tile-missing',
  'tile-wrong',
  'payload-missing',
  'payload-malformed',
  'payload-wrong',
  'key-id-wrong',
  'key-not-allowed',
  'signature-wrong',
  'statement-malformed',
  'annotation-dangling',
  'self-approved',
  'approver-not-allowed',
  'erasure-unauthorised',
  'origin-wrong',
  'entry-repeated',
  'subject-wrong',
  'document-missing',
  'document-wrong',
  'chain-broken',
  'open-list-wrong',
  'checkpoint-wrong',
  'quorum-missing',
  'rolled-back',
  'forked',
  'key-file-wrong',
] as const;
export type DiagnosticCode = (typeof DIAGNOSTICS)[number];

export interface Failure {
  readonly code: DiagnosticCode;
  /** Log index of the entry that is bad; undefined where no single entry is. */
  readonly index: number | undefined;
  readonly message: string;
}

/** Failures told one by one; a ledger that is wrong throughout fills no memory. */
const TOLD = 1000;

/** Collects failures of one verification. */
export class Failures {
  readonly #told: Failure[] = [];
  #count = 0;

  add(code: DiagnosticCode, index: number | undefined, message: string): void {
    this.#count++;
    if (this.#told.length < TOLD) this.#told.push({ code, index, message });
  }

  get count(): number {
    return this.#count;
  }

  /** By index; failures of no single entry come last. */
  sorted(): Failure[] {
    const place = (failure: Failure): number => failure.index ?? Number.MAX_SAFE_INTEGER;
    return this.#told.toSorted((a, b) => place(a) - place(b));
  }
}
