import { verify } from 'node:crypto';
import { encodeUtf8 } from './bytes.ts';
import { type Note, type NoteKey, noteKeyObject, parseVkey } from './note.ts';

/** Signature type of a witness's Ed25519 key (C2SP tlog-cosignature). */
const COSIGNATURE = 0x04;
const TIME_BYTES = 8;

/** Reads a witness's verifier key. Throws FormatError. */
export function parseWitnessKey(text: string): NoteKey {
  return parseVkey(text, COSIGNATURE);
}

/**
 * The witnesses whose cosignature/v1 stands under a note and holds: 8 bytes of big-endian POSIX time, then an Ed25519
 * signature over a header with that time and the note's text (C2SP tlog-cosignature, "Format").
 */
export function witnessesOf(note: Note, keys: readonly NoteKey[]): ReadonlySet<NoteKey> {
  const found = new Set<NoteKey>();
  for (const { name, keyId, signature } of note.signatures) {
    const key = keys.find((one) => one.name === name && one.keyId === keyId);
    if (key === undefined || signature.byteLength !== TIME_BYTES + 64) continue;
    const time = Buffer.from(signature).readBigUInt64BE(0);
    const text = encodeUtf8(cosignedText(note.text, time));
    if (verify(null, text, noteKeyObject(key), signature.subarray(TIME_BYTES))) found.add(key);
  }
  return found;
}

/** What a witness signs. */
function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}
