import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { concatBytes, decodeUtf8, encodeUtf8, fromBase64, sha256, toBase64, toHex } from './bytes.ts';
import { FormatError } from './format-error.ts';
import type { NoteSigner } from './port.ts';
import { ed25519Spki } from './spki.ts';

/** A signed note (C2SP signed-note): text that ends in a newline, and signatures over it. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** The 4 bytes that tell keys of one name apart, as 8 hex digits. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A known signer of notes, read from its vkey text. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Signature type Ed25519 (C2SP signed-note, "Signature types"). */
const ED25519 = 0x01;
const MAX_SIGNATURES = 100;
const NAME = /^[^\s+]+$/u;

/** Key id: first 4 bytes of SHA-256(name, newline, type, key), as hex (C2SP signed-note, "Verifier keys"). */
function noteKeyId(name: string, type: number, publicKey: Uint8Array): string {
  return toHex(sha256(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey).subarray(0, 4));
}

/** The vkey text of an Ed25519 key. Throws FormatError where the name may not stand in a note. */
export function formatVkey(name: string, publicKey: Uint8Array): string {
  if (!isNoteName(name)) throw new FormatError(`${JSON.stringify(name)} may not name a note key`);
  return `${name}+${noteKeyId(name, ED25519, publicKey)}+${toBase64(concatBytes([Uint8Array.of(ED25519), publicKey]))}`;
}

/** Whether a note key, and so a log, may have this name: not empty, no space, no plus sign, no control character. */
export function isNoteName(name: string): boolean {
  return NAME.test(name) && !/[\u0000-\u001f\u007f]/.test(name);
}

/**
 * Strict inverse of formatVkey. Throws FormatError. `type` is the signature type that the key must be of: a log's own
 * (0x01, the default) or a witness's (0x04, C2SP tlog-cosignature); both are Ed25519 keys of 32 bytes.
 */
export function parseVkey(text: string, type: number = ED25519): NoteKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text);
  if (match === null) throw new FormatError('not a verifier key of the form name+hash+key');
  const [name, keyId, key] = match.slice(1) as [string, string, string];
  const bytes = fromBase64(key);
  if (!isNoteName(name)) throw new FormatError('the verifier key has no usable name');
  if (bytes[0] !== type || bytes.byteLength !== 33) {
    throw new FormatError(`the verifier key is not Ed25519 of signature type ${type}`);
  }
  const publicKey = bytes.subarray(1);
  if (noteKeyId(name, type, publicKey) !== keyId) throw new FormatError('the verifier key does not match its key id');
  return { name, keyId, publicKey };
}

/** Parses a note. Throws FormatError. Says nothing about whether a signature holds. */
export function parseNote(bytes: Uint8Array): Note {
  const whole = decodeUtf8(bytes);
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw new FormatError('the note holds a control character');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) throw new FormatError('the note has no signature block');
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new FormatError('the note holds too many signatures');
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const match = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
  if (match === null) throw new FormatError('the note holds a malformed signature line');
  const [name, base64] = match.slice(1) as [string, string];
  const bytes = fromBase64(base64);
  if (!isNoteName(name) || bytes.byteLength < 5) throw new FormatError('the note holds a malformed signature line');
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** The note's bytes. */
export function formatNote(note: Note): Uint8Array {
  const lines = note.signatures.map(({ name, keyId, signature }) => {
    return `\u2014 ${name} ${toBase64(concatBytes([Buffer.from(keyId, 'hex'), signature]))}\n`;
  });
  return encodeUtf8(`${note.text}\n${lines.join('')}`);
}

/** Signs a text (it must end in a newline) as a note, with every key of the signer. */
export async function signNote(text: string, signer: NoteSigner): Promise<Uint8Array> {
  const signatures: NoteSignature[] = [];
  for (const one of [signer, ...(signer.also ?? [])]) {
    const { name, keyId } = parseVkey(one.vkey);
    signatures.push({ name, keyId, signature: await one.sign(encodeUtf8(text)) });
  }
  return formatNote({ text, signatures });
}

/**
 * The known keys whose signature stands under the note and holds. Signatures of unknown keys are passed over, as the
 * specification asks. Throws FormatError where a known key's signature does not hold, or where no known key signed.
 */
export function verifyNote<K extends NoteKey>(note: Note, keys: readonly K[]): K[] {
  const text = encodeUtf8(note.text);
  const signers = new Set<K>();
  for (const { name, keyId, signature } of note.signatures) {
    const key = keys.find((one) => one.name === name && one.keyId === keyId);
    if (key === undefined) continue;
    if (!verify(null, text, noteKeyObject(key), signature)) {
      throw new FormatError(`the signature of ${name}+${keyId} does not hold`);
    }
    signers.add(key);
  }
  if (signers.size === 0) throw new FormatError('no known key signed the note');
  return [...signers];
}

/** Making a key costs more than using it, and a verifier uses one for many notes. */
const keyObjects = new WeakMap<NoteKey, KeyObject>();

/** The key as node knows it. */
export function noteKeyObject(key: NoteKey): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const made = createPublicKey({ key: Buffer.from(ed25519Spki(key.publicKey)), format: 'der', type: 'spki' });
  keyObjects.set(key, made);
  return made;
}
