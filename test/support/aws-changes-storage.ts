import type { AwsChange, World } from './aws-change.ts';

const BUCKET = 'orders-data-123456789012';
const TABLE = 'orders-table';
const RECOVERY = 'orders-recovery-123456789012';
const REPOSITORY = 'orders/app';

function versioning(status: 'Enabled' | 'Suspended'): (world: World) => Promise<unknown> {
  return (world) => world.aws.s3.putBucketVersioning({ Bucket: BUCKET, VersioningConfiguration: { Status: status } });
}

function publicAccess(blockAcls: boolean): (world: World) => Promise<unknown> {
  return (world) =>
    world.aws.s3.putPublicAccessBlock({
      Bucket: BUCKET,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: blockAcls,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
}

function tags(tagged: Readonly<Record<string, string>>): (world: World) => Promise<unknown> {
  return (world) =>
    world.aws.s3.putBucketTagging({
      Bucket: BUCKET,
      Tagging: { TagSet: Object.entries(tagged).map(([Key, Value]) => ({ Key, Value })) },
    });
}

const allTags = { Environment: 'acceptance', ManagedBy: 'terraform', Service: 'orders', Team: 'payments' };
const { Team: _, ...withoutTeam } = allTags;

function bucketPolicy(document: (declared: PolicyDocument) => unknown): (world: World) => Promise<unknown> {
  return (world) => {
    const declared = JSON.parse(world.of('aws_s3_bucket_policy.data', 'policy')) as PolicyDocument;
    return world.aws.s3.putBucketPolicy({ Bucket: BUCKET, Policy: JSON.stringify(document(declared)) });
  };
}

interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

const readByAll = {
  Sid: 'Open',
  Effect: 'Allow',
  Action: 's3:GetObject',
  Principal: '*',
  Resource: `arn:aws:s3:::${BUCKET}/*`,
};

function equivalent(declared: PolicyDocument): unknown {
  const statement = declared.Statement[0] ?? {};
  const resources = statement.Resource as readonly string[];
  return {
    Statement: { ...statement, Action: ['s3:*'], Resource: [...resources].reverse() },
    Version: declared.Version,
  };
}

export const storageChanges: readonly AwsChange[] = [
  {
    name: 'versioning suspended',
    address: 'aws_s3_bucket_versioning.data',
    expected: ['versioning_configuration[0].status'],
    apply: versioning('Suspended'),
    undo: versioning('Enabled'),
  },
  {
    name: 'one of four public access blocks off',
    address: 'aws_s3_bucket_public_access_block.data',
    expected: ['block_public_acls'],
    apply: publicAccess(false),
    undo: publicAccess(true),
  },
  {
    name: 'default encryption by another key',
    address: 'aws_s3_bucket_server_side_encryption_configuration.data',
    expected: ['rule'],
    apply: (w) =>
      w.aws.s3.putBucketEncryption({
        Bucket: BUCKET,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }],
        },
      }),
    undo: (w) =>
      w.aws.s3.putBucketEncryption({
        Bucket: BUCKET,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: w.of('aws_kms_key.main', 'arn'),
              },
              BucketKeyEnabled: true,
            },
          ],
        },
      }),
  },
  {
    name: 'a tag of a bucket removed',
    address: 'aws_s3_bucket.data',
    expected: ['tags.Team'],
    apply: tags(withoutTeam),
    undo: tags(allTags),
  },
  {
    name: 'a statement added to a bucket policy',
    address: 'aws_s3_bucket_policy.data',
    expected: ['policy'],
    apply: bucketPolicy((declared) => ({ ...declared, Statement: [...declared.Statement, readByAll] })),
    undo: bucketPolicy((declared) => declared),
  },
  {
    name: 'a bucket policy rewritten to an equivalent document',
    address: 'aws_s3_bucket_policy.data',
    expected: 'equal',
    apply: bucketPolicy(equivalent),
    undo: bucketPolicy((declared) => declared),
  },
  {
    name: 'a policy put on a bucket that has none declared',
    address: 'aws_s3_bucket.recovery',
    expected: ['policy'],
    apply: (w) =>
      w.recovery.s3.putBucketPolicy({
        Bucket: RECOVERY,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ ...readByAll, Resource: `arn:aws:s3:::${RECOVERY}/*` }],
        }),
      }),
    undo: (w) => w.recovery.s3.deleteBucketPolicy({ Bucket: RECOVERY }),
  },
  {
    name: 'deletion protection of a table off',
    address: 'aws_dynamodb_table.orders',
    expected: ['deletion_protection_enabled'],
    apply: (w) => w.aws.dynamodb.updateTable({ TableName: TABLE, DeletionProtectionEnabled: false }),
    undo: (w) => w.aws.dynamodb.updateTable({ TableName: TABLE, DeletionProtectionEnabled: true }),
  },
  {
    name: 'point in time recovery of a table off',
    address: 'aws_dynamodb_table.orders',
    expected: ['point_in_time_recovery[0].enabled'],
    apply: (w) =>
      w.aws.dynamodb.updateContinuousBackups({
        TableName: TABLE,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
    undo: (w) =>
      w.aws.dynamodb.updateContinuousBackups({
        TableName: TABLE,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      }),
  },
  {
    name: 'image tags may be overwritten',
    address: 'aws_ecr_repository.app',
    expected: ['image_tag_mutability'],
    apply: (w) => w.aws.ecr.putImageTagMutability({ repositoryName: REPOSITORY, imageTagMutability: 'MUTABLE' }),
    undo: (w) => w.aws.ecr.putImageTagMutability({ repositoryName: REPOSITORY, imageTagMutability: 'IMMUTABLE' }),
  },
  {
    name: 'image scanning off',
    address: 'aws_ecr_repository.app',
    expected: ['image_scanning_configuration[0].scan_on_push'],
    apply: (w) =>
      w.aws.ecr.putImageScanningConfiguration({
        repositoryName: REPOSITORY,
        imageScanningConfiguration: { scanOnPush: false },
      }),
    undo: (w) =>
      w.aws.ecr.putImageScanningConfiguration({
        repositoryName: REPOSITORY,
        imageScanningConfiguration: { scanOnPush: true },
      }),
  },
  {
    name: 'the public access block deleted',
    address: 'aws_s3_bucket_public_access_block.data',
    expected: 'missing',
    apply: (w) => w.aws.s3.deletePublicAccessBlock({ Bucket: BUCKET }),
  },
];
