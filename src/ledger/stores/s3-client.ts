import type { S3Client } from '@aws-sdk/client-s3';

/** The AWS SDK's module for S3, which is loaded only where a ledger lies there: it takes a third of a second. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/** The part of an S3 client that the store uses. */
export interface S3Sender {
  send(command: object): Promise<object>;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 60_000;
/** The SDK tries again, ever later, what failed on the way. */
const ATTEMPTS = 5;

/**
 * How a client is made from an environment: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL name another service that speaks
 * S3, whose buckets are then parts of the path; AWS_REGION or AWS_DEFAULT_REGION the region. Credentials are found by
 * the SDK.
 */
export function s3Client(env: Readonly<Record<string, string | undefined>>): (sdk: S3Sdk) => S3Sender {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : undefined);
  return (sdk): S3Client =>
    new sdk.S3Client({
      ...(endpoint ? { endpoint, forcePathStyle: true } : { followRegionRedirects: true }),
      ...(region ? { region } : {}),
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
    });
}
