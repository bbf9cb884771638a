import { createHmac } from 'node:crypto';
import type { Value } from '../model/value.ts';
import { fromBase64, sha256Hex, toBase64 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { canonicalBytes } from './jcs.ts';
import { toJson } from './json-value.ts';

/** The key behind masked values. Who holds it can test a guess of a secret; it stays with the private keys. */
export interface RedactionKey {
  /** First 8 hex digits of the secret's SHA-256. */
  readonly id: string;
  readonly secret: Uint8Array;
}

const SECRET_BYTES = 32;

/** A redaction key from 32 random bytes. */
export function redactionKey(random: Uint8Array): RedactionKey {
  if (random.byteLength !== SECRET_BYTES) throw new RangeError('a redaction key is 32 random bytes');
  return { id: sha256Hex(random).slice(0, 8), secret: random };
}

/** The key as its file holds it: `hmac-sha256:<id>:<base64>` and a newline. */
export function formatRedactionKey(key: RedactionKey): string {
  return `hmac-sha256:${key.id}:${toBase64(key.secret)}\n`;
}

/** Strict inverse of formatRedactionKey. Throws FormatError, which never quotes the key. */
export function parseRedactionKey(text: string): RedactionKey {
  const match = /^hmac-sha256:([0-9a-f]{8}):([A-Za-z0-9+/=]+)\n$/.exec(text);
  if (match === null) throw new FormatError('not a redaction key');
  const secret = fromBase64(match[2] as string);
  if (secret.byteLength !== SECRET_BYTES || redactionKey(secret).id !== match[1]) {
    throw new FormatError('the redaction key is damaged');
  }
  return { id: match[1] as string, secret };
}

/**
 * Makes the function that puts `hmac-sha256:<key id>:<hex>` in a secret's place: HMAC over the value's canonical JSON
 * (RFC 2104, RFC 8785). Equal secrets give equal masks under one key, so that a change still shows.
 */
export function redactor(key: RedactionKey): (value: Value) => string {
  return (value) => {
    const mac = createHmac('sha256', key.secret)
      .update(canonicalBytes(toJson(value)))
      .digest('hex');
    return `hmac-sha256:${key.id}:${mac}`;
  };
}
