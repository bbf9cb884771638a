import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';
import { policy, type Statement, tlsOnly } from './policy.ts';

export interface PrivateBucketOptions {
  readonly bucket: string;
  /** KMS key; without one, S3's own keys encrypt (SSE-S3). */
  readonly kmsKeyArn?: string | undefined;
  /** `governance:DAYS` or `compliance:DAYS`. Can only be chosen when the bucket is made. */
  readonly objectLock?: string | undefined;
  /** Days after which objects expire. */
  readonly expireDays?: number;
  /** Bucket policy statements beyond TLS-only. */
  readonly statements?: (bucketArn: string) => readonly Statement[];
}

/** A bucket that nobody outside reaches: versioned, encrypted, no public access, no ACLs, TLS only. */
export class PrivateBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, options: PrivateBucketOptions) {
    super(scope, id);
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: options.bucket,
      objectLockEnabled: options.objectLock !== undefined,
      // What was recorded must not go with a careless `destroy`.
      lifecycle: { preventDestroy: true },
    });
    this.name = bucket.id;
    this.arn = bucket.arn;
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault:
            options.kmsKeyArn === undefined
              ? { sseAlgorithm: 'AES256' }
              : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: options.kmsKeyArn },
          bucketKeyEnabled: options.kmsKeyArn !== undefined,
        },
      ],
    });
    const blocked = new S3BucketPublicAccessBlock(this, 'private', {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket: bucket.id,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    // S3 refuses two changes of a bucket's access at once, hence one after the other.
    new S3BucketPolicy(this, 'policy', {
      bucket: bucket.id,
      policy: policy(tlsOnly(bucket.arn), ...(options.statements?.(bucket.arn) ?? [])),
      dependsOn: [blocked],
    });
    if (options.objectLock !== undefined) this.lock(options.objectLock, versioning);
    if (options.expireDays !== undefined) this.expire(options.expireDays, versioning);
  }

  private lock(objectLock: string, versioning: S3BucketVersioningA): void {
    const [mode, days] = objectLock.split(':');
    new S3BucketObjectLockConfigurationA(this, 'lock', {
      bucket: this.name,
      rule: { defaultRetention: { mode: String(mode).toUpperCase(), days: Number(days) } },
      dependsOn: [versioning],
    });
  }

  private expire(days: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: this.name,
      rule: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
