import { createPublicKey, type KeyObject } from 'node:crypto';
import { DriftbomError } from '../../model/error.ts';
import type { Json } from '../port.ts';
import { memberAt, textAt } from '../who/fields.ts';

const CURE = 'Write it with: aws cloudtrail list-public-keys --start-time ... --end-time ... > FILE';

/** CloudTrail's public keys by fingerprint. */
export type DigestKeys = ReadonlyMap<string, KeyObject>;

/**
 * Reads the output of `aws cloudtrail list-public-keys`: keys are PKCS #1 DER in base64. Throws E_AUDIT_LOG where the
 * text is something else.
 */
export function parseDigestKeys(text: string, where: string): DigestKeys {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw new DriftbomError('E_AUDIT_LOG', `${where} is no JSON`, CURE, { cause });
  }
  const list = memberAt(json, 'PublicKeyList');
  if (!Array.isArray(list)) throw new DriftbomError('E_AUDIT_LOG', `${where} has no list of public keys`, CURE);
  return new Map(list.map((one: Json) => [textAt(one, 'Fingerprint') ?? '', publicKey(one, where)]));
}

function publicKey(json: Json, where: string): KeyObject {
  try {
    const der = Buffer.from(textAt(json, 'Value') ?? '', 'base64');
    return createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
  } catch (cause) {
    throw new DriftbomError('E_AUDIT_LOG', `${where} holds a public key that cannot be read`, CURE, { cause });
  }
}
