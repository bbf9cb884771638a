import { encodeUtf8, fromBase64, sha256, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import type { EntryAlgorithm } from './port.ts';
import { algorithmOf } from './spki.ts';

/** What the log keeps of an entry: enough to verify its signature without its payload, and nothing personal. */
export interface Leaf {
  /** SHA-256 of the pre-authentication encoding. */
  readonly paeSha256: Uint8Array;
  /** Signature over the same encoding: DER for ECDSA, 64 bytes for Ed25519. */
  readonly signature: Uint8Array;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}

/** Names of sigstore's PublicKeyDetails (sigstore/protobuf-specs, sigstore_common.proto). */
const KEY_DETAILS = {
  'ecdsa-p256': 'PKIX_ECDSA_P256_SHA_256',
  ed25519: 'PKIX_ED25519',
} as const satisfies Record<EntryAlgorithm, string>;

/**
 * The leaf of a signed message: canonical JSON of a Rekor v2 hashedrekord 0.0.2 body (sigstore/rekor-tiles, entry types).
 * Throws FormatError for a key of another kind.
 */
export function formatLeaf(leaf: Leaf): Uint8Array {
  const { paeSha256, signature, publicKey } = leaf;
  const keyDetails = KEY_DETAILS[algorithmOf(publicKey)];
  return encodeUtf8(spelled(toBase64(paeSha256), toBase64(signature), keyDetails, toBase64(publicKey)));
}

/** The leaf for a message and its signature. */
export function leafOf(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): Leaf {
  return { paeSha256: sha256(message), signature, publicKey };
}

/** Canonical JSON, whose keys stand in this order; base64 has nothing to escape. */
function spelled(digest: string, signature: string, keyDetails: string, rawBytes: string): string {
  const data = `{"algorithm":"SHA2_256","digest":"${digest}"}`;
  const verifier = `{"keyDetails":"${keyDetails}","publicKey":{"rawBytes":"${rawBytes}"}}`;
  const record = `{"data":${data},"signature":{"content":"${signature}","verifier":${verifier}}}`;
  return `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":${record}}}`;
}

/** The one spelling, with what differs from leaf to leaf left open; no letter there has to be escaped in JSON. */
const SPELLING = new RegExp(
  `^${spelled('?', '?', '?', '?').replace(/[{}.]/g, '\\$&').replaceAll('?', '([A-Za-z0-9+/=_]*)')}$`,
);

/** Strict inverse of formatLeaf: any other field, order or spelling is refused. Throws FormatError. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  const found = SPELLING.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
  const [, digest, signature, keyDetails, rawBytes] = found ?? [];
  const publicKey = rawBytes === undefined ? undefined : fromBase64(rawBytes);
  if (publicKey === undefined || keyDetails !== KEY_DETAILS[algorithmOf(publicKey)]) {
    throw new FormatError('the leaf is not a hashedrekord 0.0.2 body of ours');
  }
  return { paeSha256: fromBase64(digest as string), signature: fromBase64(signature as string), publicKey };
}
