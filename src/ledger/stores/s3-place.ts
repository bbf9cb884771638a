import { DriftbomError } from '../../model/error.ts';

/** Where in S3 a ledger lies. */
export interface S3Place {
  readonly bucket: string;
  /** Without slashes at its ends; empty: the whole bucket. */
  readonly prefix: string;
}

const SCHEME = 's3://';
/** Amazon S3 user guide, "General purpose bucket naming rules"; old buckets may have capitals and underscores. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;

export function isS3Url(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** Reads `s3://bucket/prefix`. Throws E_USAGE. */
export function parseS3Url(url: string): S3Place {
  const [bucket = '', ...parts] = url.slice(SCHEME.length).split('/');
  const prefix = parts.filter((part, at) => part !== '' || at < parts.length - 1).join('/');
  const plain = parts.every((part, at) => !['.', '..'].includes(part) && (part !== '' || at === parts.length - 1));
  if (isS3Url(url) && BUCKET.test(bucket) && plain) return { bucket, prefix };
  throw new DriftbomError(
    'E_USAGE',
    `${JSON.stringify(url)} names no place in S3`,
    'Write s3://BUCKET/PREFIX, for example s3://acme-audit/driftbom/prod.',
  );
}
