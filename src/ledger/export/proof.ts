import type { Hash } from '../merkle.ts';

/** One leaf, and what leads from it to a signed head. Believed only once checked. */
export interface LogProof {
  readonly index: number;
  readonly leaf: Uint8Array;
  /** From the leaf's sibling upward (RFC 6962 section 2.1.1). */
  readonly hashes: readonly Hash[];
  /** The checkpoint note, byte for byte. */
  readonly note: Uint8Array;
}
