import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { FormatError } from '../format-error.ts';
import { formatVkey } from '../note.ts';
import type { EntryAlgorithm, NoteSigner, Signer } from '../port.ts';
import { algorithmOf } from '../spki.ts';
import { entryKeyId } from '../trust.ts';

/** First line of a private key that is locked with a passphrase (PKCS#8 EncryptedPrivateKeyInfo, RFC 7468 section 11). */
const LOCKED = '-----BEGIN ENCRYPTED PRIVATE KEY-----';

/** A new entry key, PEM of PKCS#8; locked with AES-256 under the passphrase where there is one. */
export function newEntryKey(algorithm: EntryAlgorithm = 'ecdsa-p256', passphrase?: string): string {
  const { privateKey } =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return formatPrivateKey(privateKey, passphrase);
}

/** A new Ed25519 checkpoint key, PEM of PKCS#8; locked where there is a passphrase. */
export function newCheckpointKey(passphrase?: string): string {
  return formatPrivateKey(generateKeyPairSync('ed25519').privateKey, passphrase);
}

/** Whether a PEM text is a private key that only a passphrase opens. */
export function isLocked(pem: string): boolean {
  return pem.startsWith(LOCKED);
}

/**
 * Signs entries with a key held in memory, of either algorithm. Throws FormatError on another kind of key, and where the
 * passphrase is missing or wrong.
 */
export function entrySigner(pem: string, passphrase?: string): Signer {
  const key = privateKeyOf(pem, passphrase);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const algorithm = algorithmOf(publicKey);
  const hash = algorithm === 'ed25519' ? null : 'sha256';
  return { keyId: entryKeyId(publicKey), publicKey, algorithm, sign: async (message) => sign(hash, message, key) };
}

/** Signs checkpoints of the log `origin` with an Ed25519 key held in memory. Throws FormatError as entrySigner does. */
export function checkpointSigner(pem: string, origin: string, passphrase?: string): NoteSigner {
  const key = privateKeyOf(pem, passphrase);
  if (key.asymmetricKeyType !== 'ed25519') throw new FormatError('the key is not Ed25519');
  return { vkey: formatVkey(origin, spkiOf(key).subarray(-32)), sign: async (text) => sign(null, text, key) };
}

/** The public half of a private key, DER SubjectPublicKeyInfo. Throws FormatError as entrySigner does. */
export function publicHalf(pem: string, passphrase?: string): Uint8Array {
  return spkiOf(privateKeyOf(pem, passphrase));
}

function spkiOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}

function formatPrivateKey(key: KeyObject, passphrase: string | undefined): string {
  const plain = { format: 'pem', type: 'pkcs8' } as const;
  return key.export(passphrase === undefined ? plain : { ...plain, cipher: 'aes-256-cbc', passphrase }) as string;
}

function privateKeyOf(pem: string, passphrase: string | undefined): KeyObject {
  const locked = isLocked(pem);
  if (locked && passphrase === undefined) throw new FormatError('it is locked with a passphrase, and none was given');
  try {
    return createPrivateKey({ key: pem, format: 'pem', type: 'pkcs8', ...(locked ? { passphrase } : {}) });
  } catch {
    // The cause may quote the key: it stays here.
    throw new FormatError(locked ? 'the passphrase does not open it' : 'not a PEM private key (PKCS#8)');
  }
}
