import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { FormatError } from '../format-error.ts';
import { formatVkey } from '../note.ts';
import type { NoteSigner, Signer } from '../port.ts';
import { entryKeyId } from '../trust.ts';

/** A new ECDSA P-256 entry key, PEM of PKCS#8. */
export function newEntryKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** A new Ed25519 checkpoint key, PEM of PKCS#8. */
export function newCheckpointKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** Signs entries with a key held in memory: ECDSA P-256 over SHA-256, DER. Throws FormatError on another kind of key. */
export function entrySigner(pem: string): Signer {
  const key = privateKeyOf(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new FormatError('the key is not ECDSA P-256');
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    keyId: entryKeyId(publicKey),
    publicKey,
    sign: async (message) => sign('sha256', message, key),
  };
}

/** Signs checkpoints of the log `origin` with an Ed25519 key held in memory. Throws FormatError on another kind of key. */
export function checkpointSigner(pem: string, origin: string): NoteSigner {
  const key = privateKeyOf(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new FormatError('the key is not Ed25519');
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { vkey: formatVkey(origin, spki.subarray(-32)), sign: async (text) => sign(null, text, key) };
}

function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', type: 'pkcs8' });
  } catch {
    // The cause may quote the key: it stays here.
    throw new FormatError('not a PEM private key (PKCS#8)');
  }
}
