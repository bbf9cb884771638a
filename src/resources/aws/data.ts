import type { Band, ResourceFacts } from '../facts.ts';

function tableCapacity(place: string, dimension: string): Band {
  return {
    place,
    target: {
      type: 'aws_appautoscaling_target',
      where: { scalable_dimension: `dynamodb:table:${dimension}` },
      attribute: 'resource_id',
      id: ['table', '$name'],
      min: 'min_capacity',
      max: 'max_capacity',
    },
  };
}

const CLUSTER_MEMBERS = {
  place: 'cluster_members',
  members: 'value',
} as const;

/** Databases, caches, streams, search. */
export const data: { readonly [type: string]: ResourceFacts } = {
  aws_dynamodb_table: {
    bands: [tableCapacity('read_capacity', 'ReadCapacityUnits'), tableCapacity('write_capacity', 'WriteCapacityUnits')],
    neverRead: [
      'restore_source_name',
      'restore_source_table_arn',
      'restore_to_latest_time',
      'restore_date_time',
      'import_table',
    ],
    volatile: ['stream_label', 'stream_arn'],
    copies: { 'point_in_time_recovery.recovery_period_in_days': 'point_in_time_recovery.enabled' },
    guards: { point_in_time_recovery: 'off', server_side_encryption: 'off', deletion_protection_enabled: 'off' },
    aggregates: [
      {
        place: 'replica',
        members: 'whole',
        owners: [{ type: 'aws_dynamodb_table_replica', parent: 'global_table_arn', names: ['arn'] }],
      },
    ],
  },
  aws_db_instance: {
    neverRead: [
      'password',
      'password_wo',
      'password_wo_version',
      'snapshot_identifier',
      's3_import',
      'restore_to_point_in_time',
      'blue_green_update',
      'upgrade_storage_config',
    ],
    volatile: [
      'latest_restorable_time',
      'status',
      'engine_version_actual',
      'replicas',
      'listener_endpoint',
      'master_user_secret',
    ],
    guards: {
      multi_az: 'off',
      iam_database_authentication_enabled: 'off',
      performance_insights_enabled: 'off',
      monitoring_interval: 'off',
      auto_minor_version_upgrade: 'on',
      copy_tags_to_snapshot: 'off',
    },
    rewritten: ['engine_version'],
  },
  aws_rds_cluster: {
    neverRead: [
      'master_password',
      'master_password_wo',
      'master_password_wo_version',
      'snapshot_identifier',
      's3_import',
      'restore_to_point_in_time',
      'source_region',
    ],
    volatile: ['engine_version_actual', 'master_user_secret', 'ca_certificate_valid_till'],
    guards: {
      iam_database_authentication_enabled: 'off',
      performance_insights_enabled: 'off',
      copy_tags_to_snapshot: 'off',
    },
    rewritten: ['engine_version'],
    aggregates: [
      {
        ...CLUSTER_MEMBERS,
        owners: [
          {
            type: 'aws_rds_cluster_instance',
            parent: 'cluster_identifier',
            names: ['cluster_identifier', 'id'],
            within: 'account',
            member: ['identifier'],
          },
        ],
      },
      {
        place: 'iam_roles',
        members: 'value',
        owners: [
          {
            type: 'aws_rds_cluster_role_association',
            parent: 'db_cluster_identifier',
            names: ['cluster_identifier', 'id'],
            within: 'account',
            member: ['role_arn'],
          },
        ],
      },
    ],
  },
  aws_rds_cluster_instance: {
    volatile: ['writer', 'engine_version_actual'],
    guards: { performance_insights_enabled: 'off' },
  },
  aws_docdb_cluster: {
    neverRead: [
      'master_password',
      'master_password_wo',
      'master_password_wo_version',
      'snapshot_identifier',
      'restore_to_point_in_time',
    ],
    unordered: ['enabled_cloudwatch_logs_exports'],
    aggregates: [
      {
        ...CLUSTER_MEMBERS,
        owners: [
          {
            type: 'aws_docdb_cluster_instance',
            parent: 'cluster_identifier',
            names: ['cluster_identifier', 'id'],
            within: 'account',
            member: ['identifier'],
          },
        ],
      },
    ],
  },
  aws_neptune_cluster: { volatile: ['cluster_members'], neverRead: ['snapshot_identifier'] },
  aws_elasticache_replication_group: {
    neverRead: [
      'auth_token',
      'auth_token_update_strategy',
      'snapshot_arns',
      'snapshot_name',
      'preferred_cache_cluster_azs',
    ],
    volatile: ['engine_version_actual', 'member_clusters'],
    guards: {
      at_rest_encryption_enabled: 'off',
      transit_encryption_enabled: 'off',
      automatic_failover_enabled: 'off',
      multi_az_enabled: 'off',
      snapshot_retention_limit: 'off',
    },
    rewritten: ['engine_version'],
  },
  aws_elasticache_cluster: {
    neverRead: ['snapshot_arns', 'snapshot_name', 'az_mode', 'preferred_availability_zones'],
    volatile: ['engine_version_actual', 'cache_nodes'],
    guards: { transit_encryption_enabled: 'off', snapshot_retention_limit: 'off' },
    rewritten: ['engine_version'],
  },
  aws_redshift_cluster: {
    neverRead: [
      'master_password',
      'master_password_wo',
      'master_password_wo_version',
      'snapshot_identifier',
      'snapshot_cluster_identifier',
      'snapshot_arn',
      'owner_account',
    ],
    volatile: ['cluster_nodes', 'cluster_revision_number'],
    guards: { encrypted: 'off', enhanced_vpc_routing: 'off', logging: 'off' },
  },
  aws_opensearch_domain: {
    neverRead: ['advanced_security_options.master_user_options'],
    volatile: ['software_update_options'],
    guards: {
      encrypt_at_rest: 'off',
      node_to_node_encryption: 'off',
      domain_endpoint_options: 'off',
      log_publishing_options: 'off',
    },
  },
  aws_kinesis_stream: {
    knobs: ['enforce_consumer_deletion'],
    unordered: [],
    guards: { encryption_type: 'off', retention_period: 'off' },
  },
  aws_kinesis_firehose_delivery_stream: { volatile: ['version_id'], guards: { server_side_encryption: 'off' } },
  aws_msk_cluster: { volatile: ['current_version'], guards: { encryption_info: 'off', logging_info: 'off' } },
  aws_mq_broker: {
    neverRead: ['user'],
    volatile: ['pending_data_replication_mode'],
    guards: { logs: 'off', publicly_accessible: 'off' },
  },
};
