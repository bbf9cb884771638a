import { encodeUtf8, concatBytes, fromBase64, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { canonicalJson } from './jcs.ts';
import { asObject, parseSpelledJson, stringAt } from './strict-json.ts';

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
  const { payload, payloadType, keyId, signature } = envelope;
  return spelled(toBase64(payload), payloadType, keyId, toBase64(signature));
}

const BEGINNING = '{"payload":"';

/** Canonical JSON, whose keys stand in this order; base64 has nothing to escape. */
function spelled(payload: string, payloadType: string, keyId: string, signature: string): string {
  const signatures = `[{"keyid":${canonicalJson(keyId)},"sig":"${signature}"}]`;
  return `{"payload":"${payload}","payloadType":${canonicalJson(payloadType)},"signatures":${signatures}}`;
}

/**
 * Strict inverse of formatEnvelope: exactly one signature, canonical base64, no further key, no other spacing. What is
 * not covered by the signature (key id, spacing) thus cannot change unnoticed either. Throws FormatError.
 */
export function parseEnvelope(line: string): Envelope {
  // The payload is most of the line; its letters are base64, and what they are is seen there.
  const end = line.startsWith(BEGINNING) ? line.indexOf('"', BEGINNING.length) : -1;
  if (end < 0) throw new FormatError('the envelope is not in its canonical spelling');
  const payload = line.slice(BEGINNING.length, end);
  const rest = BEGINNING + line.slice(end);
  const object = asObject(parseSpelledJson(rest), 'the envelope');
  const signatures = object.signatures;
  if (!Array.isArray(signatures) || signatures.length !== 1) {
    throw new FormatError('the envelope does not hold exactly one signature');
  }
  const signature = asObject(signatures[0], 'the signature');
  const payloadType = stringAt(object, 'payloadType', 'envelope');
  const keyId = stringAt(signature, 'keyid', 'signature');
  const sig = stringAt(signature, 'sig', 'signature');
  const envelope = { payloadType, payload: fromBase64(payload), keyId, signature: fromBase64(sig) };
  if (spelled('', payloadType, keyId, sig) !== rest) {
    throw new FormatError('the envelope is not in its canonical spelling');
  }
  return envelope;
}
