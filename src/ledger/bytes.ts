import { hash } from 'node:crypto';
import { FormatError } from './format-error.ts';

/** SHA-256 over the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  // In one call: a tree hashes millions of small things, and a hash object for each costs more than the hashing.
  return hash('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), 'buffer');
}

/** SHA-256 as lower-case hex. */
export function sha256Hex(...parts: readonly Uint8Array[]): string {
  return toHex(sha256(...parts));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Standard base64 with padding, in the one canonical spelling. Throws FormatError on anything else: two spellings of
 * the same bytes would let somebody alter a file without altering what is checked.
 */
export function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new FormatError('base64 is not in its canonical spelling');
  return bytes;
}

export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws FormatError where the bytes are not UTF-8. A byte order mark is kept, so that parsers refuse it. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    throw new FormatError('the bytes are not UTF-8');
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
