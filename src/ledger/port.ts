/**
 * Keeps the ledger's objects by key (`checkpoint`, `tile/0/000.p/3`, `dsse/000.intoto.jsonl`). Not trusted: whoever can
 * write here is found out by verify.
 */
export interface LedgerStore {
  /** The object's bytes, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Writes or replaces an object. When it returns, the bytes survive a crash of the machine. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Keys that begin with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
  /**
   * Replaces the head (`checkpoint`) only if it still holds `expected` (undefined: if there is none). False where
   * another writer was first; then nothing was written. This is the one moment at which an append becomes true.
   */
  swapHead(expected: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
  /** Runs `work` while no other writer of this machine's kind may append. */
  locked<T>(work: () => Promise<T>): Promise<T>;
}

/** Signs DSSE envelopes. The key never leaves it. */
export interface Signer {
  /** `sha256:<hex of the SPKI digest>`. */
  readonly keyId: string;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}
