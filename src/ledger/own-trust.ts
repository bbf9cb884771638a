import { DriftbomError, messageOf } from '../model/error.ts';
import { decodeUtf8 } from './bytes.ts';
import { openSigned, parseCheckpoint } from './checkpoint.ts';
import { FormatError } from './format-error.ts';
import type { KeyRecord } from './key-record.ts';
import { type KeyAccess, loadKeyRecord } from './keys.ts';
import { formatVkey, type NoteKey, parseNote, parseVkey } from './note.ts';
import { HEAD_KEY } from './paths.ts';
import type { LedgerReader } from './port.ts';
import { keyBytes } from './spki.ts';
import { type EntryKey, entryKeyId, parseCheckpointKey, parseEntryKey, type Trust } from './trust.ts';

const KEPT = 'checkpoints/';

/** A public key file by name, for error messages. */
export interface KeyText {
  readonly name: string;
  readonly text: string;
}

/** Trust from public key files: PEM (entry keys) and .vkey lines (checkpoint keys). Throws E_KEY naming the file. */
export function trustOf(files: readonly KeyText[]): Trust {
  const entryKeys: EntryKey[] = [];
  const checkpointKeys: NoteKey[] = [];
  for (const { name, text } of files) {
    try {
      if (text.startsWith('-----BEGIN')) entryKeys.push(parseEntryKey(text));
      else checkpointKeys.push(parseCheckpointKey(text.endsWith('\n') ? text : `${text}\n`));
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      throw new DriftbomError(
        'E_KEY',
        `${name} is no public key: ${messageOf(thrown)}`,
        'Give a PEM public key (P-256 or Ed25519) or a .vkey file, as they stand under keys/ in a ledger.',
      );
    }
  }
  return { entryKeys, checkpointKeys };
}

/**
 * The ledger's own public keys. They prove only that the ledger agrees with itself: whoever can rewrite it whole can
 * put other keys there too. Who verifies for somebody else gives keys from elsewhere. Throws E_KEY.
 */
export async function trustInLedger(reader: LedgerReader): Promise<Trust> {
  const files: KeyText[] = [];
  for (const name of await reader.list('keys/')) {
    const bytes = /^keys\/(entry|checkpoint)\//.test(name) ? await reader.get(name) : undefined;
    if (bytes !== undefined) files.push({ name, text: keyText(bytes, name) });
  }
  return trustOf(files);
}

/**
 * Our own public keys, of today and of earlier, for the log that they signed; no passphrase is needed for them. A ledger
 * without any checkpoint of ours names no log; that is for the verification to report, so it is no error here. Throws E_KEY.
 */
export async function ownTrust(reader: LedgerReader, keysDirectory: string, access: KeyAccess = {}): Promise<Trust> {
  const record = await loadKeyRecord(keysDirectory, access);
  return trustOfRecord(record, (await signedOrigin(reader, record)) ?? 'unreadable');
}

/**
 * The name of the log, from the head or else from the newest kept checkpoint that one of our keys signed: a head that
 * was altered or taken away must not make every checkpoint look like somebody else's.
 */
async function signedOrigin(reader: LedgerReader, record: KeyRecord): Promise<string | undefined> {
  const head = originOf(await reader.get(HEAD_KEY), record);
  if (head !== undefined) return head;
  const sizeOf = (key: string) => Number(key.slice(KEPT.length));
  for (const key of [...(await reader.list(KEPT))].sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const kept = originOf(await reader.get(key), record);
    if (kept !== undefined) return kept;
  }
  return undefined;
}

/** The log that a checkpoint names, if one of our keys signed it. */
function originOf(note: Uint8Array | undefined, record: KeyRecord): string | undefined {
  if (note === undefined) return undefined;
  try {
    const { origin } = parseCheckpoint(parseNote(note).text);
    return openSigned(note, trustOfRecord(record, origin).checkpointKeys).checkpoint.origin;
  } catch (thrown) {
    if (thrown instanceof FormatError) return undefined;
    throw thrown;
  }
}

/** The public keys of a keys folder as trust in the log `origin`. */
export function trustOfRecord(record: KeyRecord, origin: string): Trust {
  return {
    entryKeys: record.entry.map(({ publicKey }) => ({ keyId: entryKeyId(publicKey), publicKey })),
    checkpointKeys: record.checkpoint.map(({ publicKey }) => parseVkey(formatVkey(origin, keyBytes(publicKey)))),
  };
}

function keyText(bytes: Uint8Array, name: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new DriftbomError('E_KEY', `${name} is no public key: not UTF-8`, 'Restore it from a copy of the ledger.');
  }
}
