import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, PutObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Sdk, S3Sender } from './s3-client.ts';
import { accessError, faultOf, type S3Operation } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';

export interface Found {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** Under which condition an object is written: none, that there is none yet, or that it is the one with this ETag. */
export type Condition = 'any' | 'absent' | { readonly ifMatch: string };

/** How long S3 keeps an object whatever anybody does (S3 Object Lock). */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

/** A bucket answers 409 where conditional writes of one object meet, and asks to try again. */
const CONFLICTS = 8;
/** A body may break off after the SDK has handed it out. */
const BODIES = 3;

/** The objects below one prefix of a bucket. Every method throws E_LEDGER_ACCESS. */
export class Bucket {
  readonly #place: S3Place;
  readonly #load: () => Promise<{ readonly sdk: S3Sdk; readonly client: S3Sender }>;

  constructor(place: S3Place, makeClient: (sdk: S3Sdk) => S3Sender) {
    this.#place = place;
    let loading: Promise<{ sdk: S3Sdk; client: S3Sender }> | undefined;
    this.#load = () => {
      loading ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: makeClient(sdk) }));
      return loading;
    };
  }

  async get(key: string): Promise<Found | undefined> {
    const input = { Bucket: this.#place.bucket, Key: this.#full(key) };
    for (let attempt = 1; ; attempt++) {
      let output: GetObjectCommandOutput;
      try {
        const { sdk, client } = await this.#load();
        output = (await client.send(new sdk.GetObjectCommand(input))) as GetObjectCommandOutput;
      } catch (thrown) {
        const { name, status } = faultOf(thrown);
        if (status === 404 && name !== 'NoSuchBucket') return undefined;
        throw this.#error('GetObject', key, thrown);
      }
      try {
        return { bytes: (await output.Body?.transformToByteArray()) ?? new Uint8Array(), etag: output.ETag ?? '' };
      } catch (thrown) {
        if (attempt === BODIES) throw this.#error('GetObject', key, thrown);
      }
    }
  }

  /** Gives the new ETag; undefined where the condition did not hold, and then nothing was written. */
  async put(key: string, bytes: Uint8Array, condition: Condition, retention?: Retention): Promise<string | undefined> {
    const input = {
      Bucket: this.#place.bucket,
      Key: this.#full(key),
      Body: bytes,
      ...(condition === 'any' ? {} : condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch }),
      ...(retention && { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: retention.until }),
    };
    for (let attempt = 1; attempt <= CONFLICTS; attempt++) {
      try {
        const { sdk, client } = await this.#load();
        const output = (await client.send(new sdk.PutObjectCommand(input))) as PutObjectCommandOutput;
        return output.ETag ?? '';
      } catch (thrown) {
        const { name, status } = faultOf(thrown);
        // 404: there is nothing that could match.
        if (status === 412 || (status === 404 && name !== 'NoSuchBucket' && condition !== 'any')) return undefined;
        const again = status === 409 && (attempt < CONFLICTS || condition !== 'any');
        if (!again) throw this.#error('PutObject', key, thrown);
      }
    }
    return undefined;
  }

  /** Keys that begin with the prefix, as the bucket sorts them: by bytes. */
  async list(prefix: string): Promise<string[]> {
    const head = this.#full('');
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = { Bucket: this.#place.bucket, Prefix: this.#full(prefix), ContinuationToken: token };
      try {
        const { sdk, client } = await this.#load();
        const output = (await client.send(new sdk.ListObjectsV2Command(page))) as ListObjectsV2CommandOutput;
        for (const { Key } of output.Contents ?? []) if (Key !== undefined) keys.push(Key.slice(head.length));
        token = output.IsTruncated === true ? output.NextContinuationToken : undefined;
      } catch (thrown) {
        throw this.#error('ListObjectsV2', prefix, thrown);
      }
    } while (token !== undefined);
    return keys;
  }

  /** False where the bucket lets nobody like us delete: it keeps everything. */
  async remove(key: string): Promise<boolean> {
    try {
      const { sdk, client } = await this.#load();
      await client.send(new sdk.DeleteObjectCommand({ Bucket: this.#place.bucket, Key: this.#full(key) }));
      return true;
    } catch (thrown) {
      const { status } = faultOf(thrown);
      if (status === 403) return false;
      if (status === 404) return true;
      throw this.#error('DeleteObject', key, thrown);
    }
  }

  #full(key: string): string {
    return this.#place.prefix === '' ? key : `${this.#place.prefix}/${key}`;
  }

  #error(operation: S3Operation, key: string, thrown: unknown): unknown {
    // A fault of ours must not pass for one of the network.
    if (thrown instanceof TypeError || thrown instanceof ReferenceError) return thrown;
    return accessError(this.#place.bucket, operation, key, thrown);
  }
}
