import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { DriftbomError } from '../../model/error.ts';
import { type AwsEnv, connectS3, faultOf } from './aws-clients.ts';

/** One page of a listing. */
export interface BucketPage {
  readonly objects: readonly { readonly key: string; readonly etag: string }[];
  /** Where a delimiter was given: what stands up to it, once each. */
  readonly prefixes: readonly string[];
  readonly next: string | undefined;
}

export interface BucketQuestion {
  readonly prefix: string;
  readonly delimiter?: string;
  /** Keys up to this one are left out. */
  readonly startAfter?: string;
  readonly token?: string;
}

/** What is asked of a bucket: to list, and to give an object. Throws whatever its client throws. */
export interface Bucket {
  list(question: BucketQuestion): Promise<BucketPage>;
  get(key: string): Promise<{
    readonly body: AsyncIterable<Uint8Array>;
    readonly metadata: Readonly<Record<string, string>>;
  }>;
}

/** A bucket of S3, or of what AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL put in its place. */
export async function s3Bucket(name: string, env: AwsEnv): Promise<Bucket> {
  const { sdk, client } = await connectS3(env);
  return {
    list: async ({ prefix, delimiter, startAfter, token }) => {
      const command = new sdk.ListObjectsV2Command({
        Bucket: name,
        Prefix: prefix,
        ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
        ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = (await client.send(command)) as ListObjectsV2CommandOutput;
      return {
        objects: (page.Contents ?? []).map(({ Key = '', ETag = '' }) => ({ key: Key, etag: ETag })),
        prefixes: (page.CommonPrefixes ?? []).flatMap((one) => one.Prefix ?? []),
        next: page.IsTruncated === true ? page.NextContinuationToken : undefined,
      };
    },
    get: async (key) => {
      const object = (await client.send(
        new sdk.GetObjectCommand({ Bucket: name, Key: key }),
      )) as GetObjectCommandOutput;
      return { body: object.Body as AsyncIterable<Uint8Array>, metadata: object.Metadata ?? {} };
    },
  };
}

/** E_AUDIT_LOG: the bucket cannot be listed. */
export function bucketError(url: string, thrown: unknown): DriftbomError {
  const { name, status } = faultOf(thrown);
  const cure =
    status === 403 || /Denied|Credentials|Token/.test(name)
      ? 'Log in to AWS as somebody who is allowed s3:ListBucket and s3:GetObject there.'
      : 'Check the name of the bucket, AWS_REGION and the network.';
  return new DriftbomError('E_AUDIT_LOG', `cannot list the audit log ${url}: ${name}`, cure, { cause: thrown });
}
