import { DriftbomError, messageOf } from '../model/error.ts';
import { decodeUtf8 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { readCheckpoint } from './head.ts';
import type { KeyRecord } from './key-record.ts';
import { type KeyAccess, loadKeyRecord } from './keys.ts';
import { formatVkey, type NoteKey, parseVkey } from './note.ts';
import type { LedgerReader } from './port.ts';
import { keyBytes } from './spki.ts';
import { type EntryKey, entryKeyId, parseCheckpointKey, parseEntryKey, type Trust } from './trust.ts';

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
 * Our own public keys, of today and of earlier, for the log that the head names; no passphrase is needed for them. A head
 * that cannot be read names none; that is for the verification to report, so it is no error here. Throws E_KEY.
 */
export async function ownTrust(reader: LedgerReader, keysDirectory: string, access: KeyAccess = {}): Promise<Trust> {
  const origin = await readCheckpoint(reader).then(
    (head) => head.origin,
    () => 'unreadable',
  );
  return trustOfRecord(await loadKeyRecord(keysDirectory, access), origin);
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
