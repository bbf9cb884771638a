/** The environment from which clients are made: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION and so on. */
export type AwsEnv = Readonly<Record<string, string | undefined>>;

/** The part of a client of the AWS SDK that is used. */
export interface AwsSender {
  send(command: object): Promise<object>;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 60_000;
/** The SDK tries again, ever later, what failed on the way. */
const ATTEMPTS = 6;

/** The AWS SDK for S3 with a client; loaded here only, and only where a log lies in S3: it takes a third of a second. */
export async function connectS3(
  env: AwsEnv,
): Promise<{ readonly sdk: typeof import('@aws-sdk/client-s3'); readonly client: AwsSender }> {
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const client = new sdk.S3Client({
    // What stands in for S3 has no name for each bucket.
    ...(endpoint ? { endpoint, forcePathStyle: true } : { followRegionRedirects: true }),
    region: regionOf(env),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
  });
  return { sdk, client };
}

/** The AWS SDK for CloudTrail with a client of one region. */
export async function connectCloudTrail(
  env: AwsEnv,
  region: string,
): Promise<{ readonly sdk: typeof import('@aws-sdk/client-cloudtrail'); readonly client: AwsSender }> {
  const sdk = await import('@aws-sdk/client-cloudtrail');
  const endpoint = env.AWS_ENDPOINT_URL_CLOUDTRAIL || env.AWS_ENDPOINT_URL;
  const client = new sdk.CloudTrailClient({
    ...(endpoint ? { endpoint } : {}),
    region,
    // The rate is kept by the caller, who also waits where AWS asks to.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
  });
  return { sdk, client };
}

/** The region of the environment; us-east-1 where it names none, as every account has it. */
export function regionOf(env: AwsEnv): string {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
}

/** Name and HTTP status of what the SDK threw. Its text is never shown: it may quote what it was given. */
export function faultOf(thrown: unknown): { readonly name: string; readonly status: number | undefined } {
  const { name, code, $metadata } = (thrown ?? {}) as {
    name?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const called = typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error';
  return { name: called, status: $metadata?.httpStatusCode };
}
