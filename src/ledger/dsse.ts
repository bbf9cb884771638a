import { encodeUtf8, concatBytes, fromBase64, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { canonicalJson } from './jcs.ts';
import { asObject, parseStrictJson, stringAt } from './strict-json.ts';

/** The payload type of in-toto statements (in-toto/attestation, spec/v1/envelope.md). */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A DSSE envelope with one signature (secure-systems-lab/dsse, envelope.md). */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** Not authenticated by DSSE: it finds a key, it never decides on trust. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Pre-authentication encoding: the bytes that are signed (secure-systems-lab/dsse, protocol.md). */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encodeUtf8(payloadType);
  const head = encodeUtf8(`DSSEv1 ${type.byteLength} ${payloadType} ${payload.byteLength} `);
  return concatBytes([head, payload]);
}

/** The envelope as one line of JSON, in the only spelling that parseEnvelope accepts. No newline at the end. */
export function formatEnvelope(envelope: Envelope): string {
  return canonicalJson({
    payload: toBase64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: [{ keyid: envelope.keyId, sig: toBase64(envelope.signature) }],
  });
}

/**
 * Strict inverse of formatEnvelope: exactly one signature, canonical base64, no further key, no other spacing. What is
 * not covered by the signature (key id, spacing) thus cannot change unnoticed either. Throws FormatError.
 */
export function parseEnvelope(line: string): Envelope {
  const object = asObject(parseStrictJson(line), 'the envelope');
  const signatures = object.signatures;
  if (!Array.isArray(signatures) || signatures.length !== 1) {
    throw new FormatError('the envelope does not hold exactly one signature');
  }
  const signature = asObject(signatures[0], 'the signature');
  const envelope = {
    payloadType: stringAt(object, 'payloadType', 'envelope'),
    payload: fromBase64(stringAt(object, 'payload', 'envelope')),
    keyId: stringAt(signature, 'keyid', 'signature'),
    signature: fromBase64(stringAt(signature, 'sig', 'signature')),
  };
  if (formatEnvelope(envelope) !== line) throw new FormatError('the envelope is not in its canonical spelling');
  return envelope;
}
