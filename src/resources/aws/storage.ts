import type { Aggregate, ResourceFacts } from '../facts.ts';

/** A whole attribute of a bucket that a split resource declares. */
function aspect(place: string, type: string, also: readonly string[] = []): Aggregate {
  return {
    place,
    with: also,
    members: 'whole',
    owners: [{ type, parent: 'bucket', names: ['bucket', 'id'] }],
  };
}

/** S3, EFS, EBS, backup. */
export const storage: { readonly [type: string]: ResourceFacts } = {
  aws_s3_bucket: {
    aggregates: [
      aspect('acceleration_status', 'aws_s3_bucket_accelerate_configuration'),
      aspect('acl', 'aws_s3_bucket_acl', ['grant']),
      aspect('cors_rule', 'aws_s3_bucket_cors_configuration'),
      aspect('lifecycle_rule', 'aws_s3_bucket_lifecycle_configuration'),
      aspect('logging', 'aws_s3_bucket_logging'),
      aspect('object_lock_configuration', 'aws_s3_bucket_object_lock_configuration', ['object_lock_enabled']),
      aspect('policy', 'aws_s3_bucket_policy'),
      aspect('replication_configuration', 'aws_s3_bucket_replication_configuration'),
      aspect('request_payer', 'aws_s3_bucket_request_payment_configuration'),
      aspect('server_side_encryption_configuration', 'aws_s3_bucket_server_side_encryption_configuration'),
      aspect('versioning', 'aws_s3_bucket_versioning'),
      aspect('website', 'aws_s3_bucket_website_configuration', ['website_domain', 'website_endpoint']),
    ],
    guards: {
      versioning: 'off',
      object_lock_enabled: 'off',
      object_lock_configuration: 'off',
      replication_configuration: 'off',
    },
  },
  aws_s3_bucket_public_access_block: {
    nothingWhenOff: ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'],
    guards: {
      block_public_acls: 'off',
      block_public_policy: 'off',
      ignore_public_acls: 'off',
      restrict_public_buckets: 'off',
    },
  },
  aws_s3_account_public_access_block: {
    nothingWhenOff: ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'],
    guards: {
      block_public_acls: 'off',
      block_public_policy: 'off',
      ignore_public_acls: 'off',
      restrict_public_buckets: 'off',
    },
  },
  aws_s3_bucket_versioning: { neverRead: ['mfa'], guards: { versioning_configuration: 'off' } },
  aws_s3_bucket_server_side_encryption_configuration: { guards: { rule: 'on' } },
  aws_s3_bucket_ownership_controls: { guards: { rule: 'off' } },
  aws_s3_bucket_object_lock_configuration: { neverRead: ['token'], guards: { rule: 'off' } },
  aws_s3_object: {
    neverRead: ['source', 'source_hash', 'content', 'content_base64', 'acl', 'checksum_algorithm'],
    significant: ['version_id'],
    copies: { version_id: 'etag' },
    rewritten: ['etag'],
  },
  aws_s3_bucket_object: {
    neverRead: ['source', 'source_hash', 'content', 'content_base64', 'acl'],
    significant: ['version_id'],
    copies: { version_id: 'etag' },
  },
  aws_s3_bucket_notification: {},
  aws_efs_file_system: {
    volatile: ['size_in_bytes', 'number_of_mount_targets'],
    guards: { protection: 'on' },
  },
  aws_efs_mount_target: {},
  aws_ebs_volume: { guards: { encrypted: 'off' } },
  aws_ebs_encryption_by_default: { guards: { enabled: 'on' } },
  aws_ebs_snapshot_block_public_access: { guards: { state: 'on' } },
  aws_backup_vault: { volatile: ['recovery_points'] },
  aws_backup_plan: { volatile: ['version'] },
  aws_fsx_lustre_file_system: { volatile: ['network_interface_ids'] },
};
