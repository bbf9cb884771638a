import type { Descriptor } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import { sha256Hex } from './bytes.ts';
import { evidenceKey } from './paths.ts';
import type { StoredObject } from './port.ts';

/** A file that somebody hands in as evidence. */
export interface EvidenceFile {
  /** Its name without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const EVIDENCE_LIMIT = 10 * 1024 * 1024;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;

/** Evidence ready for an entry: what the entry says of it, and the copy that the ledger keeps under its digest. */
export interface Evidence {
  readonly descriptor: Descriptor;
  readonly object: StoredObject;
}

/**
 * Takes a file as evidence. Throws E_RECORD where it is empty, larger than 10 MB or holds a private key in PEM: a ledger
 * is made to be shown.
 */
export function evidenceOf({ name, bytes }: EvidenceFile): Evidence {
  const refuse = (why: string, cure: string): DriftbomError =>
    new DriftbomError('E_RECORD', `the evidence ${name} ${why}`, cure);
  if (bytes.byteLength === 0) throw refuse('is empty', 'Give the file that shows what happened.');
  if (bytes.byteLength > EVIDENCE_LIMIT) {
    throw refuse(`is larger than 10 MB`, 'Keep it elsewhere, and name its place and SHA-256 in --text or --reason.');
  }
  if (PRIVATE_KEY.test(asText(bytes))) {
    throw refuse(
      'holds a private key',
      'Take the key out, and replace it wherever it is in use: it lay in a plain file.',
    );
  }
  const sha256 = sha256Hex(bytes);
  const key = evidenceKey(sha256);
  return {
    descriptor: { name, uri: key, digest: { sha256 }, annotations: { size: bytes.byteLength } },
    object: { key, bytes },
  };
}

/** Byte for character, so that a key is also found in UTF-16 and among bytes that are no text. */
function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '');
}
