import { DriftbomError, messageOf } from '../model/error.ts';
import { decodeUtf8 } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { readCheckpoint } from './head.ts';
import { loadKeys, unusable } from './keys.ts';
import { type NoteKey, parseVkey } from './note.ts';
import type { LedgerReader } from './port.ts';
import { checkpointSigner, entrySigner } from './signers/local.ts';
import { type EntryKey, parseCheckpointKey, parseEntryKey, type Trust } from './trust.ts';

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
        'Give a PEM public key (P-256) or a .vkey file, as they stand under keys/ in a ledger.',
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
 * Our own public keys, taken from the private ones, for the log that the head names. A head that cannot be read names
 * none; that is for the verification to report, so it is no error here. Throws E_KEY.
 */
export async function ownTrust(reader: LedgerReader, keysDirectory: string): Promise<Trust> {
  const origin = await readCheckpoint(reader).then(
    (head) => head.origin,
    () => 'unreadable',
  );
  const keys = await loadKeys(keysDirectory);
  try {
    const { keyId, publicKey } = entrySigner(keys.entry);
    const checkpointKey = parseVkey(checkpointSigner(keys.checkpoint, origin).vkey);
    return { entryKeys: [{ keyId, publicKey }], checkpointKeys: [checkpointKey] };
  } catch (thrown) {
    if (thrown instanceof FormatError) throw unusable(keysDirectory, thrown.message);
    throw thrown;
  }
}

function keyText(bytes: Uint8Array, name: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new DriftbomError('E_KEY', `${name} is no public key: not UTF-8`, 'Restore it from a copy of the ledger.');
  }
}
