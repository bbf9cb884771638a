import { createHash } from 'node:crypto';
import type { Json } from '../port.ts';
import { isJsonMap, memberAt, textAt } from '../who/fields.ts';

/** One log file as a digest lists it. */
export interface ListedFile {
  readonly object: string;
  /** Hex, over the unpacked content. */
  readonly sha256: string;
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** A digest file: what was delivered in one hour, and the digest before it. */
export interface DigestFile {
  readonly name: string;
  readonly account: string;
  readonly bucket: string;
  readonly object: string;
  readonly start: string;
  readonly end: string;
  readonly fingerprint: string;
  /** Hex, over the unpacked digest file. */
  readonly sha256: string;
  /** As the object's metadata has it, hex; undefined where it came without. */
  readonly signature: string | undefined;
  readonly previous: {
    readonly object: string;
    readonly sha256: string | null;
    readonly signature: string | null;
  } | null;
  readonly files: readonly ListedFile[];
}

/**
 * Reads an unpacked digest file. Undefined where it is none.
 * Source: CloudTrail User Guide, "CloudTrail digest file structure".
 */
export function parseDigest(name: string, bytes: Uint8Array, signature: string | undefined): DigestFile | undefined {
  let json: Json;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
  } catch {
    return undefined;
  }
  const need = (member: string): string => textAt(json, member) ?? '';
  const listed = memberAt(json, 'logFiles');
  if (!isJsonMap(json) || need('digestS3Object') === '' || need('digestEndTime') === '' || !Array.isArray(listed)) {
    return undefined;
  }
  const before = textAt(json, 'previousDigestS3Object');
  return {
    name,
    account: need('awsAccountId'),
    bucket: need('digestS3Bucket'),
    object: need('digestS3Object'),
    start: need('digestStartTime'),
    end: need('digestEndTime'),
    fingerprint: need('digestPublicKeyFingerprint'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    signature,
    previous:
      before === null
        ? null
        : {
            object: before,
            sha256: textAt(json, 'previousDigestHashValue'),
            signature: textAt(json, 'previousDigestSignature'),
          },
    files: listed.flatMap((one) => listedFile(one)),
  };
}

function listedFile(json: Json): readonly ListedFile[] {
  const object = textAt(json, 's3Object');
  const sha256 = textAt(json, 'hashValue');
  if (object === null || sha256 === null || textAt(json, 'hashAlgorithm') !== 'SHA-256') return [];
  const [oldest, newest] = [textAt(json, 'oldestEventTime'), textAt(json, 'newestEventTime')];
  return [{ object, sha256: sha256.toLowerCase(), oldest, newest }];
}

/**
 * What CloudTrail signs of a digest file.
 * Source: CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity validation".
 */
export function signedText(digest: DigestFile): string {
  const { end, bucket, object, sha256, previous } = digest;
  return `${end}\n${bucket}/${object}\n${sha256}\n${previous?.signature ?? 'null'}`;
}
