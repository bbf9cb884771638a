import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DriftbomError, errnoOf, messageOf } from '../model/error.ts';
import { FormatError } from './format-error.ts';
import { formatRedactionKey, parseRedactionKey, type RedactionKey, redactionKey } from './hmac.ts';
import { newCheckpointKey, newEntryKey } from './signers/local.ts';

/** The private keys of a ledger. They never stand in the ledger folder, which is safe to publish. */
export interface LedgerKeys {
  /** ECDSA P-256, PEM of PKCS#8: signs entries. */
  readonly entry: string;
  /** Ed25519, PEM of PKCS#8: signs checkpoints. */
  readonly checkpoint: string;
  /** Masks secrets. */
  readonly redaction: RedactionKey;
}

const ENTRY_FILE = 'entry.pem';
const CHECKPOINT_FILE = 'checkpoint.pem';
const REDACTION_FILE = 'redaction.key';

/** Where a ledger's private keys lie if nobody says otherwise: `.driftbom/keys` for `.driftbom/ledger`, else `<ledger>-keys`. */
export function defaultKeysDirectory(ledger: string): string {
  const parent = dirname(ledger);
  return basename(parent) === '.driftbom' ? join(parent, 'keys') : join(parent, `${basename(ledger)}-keys`);
}

/**
 * Makes the keys that are missing: folder 0700, files 0600, and a .gitignore that keeps them out of commits. Gives the
 * paths of the keys that it made. `random` gives that many random bytes; `redaction` is a redaction key that was used
 * already, before there was a place for it. Throws E_KEY where the folder refuses.
 */
export async function makeKeys(
  directory: string,
  random: (count: number) => Uint8Array,
  redaction?: RedactionKey,
): Promise<string[]> {
  const wanted: readonly (readonly [string, () => string])[] = [
    ['.gitignore', () => '# Private keys: never commit them.\n*\n'],
    [ENTRY_FILE, newEntryKey],
    [CHECKPOINT_FILE, newCheckpointKey],
    [REDACTION_FILE, () => formatRedactionKey(redaction ?? redactionKey(random(32)))],
  ];
  try {
    if ((await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined) await chmod(directory, 0o700);
    const made: string[] = [];
    for (const [name, content] of wanted) {
      const path = join(directory, name);
      if ((await writeNew(path, content)) && name !== '.gitignore') made.push(path);
    }
    return made;
  } catch (thrown) {
    throw new DriftbomError(
      'E_KEY',
      `cannot make keys in ${directory}: ${errnoOf(thrown) ?? messageOf(thrown)}`,
      'Name a folder that you may write to.',
    );
  }
}

/** Which of the three key files are missing. */
export async function missingKeys(directory: string): Promise<string[]> {
  const missing: string[] = [];
  for (const name of [ENTRY_FILE, CHECKPOINT_FILE, REDACTION_FILE]) {
    const path = join(directory, name);
    if (!(await exists(path))) missing.push(path);
  }
  return missing;
}

/** Reads the private keys. Throws E_KEY, which names the file and never its content. */
export async function loadKeys(directory: string): Promise<LedgerKeys> {
  const redactionPath = join(directory, REDACTION_FILE);
  const redaction = await readPrivate(redactionPath);
  try {
    return {
      entry: await readPrivate(join(directory, ENTRY_FILE)),
      checkpoint: await readPrivate(join(directory, CHECKPOINT_FILE)),
      redaction: parseRedactionKey(redaction),
    };
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    throw unusable(redactionPath, thrown.message);
  }
}

/** E_KEY for a key file that cannot be used. */
export function unusable(path: string, why: string): DriftbomError {
  return new DriftbomError(
    'E_KEY',
    `the key ${path} cannot be used: ${why}`,
    'Put the right key file back from where it is kept safe; a ledger cannot be continued without its keys.',
  );
}

async function readPrivate(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    // Windows has no such bits.
    if ((mode & 0o077) !== 0 && platform() !== 'win32') {
      throw new DriftbomError('E_KEY', `other users may read the key ${path}`, `Run: chmod 600 ${path}`);
    }
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof DriftbomError) throw thrown;
    throw unusable(path, errnoOf(thrown) === 'ENOENT' ? 'it is missing' : (errnoOf(thrown) ?? 'it cannot be read'));
  }
}

async function writeNew(path: string, content: () => string): Promise<boolean> {
  if (await exists(path)) return false;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content());
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}
