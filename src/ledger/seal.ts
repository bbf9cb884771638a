import type { Statement } from '../model/entry.ts';
import type { Value } from '../model/value.ts';
import { sha256Hex } from './bytes.ts';
import { formatEnvelope, pae, PAYLOAD_TYPE } from './dsse.ts';
import { canonicalBytes } from './jcs.ts';
import { toJson } from './json-value.ts';
import { formatLeaf, leafOf } from './leaf.ts';
import type { Signer } from './port.ts';

/** A signed entry, ready to be appended. */
export interface SealedEntry {
  /** Statement digest: SHA-256 of the payload bytes, hex. */
  readonly digest: string;
  /** The envelope, one line without its newline. */
  readonly line: string;
  /** The log leaf. */
  readonly leaf: Uint8Array;
}

/** The exact bytes of a statement that are signed. */
export function payloadOf(statement: Statement<unknown>): Uint8Array {
  return canonicalBytes(toJson(statement as unknown as Value));
}

/** Signs a payload. Throws what the signer throws. */
export async function seal(payload: Uint8Array, signer: Signer): Promise<SealedEntry> {
  const message = pae(PAYLOAD_TYPE, payload);
  const signature = await signer.sign(message);
  return {
    digest: sha256Hex(payload),
    line: formatEnvelope({ payloadType: PAYLOAD_TYPE, payload, keyId: signer.keyId, signature }),
    leaf: formatLeaf(leafOf(message, signature, signer.publicKey)),
  };
}
