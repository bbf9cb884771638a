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
   * Writes or replaces objects that are true whatever the head says: documents, keys, kept checkpoints, payload files
   * with an erased line. Each becomes visible whole or not at all; in which order, and how many of them after a failure,
   * is not said. When it returns, all of them survive a crash of the machine.
   */
  put(objects: readonly StoredObject[]): Promise<void>;
  /** Takes objects away; one that is not there is no fault. A store that keeps everything may do nothing. */
  remove(keys: readonly string[]): Promise<void>;
  /**
   * Replaces the head (`checkpoint`) only if it still holds `expected` (undefined: if there is none), and with it brings
   * `objects`: the payload files, bundles and tiles of the tree that `next` signs. This is the one moment at which an
   * append becomes true: from then on whoever reads the new head finds these objects too, also after a crash. False
   * where another writer was first: then nothing of `objects` is ever read as a part of the log, and nothing that the
   * other one wrote is touched. Where it throws, either may have happened; the head tells.
   */
  swapHead(expected: Uint8Array | undefined, next: Uint8Array, objects?: readonly StoredObject[]): Promise<boolean>;
  /**
   * Runs `work` while other writers wait, so that they do not lose their labour. Throws E_LEDGER_LOCKED after waiting.
   * What must not go wrong rests on swapHead alone: a lock may be lost while its holder sleeps.
   */
  locked<T>(work: () => Promise<T>): Promise<T>;
}

/** How entries are signed: ECDSA on P-256 over SHA-256, DER; or Ed25519 (RFC 8032, pure), 64 bytes. */
export const ENTRY_ALGORITHMS = ['ecdsa-p256', 'ed25519'] as const;
export type EntryAlgorithm = (typeof ENTRY_ALGORITHMS)[number];

/** Signs DSSE envelopes. The key never leaves it. */
export interface Signer {
  /** `sha256:<hex of the SPKI digest>`. */
  readonly keyId: string;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly algorithm: EntryAlgorithm;
  /** Signs the message whole, as the algorithm says. Throws E_SIGNER where a signing service refuses. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Signs checkpoints with a signed-note key. The key never leaves it. */
export interface NoteSigner {
  /** Verifier key text, `name+<8 hex>+<base64>` (C2SP signed-note). The name is the log's origin. */
  readonly vkey: string;
  /** Ed25519 over the text. */
  sign(text: Uint8Array): Promise<Uint8Array>;
  /** Further keys whose signatures stand under the same note: while a key hands over to the next one. */
  readonly also?: readonly NoteSigner[];
}
