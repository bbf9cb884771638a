import { DriftbomError } from '../../model/error.ts';
import type { AuditAnswer, AuditQuestion } from '../port.ts';
import { answerOf, type Collected, type TrailLog } from './answer.ts';
import { askObjects } from './ask-objects.ts';
import type { AwsEnv } from './aws-clients.ts';
import { type Bucket, bucketError, s3Bucket } from './bucket.ts';
import { BucketCache } from './bucket-cache.ts';
import { type ListedObject, trailObjects } from './bucket-keys.ts';
import type { DigestKeys } from './digest-keys.ts';
import { parseTrailKey } from './layout.ts';
import { type DigestObject, readDigests, regionsOf } from './read-digests.ts';
import { mayMatter, scopeOf } from './window.ts';

export interface TrailBucketOptions {
  /** `s3://bucket/prefix`. */
  readonly url: string;
  readonly env: AwsEnv;
  /** CloudTrail's public keys; digest files are read where they are given. */
  readonly keys?: DigestKeys | undefined;
  /** Folder in which objects are kept for the next time; undefined: nothing is written to disk. */
  readonly cacheDir?: string | undefined;
  /** Milliseconds since 1970: what is dated later moves no horizon. */
  readonly now?: (() => number) | undefined;
  /** Makes the bucket's client; tests give their own. */
  readonly connect?: ((bucket: string, env: AwsEnv) => Promise<Bucket>) | undefined;
}

/** Objects fetched at a time: most are small, and fetching one is mostly waiting. */
const WIDTH = 8;
const CACHE_BYTES = 2 * 2 ** 30;

/** An audit log in the bucket of a trail, of one account or of an organisation. */
export class TrailBucket implements TrailLog {
  readonly name: string;
  readonly #options: TrailBucketOptions;

  constructor(options: TrailBucketOptions) {
    this.#options = options;
    this.name = options.url;
  }

  async ask(question: AuditQuestion): Promise<AuditAnswer> {
    return answerOf(await this.collect(question));
  }

  async collect(question: AuditQuestion): Promise<Collected> {
    const { url, env, keys, cacheDir, now, connect = s3Bucket } = this.#options;
    const place = parseUrl(url);
    const scope = scopeOf(question);
    const kinds = keys === undefined ? (['CloudTrail'] as const) : (['CloudTrail', 'CloudTrail-Digest'] as const);
    const bucket = await connect(place.bucket, env);
    const listed = await trailObjects(bucket, place.prefix, scope, kinds).catch((thrown: unknown) => {
      throw bucketError(url, thrown);
    });
    if (listed.length === 0) {
      throw new DriftbomError(
        'E_AUDIT_LOG',
        `no object of a log is at ${url} for the time, accounts and regions asked for`,
        'Give the place in which the folder AWSLogs lies: s3://BUCKET/PREFIX.',
      );
    }
    const cache = cacheDir === undefined ? undefined : new BucketCache(cacheDir, CACHE_BYTES);
    const objects = listed.map((one) => logObject(place.bucket, one, bucket, cache));
    const digests = objects.filter(({ key }) => key?.kind === 'digest' && mayMatter(key, scope));
    const { book, gaps } = await readDigests(digests, keys, WIDTH);
    const logs = objects.filter(({ key }) => key?.kind !== 'digest');
    const quiet = regionsOf(digests);
    const reading = { source: url, objects: logs, digests: book, quiet, gaps, now: now?.(), width: WIDTH };
    const { reread, ...collected } = await askObjects(reading, question);
    await cache?.shrink();
    const again: Collected['reread'] = async (wanted) => {
      const found = await reread(wanted);
      if (wanted.length > 0) await cache?.shrink();
      return found;
    };
    return { ...collected, reread: again };
  }
}

function logObject(
  bucketName: string,
  { key, etag }: ListedObject,
  bucket: Bucket,
  cache: BucketCache | undefined,
): DigestObject {
  const name = `s3://${bucketName}/${key}`;
  const parsed = parseTrailKey(key);
  let signature: string | undefined;
  async function* fetch(): AsyncGenerator<Uint8Array, void, undefined> {
    const { body, metadata } = await bucket.get(key);
    signature = metadata.signature;
    yield* body;
  }
  // A digest's signature is not in its bytes, so it is always fetched.
  const kept = cache !== undefined && parsed?.kind !== 'digest';
  return {
    name,
    key: parsed,
    open: () => (kept ? cache.read(`${name}\n${etag}`, fetch) : fetch()),
    signature: () => signature,
  };
}

function parseUrl(url: string): { readonly bucket: string; readonly prefix: string } {
  const match = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:\/(.*))?$/.exec(url);
  if (match === null) {
    throw new DriftbomError(
      'E_USAGE',
      `${JSON.stringify(url)} names no place in S3`,
      'Write s3://BUCKET/PREFIX, for example s3://acme-trail/AWSLogs.',
    );
  }
  return { bucket: match[1] as string, prefix: match[2] ?? '' };
}
