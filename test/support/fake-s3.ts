import { createHash } from 'node:crypto';
import type { S3Sender } from '../../src/ledger/stores/s3-client.ts';

/** What a request does, before and after it takes effect: throw, or wait. */
export type Around = <T>(request: S3Request, take: () => T | Promise<T>) => T | Promise<T>;

export interface S3Request {
  readonly operation: 'GetObject' | 'PutObject' | 'ListObjectsV2' | 'DeleteObject';
  readonly key: string;
}

interface Version {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly lockMode: string | undefined;
  readonly lockUntil: Date | undefined;
}

interface Input {
  readonly Bucket: string;
  readonly Key?: string;
  readonly Prefix?: string;
  readonly ContinuationToken?: string;
  readonly Body?: Uint8Array;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly ObjectLockMode?: string;
  readonly ObjectLockRetainUntilDate?: Date;
}

/**
 * An S3 bucket in memory that answers an SDK client's commands with S3's own conditional semantics (Amazon S3 user guide,
 * "Add preconditions to S3 operations"): each request takes effect at one moment; 412 where a condition does not hold,
 * 404 for If-Match on nothing, 409 where told that another conditional write is under way.
 */
export class FakeS3 {
  /** Every version that was ever written, by key. */
  readonly versions: Map<string, Version[]>;
  /** Present objects. */
  readonly present: Map<string, Version>;
  readonly bucket: string;
  /** How many keys a page of a listing holds. */
  pageSize = 1000;
  /** Whether conditions are heeded at all: some services that speak S3 do not. */
  heedsConditions = true;

  constructor(bucket = 'ledgers', like?: FakeS3) {
    this.bucket = bucket;
    this.present = new Map(like?.present);
    this.versions = new Map([...(like?.versions ?? [])].map(([key, versions]) => [key, [...versions]]));
  }

  /** A bucket of its own with the same objects. */
  copy(): FakeS3 {
    return new FakeS3(this.bucket, this);
  }

  /** A client. `around` sees each of its requests. */
  client(around: Around = (_request, take) => take()): S3Sender {
    return {
      send: async (command) => {
        const input = (command as { input: Input }).input;
        const operation = command.constructor.name.replace(/Command$/, '') as S3Request['operation'];
        return around({ operation, key: input.Key ?? input.Prefix ?? '' }, () => this.#take(operation, input));
      },
    };
  }

  #take(operation: S3Request['operation'], input: Input): object {
    if (input.Bucket !== this.bucket) throw s3Error(404, 'NoSuchBucket');
    if (operation === 'GetObject') return this.#get(input.Key as string);
    if (operation === 'PutObject') return this.#put(input.Key as string, input);
    if (operation === 'ListObjectsV2') return this.#list(input.Prefix as string, input.ContinuationToken);
    this.present.delete(input.Key as string);
    return {};
  }

  #get(key: string): object {
    const found = this.present.get(key);
    if (found === undefined) throw s3Error(404, 'NoSuchKey');
    return { ETag: found.etag, Body: { transformToByteArray: async () => Uint8Array.from(found.bytes) } };
  }

  #put(key: string, input: Input): object {
    const found = this.present.get(key);
    if (this.heedsConditions) {
      if (input.IfNoneMatch === '*' && found !== undefined) throw s3Error(412, 'PreconditionFailed');
      if (input.IfMatch !== undefined && found === undefined) throw s3Error(404, 'NoSuchKey');
      if (input.IfMatch !== undefined && found?.etag !== input.IfMatch) throw s3Error(412, 'PreconditionFailed');
    }
    const bytes = Uint8Array.from(input.Body as Uint8Array);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const version = { bytes, etag, lockMode: input.ObjectLockMode, lockUntil: input.ObjectLockRetainUntilDate };
    this.present.set(key, version);
    this.versions.set(key, [...(this.versions.get(key) ?? []), version]);
    return { ETag: etag };
  }

  #list(prefix: string, token: string | undefined): object {
    const keys = [...this.present.keys()].filter((key) => key.startsWith(prefix)).sort();
    const rest = token === undefined ? keys : keys.filter((key) => key > token);
    const page = rest.slice(0, this.pageSize);
    const truncated = rest.length > page.length;
    return {
      Contents: page.map((Key) => ({ Key })),
      IsTruncated: truncated,
      ...(truncated ? { NextContinuationToken: page.at(-1) } : {}),
    };
  }
}

/** What the SDK throws for an answer of S3. */
export function s3Error(status: number, name: string): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}
