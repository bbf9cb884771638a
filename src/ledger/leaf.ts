import { decodeUtf8, fromBase64, sha256, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { canonicalBytes, canonicalJson } from './jcs.ts';
import type { EntryAlgorithm } from './port.ts';
import { algorithmOf } from './spki.ts';
import { asObject, parseStrictJson, stringAt } from './strict-json.ts';

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
  return canonicalBytes(bodyOf(leaf));
}

/** The leaf for a message and its signature. */
export function leafOf(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): Leaf {
  return { paeSha256: sha256(message), signature, publicKey };
}

function bodyOf(leaf: Leaf): unknown {
  return {
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: toBase64(leaf.paeSha256) },
        signature: {
          content: toBase64(leaf.signature),
          verifier: {
            keyDetails: KEY_DETAILS[algorithmOf(leaf.publicKey)],
            publicKey: { rawBytes: toBase64(leaf.publicKey) },
          },
        },
      },
    },
  };
}

/** Strict inverse of formatLeaf: any other field, order or spelling is refused. Throws FormatError. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  const text = decodeUtf8(bytes);
  const body = asObject(parseStrictJson(text), 'the leaf');
  const record = asObject(asObject(body.spec, 'the leaf').hashedRekordV002, 'the leaf');
  const signature = asObject(record.signature, 'the leaf');
  const publicKey = asObject(asObject(signature.verifier, 'the leaf').publicKey, 'the leaf');
  const leaf = {
    paeSha256: fromBase64(stringAt(asObject(record.data, 'the leaf'), 'digest', 'leaf')),
    signature: fromBase64(stringAt(signature, 'content', 'leaf')),
    publicKey: fromBase64(stringAt(publicKey, 'rawBytes', 'leaf')),
  };
  if (canonicalJson(bodyOf(leaf)) !== text) throw new FormatError('the leaf is not a hashedrekord 0.0.2 body of ours');
  return leaf;
}
