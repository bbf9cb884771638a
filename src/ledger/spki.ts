import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { sameBytes } from './bytes.ts';
import { FormatError } from './format-error.ts';
import type { EntryAlgorithm } from './port.ts';

/** DER of a SubjectPublicKeyInfo up to the key's own bytes (RFC 5480 section 2, uncompressed point; RFC 8410 section 4). */
const HEADS: Record<EntryAlgorithm, { readonly head: Uint8Array; readonly length: number }> = {
  'ecdsa-p256': { head: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex'), length: 64 },
  ed25519: { head: Buffer.from('302a300506032b6570032100', 'hex'), length: 32 },
};

/** What kind of key a DER SubjectPublicKeyInfo holds, in the one spelling that we accept. Throws FormatError on any other. */
export function algorithmOf(publicKey: Uint8Array): EntryAlgorithm {
  for (const [algorithm, { head, length }] of Object.entries(HEADS)) {
    const fits = publicKey.byteLength === head.byteLength + length;
    if (fits && sameBytes(publicKey.subarray(0, head.byteLength), head)) return algorithm as EntryAlgorithm;
  }
  throw new FormatError('the key is neither ECDSA P-256 nor Ed25519');
}

/** The key's own bytes: x and y of the point, or the 32 bytes of Ed25519. Throws FormatError. */
export function keyBytes(publicKey: Uint8Array): Uint8Array {
  return publicKey.subarray(HEADS[algorithmOf(publicKey)].head.byteLength);
}

/** The DER SubjectPublicKeyInfo of the 32 bytes of an Ed25519 key. */
export function ed25519Spki(key: Uint8Array): Uint8Array {
  return Buffer.concat([HEADS.ed25519.head, key]);
}

/** Reads a DER SubjectPublicKeyInfo that somebody else wrote. Throws FormatError where no key can be made of it. */
export function parseSpki(publicKey: Uint8Array): Uint8Array {
  algorithmOf(publicKey);
  try {
    createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  } catch {
    throw new FormatError('the public key is not a point on its curve');
  }
  return publicKey;
}

/** Makes a key of DER bytes at the first use, since making one costs more than using it. */
export function lazyKey(publicKey: Uint8Array): () => KeyObject {
  let key: KeyObject | undefined;
  return () => {
    key ??= createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return key;
  };
}

/** Whether an entry's signature over a message holds. */
export function signatureHolds(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key, signature);
}
