import type { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { createPublicKey } from 'node:crypto';
import { DriftbomError, messageOf } from '../../model/error.ts';
import { sha256 } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import type { Signer } from '../port.ts';
import { algorithmOf, signatureHolds } from '../spki.ts';
import { entryKeyId } from '../trust.ts';

/** The part of a KMS client that we use; the SDK's own retries throttled calls. */
export interface KmsClient {
  send(command: GetPublicKeyCommand | SignCommand): Promise<unknown>;
}

/** Makes a client for a region. Tests give their own. */
export type ConnectKms = (region: string) => Promise<KmsClient>;

/** Throttling is met by waiting; a batch of many entries asks often. */
const MAX_ATTEMPTS = 8;
const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/;

/** The client of the AWS SDK, with the credentials and endpoints that it finds by itself. */
export const connectKms: ConnectKms = async (region) => {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  const client = new KMSClient({ region, maxAttempts: MAX_ATTEMPTS });
  return { send: (command) => client.send(command as SignCommand) };
};

/** Throws E_USAGE where the text is no ARN of a key. An alias may be moved to another key, so it cannot name ours. */
function regionOfKmsKey(arn: string): string {
  const region = KEY_ARN.exec(arn)?.[1];
  if (region !== undefined) return region;
  throw new DriftbomError(
    'E_USAGE',
    `${JSON.stringify(arn)} is no ARN of a KMS key`,
    'Write arn:aws:kms:REGION:ACCOUNT:key/ID; an alias may be moved, so it is not taken.',
  );
}

/**
 * The public half of a KMS key, DER SubjectPublicKeyInfo. Throws E_SIGNER, also where the key is not ECC_NIST_P256 for
 * signing.
 */
export async function kmsPublicKey(arn: string, connect: ConnectKms): Promise<Uint8Array> {
  const client = await connect(regionOfKmsKey(arn));
  const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
  const answer = (await asking(arn, 'GetPublicKey', () => client.send(new GetPublicKeyCommand({ KeyId: arn })))) as {
    readonly PublicKey?: Uint8Array;
    readonly KeySpec?: string;
    readonly KeyUsage?: string;
  };
  if (answer.KeyUsage !== 'SIGN_VERIFY' || !isP256(answer.PublicKey)) {
    const is = `${answer.KeySpec ?? 'of another kind'} for ${answer.KeyUsage ?? 'no known use'}`;
    throw failed(arn, 'GetPublicKey', `the key is ${is}`, 'Make a key of spec ECC_NIST_P256 and usage SIGN_VERIFY.');
  }
  return answer.PublicKey;
}

/**
 * Signs entries with a KMS key: KMS is given SHA-256 of the message (MessageType DIGEST; a message itself may be 4,096
 * bytes at most), and its answer is held against the public key that is remembered. The client is made at first use.
 */
export function kmsSigner(arn: string, publicKey: Uint8Array, connect: ConnectKms): Signer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  let client: Promise<KmsClient> | undefined;
  return {
    keyId: entryKeyId(publicKey),
    publicKey,
    algorithm: 'ecdsa-p256',
    sign: async (message) => {
      const { SignCommand } = await import('@aws-sdk/client-kms');
      client ??= connect(regionOfKmsKey(arn));
      const kms = await client;
      const command = new SignCommand({
        KeyId: arn,
        Message: sha256(message),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      });
      const { Signature: signature } = (await asking(arn, 'Sign', () => kms.send(command))) as {
        readonly Signature?: Uint8Array;
      };
      if (signature !== undefined && signatureHolds(key, message, signature)) return signature;
      throw failed(arn, 'Sign', 'its signature does not hold under the public key that the ledger knows');
    },
  };
}

/** What the key is, its bytes say; emulators leave KeySpec out. */
function isP256(publicKey: Uint8Array | undefined): publicKey is Uint8Array {
  try {
    return publicKey !== undefined && algorithmOf(publicKey) === 'ecdsa-p256';
  } catch (thrown) {
    if (thrown instanceof FormatError) return false;
    throw thrown;
  }
}

async function asking<T>(arn: string, operation: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : 'Error';
    throw failed(arn, operation, `${name}: ${messageOf(thrown)}`, undefined, thrown);
  }
}

function failed(arn: string, operation: string, why: string, cure?: string, cause?: unknown): DriftbomError {
  const usual =
    'Check the credentials, that the key is enabled, and that kms:Sign and kms:GetPublicKey are allowed on it.';
  return new DriftbomError('E_SIGNER', `kms:${operation} with ${arn} failed: ${why}`, cure ?? usual, { cause });
}
