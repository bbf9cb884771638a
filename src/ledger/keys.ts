import { basename, dirname, join } from 'node:path';
import { DriftbomError } from '../model/error.ts';
import { sameBytes } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { formatRedactionKey, parseRedactionKey, type RedactionKey, redactionKey } from './hmac.ts';
import { currentKey, type KeptKey, type KeyRecord, readKeyRecord, writeKeyRecord } from './key-record.ts';
import type { EntryAlgorithm, NoteSigner, Signer } from './port.ts';
import { exists, makePrivateFolder, readPrivate, unusable, writePrivate } from './private-files.ts';
import { type ConnectKms, connectKms, kmsPublicKey, kmsSigner } from './signers/kms.ts';
import { checkpointSigner, entrySigner, isLocked, newCheckpointKey, newEntryKey, publicHalf } from './signers/local.ts';

const ENTRY_FILE = 'entry.pem';
const CHECKPOINT_FILE = 'checkpoint.pem';
const REDACTION_FILE = 'redaction.key';
export const PASSPHRASE_VARIABLE = 'DRIFTBOM_KEY_PASSPHRASE';

/** What is needed to use private keys. */
export interface KeyAccess {
  /** Opens private keys that are locked. */
  readonly passphrase?: string | undefined;
  /** Makes KMS clients; the AWS SDK's where left out. */
  readonly connectKms?: ConnectKms | undefined;
}

/** What kind of keys to make. */
export interface KeyWishes extends KeyAccess {
  /** ECDSA P-256 where left out. */
  readonly algorithm?: EntryAlgorithm | undefined;
  /** ARN of a KMS key that signs entries; then there is no private entry key. */
  readonly kms?: string | undefined;
  /** Whether new private keys are locked with the passphrase. */
  readonly lock?: boolean | undefined;
  /** A redaction key that was used already, before there was a place for it. */
  readonly redaction?: RedactionKey | undefined;
}

/** Where a ledger's private keys lie if nobody says otherwise: `.driftbom/keys` for `.driftbom/ledger`, else `<ledger>-keys`. */
export function defaultKeysDirectory(ledger: string): string {
  const parent = dirname(ledger);
  return basename(parent) === '.driftbom' ? join(parent, 'keys') : join(parent, `${basename(ledger)}-keys`);
}

/**
 * Makes the keys that are missing: folder 0700, files 0600, a .gitignore that keeps them out of commits, and the record
 * of public keys. Gives the paths of the secrets that it made. `random` gives that many random bytes. Throws E_KEY where
 * the folder refuses or the passphrase is missing, E_USAGE and E_SIGNER for a KMS key that cannot serve.
 */
export async function makeKeys(
  directory: string,
  random: (count: number) => Uint8Array,
  wishes: KeyWishes = {},
): Promise<string[]> {
  const passphrase = lockWith(wishes);
  const kms = wishes.kms === undefined ? undefined : await kmsKey(wishes.kms, wishes);
  await makePrivateFolder(directory);
  const wanted: readonly (readonly [string, () => string])[] = [
    ...(kms === undefined ? [[ENTRY_FILE, () => newEntryKey(wishes.algorithm, passphrase)] as const] : []),
    [CHECKPOINT_FILE, () => newCheckpointKey(passphrase)],
    [REDACTION_FILE, () => formatRedactionKey(wishes.redaction ?? redactionKey(random(32)))],
  ];
  const made: string[] = [];
  for (const [name, content] of wanted) {
    const path = join(directory, name);
    if (await exists(path)) continue;
    await writePrivate(path, content());
    made.push(path);
  }
  if ((await readKeyRecord(directory)) === undefined) {
    const record = await recordOfFiles(directory, wishes, kms);
    await writeKeyRecord(directory, record);
  }
  return made;
}

/** The passphrase that new private keys are locked with; undefined: none. Throws E_KEY where it was asked for and is not there. */
export function lockWith({ lock, passphrase }: KeyWishes): string | undefined {
  if (lock !== true) return undefined;
  if (passphrase !== undefined && passphrase !== '') return passphrase;
  throw new DriftbomError('E_KEY', 'there is no passphrase to lock the keys with', `Set ${PASSPHRASE_VARIABLE} to it.`);
}

/** A key that signs in KMS. Throws E_USAGE, E_SIGNER. */
export async function kmsKey(arn: string, access: KeyAccess): Promise<KeptKey> {
  return { publicKey: await kmsPublicKey(arn, access.connectKms ?? connectKms), signer: { kms: arn } };
}

/** Which of the key files are missing. */
export async function missingKeys(directory: string): Promise<string[]> {
  const missing: string[] = [];
  const record = (await exists(directory)) ? await readKeyRecord(directory) : undefined;
  const files = record === undefined ? [ENTRY_FILE, CHECKPOINT_FILE] : filesOf(record);
  for (const name of [...files, REDACTION_FILE]) {
    const path = join(directory, name);
    if (!(await exists(path))) missing.push(path);
  }
  return missing;
}

/** The files of the keys that sign now. */
function filesOf(record: KeyRecord): string[] {
  const places = [currentKey(record, 'entry').signer, currentKey(record, 'checkpoint').signer];
  return places.flatMap((place) => ('local' in place ? [place.local] : []));
}

/** Every public key of ours. Keys that were made before there was a record are read from their files. Throws E_KEY. */
export async function loadKeyRecord(directory: string, access: KeyAccess = {}): Promise<KeyRecord> {
  return (await readKeyRecord(directory)) ?? recordOfFiles(directory, access);
}

async function recordOfFiles(directory: string, access: KeyAccess, kms?: KeptKey): Promise<KeyRecord> {
  const kept = async (file: string): Promise<KeptKey> => ({
    publicKey: await usingKey(directory, file, (pem) => publicHalf(pem, access.passphrase)),
    signer: { local: file },
  });
  return { entry: [kms ?? (await kept(ENTRY_FILE))], checkpoint: [await kept(CHECKPOINT_FILE)] };
}

/** Reads the key that masks secrets. Throws E_KEY, which names the file and never its content. */
export async function loadRedaction(directory: string): Promise<RedactionKey> {
  const path = join(directory, REDACTION_FILE);
  const text = await readPrivate(path);
  try {
    return parseRedactionKey(text);
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    throw unusable(path, thrown.message);
  }
}

/** Signs entries with a key of the folder, or in KMS. Throws E_KEY: missing, locked, or not the key of the record. */
export async function openEntrySigner(directory: string, key: KeptKey, access: KeyAccess): Promise<Signer> {
  const { publicKey, signer: place } = key;
  if ('kms' in place) return kmsSigner(place.kms, publicKey, access.connectKms ?? connectKms);
  return usingKey(directory, place.local, (pem) => {
    const signer = entrySigner(pem, access.passphrase);
    if (!sameBytes(signer.publicKey, publicKey)) throw new FormatError('it is not the key that keys.json names');
    return signer;
  });
}

/** Signs checkpoints of the log `origin` with a key of the folder. Throws E_KEY as openEntrySigner does. */
export async function openCheckpointSigner(
  directory: string,
  key: KeptKey,
  origin: string,
  access: KeyAccess,
): Promise<NoteSigner> {
  const { publicKey, signer: place } = key;
  if ('kms' in place) throw unusable(join(directory, 'keys.json'), 'it names a checkpoint key in KMS');
  return usingKey(directory, place.local, (pem) => {
    const signer = checkpointSigner(pem, origin, access.passphrase);
    if (!sameBytes(publicHalf(pem, access.passphrase), publicKey)) {
      throw new FormatError('it is not the key that keys.json names');
    }
    return signer;
  });
}

/** Does something with a private key file; what is wrong with it becomes E_KEY naming the file. */
export async function usingKey<T>(directory: string, file: string, use: (pem: string) => T): Promise<T> {
  const path = join(directory, file);
  const pem = await readPrivate(path);
  try {
    return use(pem);
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    throw unusable(path, thrown.message, isLocked(pem) ? `Set ${PASSPHRASE_VARIABLE} to its passphrase.` : undefined);
  }
}
