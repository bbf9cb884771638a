import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseDigestKeys } from '../../../src/attribution/cloudtrail/digest-keys.ts';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import { TrailBucket } from '../../../src/attribution/cloudtrail/trail-bucket.ts';
import type { AuditAnswer } from '../../../src/attribution/port.ts';
import { fakeBucket } from '../../support/fake-bucket.ts';
import { folderWith } from '../../support/folder.ts';
import { ACCOUNT, keyOf, questionOf, recordOf, REGION, trailText } from '../../support/trail.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const FINGERPRINT = 'aa11bb22';
const BUCKET = 'acme-trail';

function listed(key: KeyObject): string {
  const Value = key.export({ format: 'der', type: 'pkcs1' }).toString('base64');
  return JSON.stringify({ PublicKeyList: [{ Value, Fingerprint: FINGERPRINT }] });
}
const keys = parseDigestKeys(listed(publicKey), 'keys.json');

interface Made {
  readonly objects: { [key: string]: Uint8Array };
  readonly metadata: { [key: string]: Readonly<Record<string, string>> };
  readonly logs: readonly string[];
  readonly digests: readonly string[];
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Two hours of a trail with a digest each, chained and signed as CloudTrail does it. */
function trail(signer: KeyObject = privateKey): Made {
  const objects: { [key: string]: Uint8Array } = {};
  const metadata: { [key: string]: Readonly<Record<string, string>> } = {};
  const logs: string[] = [];
  const digests: string[] = [];
  let previous: { object: string; hash: string; signature: string } | undefined;
  for (const hour of [10, 11]) {
    const text = trailText([recordOf({ eventTime: `2026-03-01T${hour}:10:00Z` })]);
    const log = keyOf(`20260301T${hour}15Z`);
    objects[log] = gzipSync(text);
    logs.push(log);
    const object = `AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/2026/03/01/${ACCOUNT}_CloudTrail-Digest_${REGION}_main_${REGION}_20260301T${hour}0000Z.json.gz`;
    const digest = JSON.stringify({
      awsAccountId: ACCOUNT,
      digestStartTime: `2026-03-01T${hour}:00:00Z`,
      digestEndTime: `2026-03-01T${hour + 1}:00:00Z`,
      digestS3Bucket: BUCKET,
      digestS3Object: object,
      digestPublicKeyFingerprint: FINGERPRINT,
      digestSignatureAlgorithm: 'SHA256withRSA',
      previousDigestS3Bucket: previous === undefined ? null : BUCKET,
      previousDigestS3Object: previous?.object ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
      previousDigestSignature: previous?.signature ?? null,
      logFiles: [
        {
          s3Bucket: BUCKET,
          s3Object: log,
          hashValue: sha256(text),
          hashAlgorithm: 'SHA-256',
          oldestEventTime: `2026-03-01T${hour}:10:00Z`,
          newestEventTime: `2026-03-01T${hour}:10:00Z`,
        },
      ],
    });
    const toSign = `2026-03-01T${hour + 1}:00:00Z\n${BUCKET}/${object}\n${sha256(digest)}\n${previous?.signature ?? 'null'}`;
    const signature = sign('sha256', Buffer.from(toSign), signer).toString('hex');
    objects[object] = gzipSync(digest);
    metadata[object] = { signature, 'signature-algorithm': 'SHA256withRSA' };
    digests.push(object);
    previous = { object, hash: sha256(digest), signature };
  }
  return { objects, metadata, logs, digests };
}

function inBucket({ objects, metadata }: Made): Promise<AuditAnswer> {
  const connect = async () => fakeBucket(objects, metadata);
  return new TrailBucket({ url: `s3://${BUCKET}`, env: {}, keys, connect }).ask(questionOf());
}

const inFiles = ({ objects }: Made, given: typeof keys | undefined = keys): Promise<AuditAnswer> =>
  new AuditFiles({ paths: ['.'], cwd: folderWith(objects), keys: given }).ask(questionOf());
const chains = ({ writes }: AuditAnswer): string[] => writes.map(({ origin }) => origin.digestChain);
const gapsOf = ({ coverage }: AuditAnswer): string[] =>
  coverage.gaps.map(({ message }) => message).filter((text) => !/the log of/.test(text));

describe('digest files', () => {
  it('prove the files of a bucket', async () => {
    const answer = await inBucket(trail());
    expect(chains(answer)).toEqual(['verified', 'verified']);
    expect(answer.coverage.digestChain).toBe('verified');
    expect(gapsOf(answer)).toEqual([]);
  });

  it('prove each other by the copy of the signature in the next, where objects came without their metadata', async () => {
    const answer = await inFiles(trail());
    expect(chains(answer)).toEqual(['verified', 'not-verified']);
    expect(answer.coverage.digestChain).toBe('mixed');
    expect(gapsOf(answer)).toEqual([expect.stringContaining('the signature of the digest file is not known')]);
  });

  it('prove nothing without public keys, and that is no gap', async () => {
    const answer = await new AuditFiles({ paths: ['.'], cwd: folderWith(trail().objects) }).ask(questionOf());
    expect(chains(answer)).toEqual(['not-verified', 'not-verified']);
    expect(gapsOf(answer)).toEqual([]);
  });

  it('find out a log file that was altered, with or without keys', async () => {
    const made = trail();
    const log = made.logs[0] as string;
    made.objects[log] = gzipSync(trailText([recordOf({ userAgent: 'somebody else' })]));
    for (const answer of [await inBucket(made), await inFiles(made, undefined)]) {
      expect(chains(answer)).toContain('not-verified');
      expect(gapsOf(answer).join()).toMatch(/SHA-256 differs/);
    }
    const named = (await inBucket(made)).coverage.gaps.map(({ what }) => what);
    expect(named).toContain(`s3://${BUCKET}/${log}`);
  });

  it('find out a log file that was taken away', async () => {
    const made = trail();
    delete made.objects[made.logs[1] as string];
    expect(gapsOf(await inBucket(made))).toEqual([expect.stringContaining('was delivered')]);
  });

  it('find out a digest that was altered', async () => {
    const made = trail();
    const [first] = made.digests as [string];
    made.objects[first] = gzipSync(
      Buffer.from((await import('node:zlib')).gunzipSync(made.objects[first] as Uint8Array))
        .toString()
        .replace('"SHA-256"', '"SHA-256" '),
    );
    const answer = await inBucket(made);
    expect(chains(answer)).toEqual(['not-verified', 'verified']);
    expect(gapsOf(answer).join()).toMatch(/signature of the digest file is wrong.*it was altered/);
  });

  it('signed by somebody else prove nothing', async () => {
    const answer = await inBucket(trail(other.privateKey));
    expect(chains(answer)).toEqual(['not-verified', 'not-verified']);
    expect(gapsOf(answer).join()).toMatch(/signature of the digest file is wrong/);
  });

  it('that are no digests are a gap', async () => {
    const made = trail();
    made.objects[made.digests[1] as string] = Buffer.from('nonsense');
    expect(gapsOf(await inBucket(made)).join()).toMatch(/no digest file/);
  });

  it.each(['', '{}', '{"PublicKeyList":[{"Value":"AAAA"}]}'])('need keys that can be read: %j', (text) => {
    expect(() => parseDigestKeys(text, 'keys.json')).toThrow(expect.objectContaining({ code: 'E_AUDIT_LOG' }));
  });
});
