/** The reading half of a store: all that a verifier or a report needs. */
export interface LedgerReader {
  /** The object's bytes, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keys that begin with the prefix, sorted by code units. */
  list(prefix: string): Promise<readonly string[]>;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/**
 * Keeps the ledger's objects by key (`checkpoint`, `tile/0/000.p/3`, `dsse/000.intoto.jsonl`). Keys are made of letters,
 * digits, `.`, `_`, `-` and single slashes. Not trusted: whoever can write here is found out by verify.
 */
export interface LedgerStore extends LedgerReader {
  /**
   * Writes or replaces objects. Each becomes visible whole or not at all; in which order, and how many of them after a
   * failure, is not said. When it returns, all of them survive a crash of the machine.
   */
  put(objects: readonly StoredObject[]): Promise<void>;
  /** Takes objects away; one that is not there is no fault. A store that keeps everything may do nothing. */
  remove(keys: readonly string[]): Promise<void>;
  /**
   * Replaces the head (`checkpoint`) only if it still holds `expected` (undefined: if there is none). False where
   * another writer was first; then nothing was written. This is the one moment at which an append becomes true.
   */
  swapHead(expected: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
  /**
   * Runs `work` while no other writer appends. Throws E_LEDGER_LOCKED after waiting. Objects are written before the head
   * moves, so a store that cannot lock must keep two writers' objects apart by itself.
   */
  locked<T>(work: () => Promise<T>): Promise<T>;
}

/** Signs DSSE envelopes. The key never leaves it. */
export interface Signer {
  /** `sha256:<hex of the SPKI digest>`. */
  readonly keyId: string;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** ECDSA P-256 over SHA-256 of the message, DER. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Signs checkpoints with a signed-note key. The key never leaves it. */
export interface NoteSigner {
  /** Verifier key text, `name+<8 hex>+<base64>` (C2SP signed-note). The name is the log's origin. */
  readonly vkey: string;
  /** Ed25519 over the text. */
  sign(text: Uint8Array): Promise<Uint8Array>;
}
