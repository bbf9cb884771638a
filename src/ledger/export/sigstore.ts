import { concatBytes, decodeUtf8, encodeUtf8, fromBase64, sameBytes, sha256, toBase64, toHex } from '../bytes.ts';
import { type Envelope, formatEnvelope, parseEnvelope } from '../dsse.ts';
import { FormatError } from '../format-error.ts';
import { canonicalJson } from '../jcs.ts';
import type { NoteKey } from '../note.ts';
import { asObject, parseStrictJson, stringAt } from '../strict-json.ts';
import type { LogProof } from './proof.ts';

/** sigstore/protobuf-specs, sigstore_bundle.proto: the version that needs inclusion proof and checkpoint. */
const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const TRUSTED_ROOT_MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
const KIND = { kind: 'hashedrekord', version: '0.0.2' };
/** Ed25519 in a vkey's key id (C2SP signed-note, "Signature types"). */
const ED25519 = 0x01;
/** DER of an Ed25519 SubjectPublicKeyInfo up to the 32 key bytes (RFC 8410 section 4). */
const ED25519_SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** What a Sigstore bundle of ours says, before anything of it is believed. */
export interface SigstoreBundle extends LogProof {
  readonly envelope: Envelope;
  /** Names the entry key; a client looks it up among the keys that it trusts. */
  readonly hint: string;
  /** Index of the log entry beside the proof. Clients read the proof's own, so a verifier must compare the two. */
  readonly outerIndex: number;
  /** Id of the log: SHA-256 over name, newline, type and key, whole. */
  readonly logId: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The id of a log in Sigstore's formats: the note key's id, not cut off after four bytes. */
export function logIdOf(key: Pick<NoteKey, 'name' | 'publicKey'>): Uint8Array {
  return sha256(encodeUtf8(`${key.name}\n`), Uint8Array.of(ED25519), key.publicKey);
}

/** A bundle of one entry as canonical JSON with a newline. `@sigstore/verify` and other clients take it as it is. */
export function formatSigstoreBundle(bundle: SigstoreBundle): string {
  return `${canonicalJson({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      publicKey: { hint: bundle.hint },
      tlogEntries: [
        {
          logIndex: String(bundle.outerIndex),
          logId: { keyId: toBase64(bundle.logId) },
          kindVersion: KIND,
          inclusionProof: {
            logIndex: String(bundle.index),
            rootHash: toBase64(bundle.root),
            treeSize: String(bundle.size),
            hashes: bundle.hashes.map(toBase64),
            checkpoint: { envelope: decodeUtf8(bundle.note) },
          },
          canonicalizedBody: toBase64(bundle.leaf),
        },
      ],
    },
    dsseEnvelope: JSON.parse(formatEnvelope(bundle.envelope)) as unknown,
  })}\n`;
}

/**
 * Strict inverse of formatSigstoreBundle: one log entry, one signature, no further field, no key twice, no other
 * spelling, so that no byte of the file can change unnoticed. Throws FormatError.
 */
export function parseSigstoreBundle(text: string): SigstoreBundle {
  const root = asObject(parseStrictJson(text), 'the bundle');
  const material = asObject(root.verificationMaterial, 'the verification material');
  const entries = material.tlogEntries;
  if (!Array.isArray(entries) || entries.length !== 1) {
    throw new FormatError('the bundle does not hold exactly one log entry');
  }
  const entry = asObject(entries[0], 'the log entry');
  const proof = asObject(entry.inclusionProof, 'the inclusion proof');
  const hashes = proof.hashes;
  if (!Array.isArray(hashes)) throw new FormatError('the inclusion proof has no list of hashes');
  const bundle: SigstoreBundle = {
    envelope: parseEnvelope(canonicalJson(root.dsseEnvelope)),
    hint: stringAt(asObject(material.publicKey, 'the public key'), 'hint', 'publicKey'),
    outerIndex: numberOf(stringAt(entry, 'logIndex', 'tlogEntry')),
    logId: fromBase64(stringAt(asObject(entry.logId, 'the log id'), 'keyId', 'logId')),
    index: numberOf(stringAt(proof, 'logIndex', 'inclusionProof')),
    size: numberOf(stringAt(proof, 'treeSize', 'inclusionProof')),
    root: fromBase64(stringAt(proof, 'rootHash', 'inclusionProof')),
    hashes: hashes.map((hash) => fromBase64(String(hash))),
    note: encodeUtf8(stringAt(asObject(proof.checkpoint, 'the checkpoint'), 'envelope', 'checkpoint')),
    leaf: fromBase64(stringAt(entry, 'canonicalizedBody', 'tlogEntry')),
  };
  if (formatSigstoreBundle(bundle) !== text) throw new FormatError('the bundle is not in the spelling of an export');
  return bundle;
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(number)) throw new FormatError('not a decimal number');
  return number;
}

/** The logs that a Sigstore client is to trust, as canonical JSON with a newline: our checkpoint keys and nobody else. */
export function formatTrustedRoot(keys: readonly NoteKey[]): string {
  return `${canonicalJson({
    mediaType: TRUSTED_ROOT_MEDIA_TYPE,
    tlogs: keys.map((key) => ({
      // Clients look for the note's name in the URL; nothing is ever fetched from it.
      baseUrl: `https://${key.name}`,
      hashAlgorithm: 'SHA2_256',
      publicKey: {
        rawBytes: toBase64(concatBytes([ED25519_SPKI_HEAD, key.publicKey])),
        keyDetails: 'PKIX_ED25519',
        validFor: { start: '1970-01-01T00:00:00Z' },
      },
      logId: { keyId: toBase64(logIdOf(key)) },
    })),
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  })}\n`;
}

/** The checkpoint keys of a trusted root; its other authorities are none of ours. Throws FormatError. */
export function parseTrustedRoot(text: string): NoteKey[] {
  const { tlogs } = asObject(parseStrictJson(text), 'the trusted root');
  if (!Array.isArray(tlogs) || tlogs.length === 0) throw new FormatError('the trusted root names no log');
  return tlogs.map((tlog) => {
    const object = asObject(tlog, 'the log');
    const { rawBytes, keyDetails } = asObject(object.publicKey, 'the key of the log');
    if (keyDetails !== 'PKIX_ED25519') throw new FormatError('the key of the log is not Ed25519');
    const name = stringAt(object, 'baseUrl', 'log').replace(/^https:\/\//, '');
    const spki = fromBase64(String(rawBytes));
    const publicKey = spki.subarray(-32);
    if (!sameBytes(spki, concatBytes([ED25519_SPKI_HEAD, publicKey]))) {
      throw new FormatError('the key of the log is not a public key');
    }
    const logId = logIdOf({ name, publicKey });
    if (stringAt(asObject(object.logId, 'the log id'), 'keyId', 'logId') !== toBase64(logId)) {
      throw new FormatError('the id of the log is not that of its name and key');
    }
    return { name, keyId: toHex(logId.subarray(0, 4)), publicKey };
  });
}
