import { posture as aws } from './aws/posture.ts';
import type { Posture } from './posture-facts.ts';

/** Names that mean the same wherever they stand. */
const every: Posture = {
  encryption: [
    'encrypted',
    'storage_encrypted',
    'kms_encrypted',
    'server_side_encryption',
    'at_rest_encryption_enabled',
    'transit_encryption_enabled',
    'encryption_enabled',
    'sqs_managed_sse_enabled',
    'enable_key_rotation',
    'kms_key_id',
    'kms_master_key_id',
    'kms_key_arn',
    'sse_algorithm',
  ],
  logging: ['enable_logging', 'recording', 'enable_log_file_validation', 'is_multi_region_trail', 'logging_enabled'],
  loggingTargets: ['log_destination', 'log_destination_arn', 'cloud_watch_logs_group_arn'],
  publicAccessBlock: ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'],
  deletionProtection: [
    'deletion_protection',
    'deletion_protection_enabled',
    'enable_deletion_protection',
    'disable_api_termination',
    'prevent_destroy',
  ],
  publicAccess: ['publicly_accessible', 'associate_public_ip_address', 'map_public_ip_on_launch'],
  retention: ['retention_in_days', 'message_retention_seconds', 'retention_period', 'log_retention_in_days'],
  backup: [
    'backup_retention_period',
    'delete_after',
    'snapshot_retention_limit',
    'automated_snapshot_retention_period',
  ],
  policies: ['policy', 'assume_role_policy', 'inline_policy.policy', 'access_policy', 'access_policies'],
};

const known = new Map<string, Posture>();

/** What the attributes of a type mean: its own, and those that mean the same everywhere. */
export function postureOf(type: string): Posture {
  const there = known.get(type) ?? merged(type);
  known.set(type, there);
  return there;
}

function merged(type: string): Posture {
  const own = aws[type] ?? {};
  const both = (name: keyof typeof every & keyof Posture): readonly string[] => [
    ...((own[name] as readonly string[] | undefined) ?? []),
    ...((every[name] as readonly string[] | undefined) ?? []),
  ];
  return {
    ...own,
    encryption: both('encryption'),
    logging: both('logging'),
    loggingTargets: both('loggingTargets'),
    publicAccessBlock: both('publicAccessBlock'),
    deletionProtection: both('deletionProtection'),
    publicAccess: both('publicAccess'),
    retention: both('retention'),
    backup: both('backup'),
    policies: both('policies'),
  };
}
