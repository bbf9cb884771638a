import { DriftbomError, errnoOf } from '../../model/error.ts';

/** What of an S3 error tells what went wrong. Its text is never shown: it may quote what it refuses. */
export interface S3Fault {
  readonly name: string;
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
}

export function faultOf(thrown: unknown): S3Fault {
  const { name, $metadata } = (thrown ?? {}) as { name?: unknown; $metadata?: { httpStatusCode?: number } };
  return { name: errnoOf(thrown) ?? (typeof name === 'string' ? name : 'Error'), status: $metadata?.httpStatusCode };
}

/** The operations that are used, and the permission that each needs. */
const PERMISSIONS = {
  GetObject: 's3:GetObject',
  PutObject: 's3:PutObject (and s3:PutObjectRetention with objectLock)',
  ListObjectsV2: 's3:ListBucket',
  DeleteObject: 's3:DeleteObject',
} as const;
export type S3Operation = keyof typeof PERMISSIONS;

/** E_LEDGER_ACCESS: which bucket refused what, and what to do about it. */
export function accessError(bucket: string, operation: S3Operation, key: string, thrown: unknown): DriftbomError {
  const fault = faultOf(thrown);
  const { what, cure } = explain(fault, bucket, operation);
  const name = fault.status === undefined ? fault.name : `${fault.name}, ${fault.status}`;
  const object = key === '' ? '' : ` of ${key}`;
  return new DriftbomError('E_LEDGER_ACCESS', `${operation}${object}: ${what} (${name})`, cure, { cause: thrown });
}

function explain(
  { name, status }: S3Fault,
  bucket: string,
  operation: S3Operation,
): { readonly what: string; readonly cure: string } {
  const where = `the bucket ${bucket}`;
  if (name === 'NoSuchBucket') {
    return { what: `${where} does not exist`, cure: 'Create it, or correct the name given to --ledger.' };
  }
  if (/Credentials|Token|InvalidAccessKeyId|SignatureDoesNotMatch/i.test(name)) {
    return {
      what: `${where} does not know these credentials`,
      cure: 'Log in to AWS, or set AWS_PROFILE, and try again.',
    };
  }
  if (status === 403 || name === 'AccessDenied') {
    return {
      what: `${where} refuses it`,
      cure: `Allow ${PERMISSIONS[operation]} to whom you are logged in as; without s3:ListBucket a missing object is refused too.`,
    };
  }
  if (name === 'InvalidRequest' || name === 'InvalidBucketState' || status === 400) {
    return {
      what: `${where} takes no such request`,
      cure: 'With objectLock configured, Object Lock must be enabled on the bucket; otherwise check AWS_REGION.',
    };
  }
  if (status !== undefined) {
    return { what: `${where} failed`, cure: 'Try again later: the ledger is whole, and nothing is lost.' };
  }
  return {
    what: `${where} cannot be reached`,
    cure: 'Check the network, AWS_REGION and AWS_ENDPOINT_URL_S3, and try again: the ledger is whole.',
  };
}
