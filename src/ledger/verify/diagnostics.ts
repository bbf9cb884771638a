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

export type FailureCounts = { readonly [code in DiagnosticCode]?: number };

/** Failures of one code told one by one: a ledger that is wrong throughout fills no memory, and hides no other fault. */
const TOLD = 1000;

/** Collects failures of one verification. */
export class Failures {
  readonly #told: Failure[] = [];
  readonly #counts = new Map<DiagnosticCode, number>();
  #count = 0;

  add(code: DiagnosticCode, index: number | undefined, message: string): void {
    const before = this.#counts.get(code) ?? 0;
    this.#counts.set(code, before + 1);
    this.#count++;
    if (before < TOLD) this.#told.push({ code, index, message });
  }

  get count(): number {
    return this.#count;
  }

  /** How many there are of each code, also of those that are not told. */
  get counts(): FailureCounts {
    return Object.fromEntries(this.#counts);
  }

  /** By index; failures of no single entry come last. */
  sorted(): Failure[] {
    const place = (failure: Failure): number => failure.index ?? Number.MAX_SAFE_INTEGER;
    return this.#told.toSorted((a, b) => place(a) - place(b));
  }
}
