import type { Band, ResourceFacts } from '../facts.ts';

function scaledBy(place: string, dimension: string, id: readonly string[]): Band {
  return {
    place,
    target: {
      type: 'aws_appautoscaling_target',
      where: { scalable_dimension: dimension },
      attribute: 'resource_id',
      id,
      min: 'min_capacity',
      max: 'max_capacity',
    },
  };
}

/** Functions, containers, instances, scaling groups, build. */
export const compute: { readonly [type: string]: ResourceFacts } = {
  aws_lambda_function: {
    knobs: ['publish'],
    neverRead: ['filename', 's3_bucket', 's3_key', 's3_object_version', 'source_code_hash'],
    significant: ['code_sha256'],
    volatile: ['last_modified', 'version', 'qualified_arn', 'qualified_invoke_arn', 'source_code_size'],
    guards: {
      reserved_concurrent_executions: 'on',
      kms_key_arn: 'off',
      code_signing_config_arn: 'off',
      vpc_config: 'off',
      dead_letter_config: 'off',
    },
  },
  aws_lambda_layer_version: {
    neverRead: ['filename', 's3_bucket', 's3_key', 's3_object_version', 'source_code_hash'],
    significant: ['code_sha256'],
  },
  aws_lambda_alias: {},
  aws_lambda_permission: { neverRead: ['event_source_token'] },
  aws_lambda_event_source_mapping: {
    volatile: ['last_modified', 'last_processing_result', 'state', 'state_transition_reason'],
    guards: { enabled: 'on' },
  },
  aws_lambda_function_url: { guards: { authorization_type: 'on' } },
  aws_ecs_cluster: {},
  aws_ecs_service: {
    bands: [scaledBy('desired_count', 'ecs:service:DesiredCount', ['service', '$cluster', '$name'])],
    neverRead: ['triggers'],
    rewritten: ['task_definition', 'cluster', 'iam_role'],
    copies: { platform_version: 'task_definition' },
  },
  aws_ecs_task_definition: {
    neverRead: ['track_latest'],
    rewritten: ['container_definitions'],
    volatile: ['revision'],
  },
  aws_ecr_repository: { guards: { image_tag_mutability: 'on', image_scanning_configuration: 'off' } },
  aws_eks_cluster: {
    volatile: ['platform_version', 'status'],
    knobs: ['bootstrap_self_managed_addons'],
    guards: { enabled_cluster_log_types: 'off', encryption_config: 'off', 'vpc_config.endpoint_public_access': 'off' },
  },
  aws_eks_node_group: {
    bands: [{ place: 'scaling_config.desired_size', min: 'scaling_config.min_size', max: 'scaling_config.max_size' }],
    volatile: ['status', 'resources', 'release_version'],
  },
  aws_eks_addon: {
    volatile: ['modified_at'],
    neverRead: ['resolve_conflicts', 'resolve_conflicts_on_create', 'resolve_conflicts_on_update', 'preserve'],
  },
  aws_autoscaling_group: {
    bands: [{ place: 'desired_capacity', min: 'min_size', max: 'max_size' }],
    volatile: ['predicted_capacity', 'warm_pool_size'],
    neverRead: [
      'min_elb_capacity',
      'ignore_failed_scaling_activities',
      'force_delete_warm_pool',
      'initial_lifecycle_hook',
      'instance_refresh',
    ],
    copies: { availability_zones: 'vpc_zone_identifier', traffic_source: 'target_group_arns' },
    aggregates: [
      {
        place: 'target_group_arns',
        members: 'value',
        owners: [
          {
            type: 'aws_autoscaling_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['lb_target_group_arn'],
          },
          {
            type: 'aws_autoscaling_traffic_source_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['traffic_source.identifier'],
          },
        ],
      },
      {
        place: 'traffic_source',
        members: ['identifier'],
        owners: [
          {
            type: 'aws_autoscaling_traffic_source_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['traffic_source.identifier'],
          },
          {
            type: 'aws_autoscaling_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['lb_target_group_arn'],
          },
          {
            type: 'aws_autoscaling_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['elb'],
          },
        ],
      },
      {
        place: 'load_balancers',
        members: 'value',
        owners: [
          {
            type: 'aws_autoscaling_attachment',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['elb'],
          },
        ],
      },
      {
        place: 'tag',
        members: ['key'],
        owners: [
          {
            type: 'aws_autoscaling_group_tag',
            parent: 'autoscaling_group_name',
            names: ['name', 'id'],
            within: 'account',
            member: ['tag.key'],
          },
        ],
      },
    ],
  },
  aws_launch_template: { volatile: ['latest_version'], knobs: ['update_default_version'] },
  aws_launch_configuration: { rewritten: ['user_data', 'user_data_base64'] },
  aws_instance: {
    neverRead: ['get_password_data', 'user_data_replace_on_change'],
    volatile: ['instance_state', 'password_data', 'public_ip', 'public_dns'],
    rewritten: ['user_data', 'user_data_base64'],
    copies: {
      security_groups: 'vpc_security_group_ids',
      user_data_base64: 'user_data',
      cpu_core_count: 'cpu_options',
      cpu_threads_per_core: 'cpu_options',
    },
    guards: { metadata_options: 'off', monitoring: 'off', source_dest_check: 'on', disable_api_stop: 'off' },
    aggregates: [
      {
        place: 'ebs_block_device',
        members: ['device_name'],
        owners: [{ type: 'aws_volume_attachment', parent: 'instance_id', names: ['id'], member: ['device_name'] }],
      },
      {
        place: 'volume_tags',
        members: 'whole',
        owners: [{ type: 'aws_volume_attachment', parent: 'instance_id', names: ['id'] }],
      },
      {
        place: 'vpc_security_group_ids',
        members: 'value',
        owners: [
          {
            type: 'aws_network_interface_sg_attachment',
            parent: 'network_interface_id',
            names: ['primary_network_interface_id'],
            member: ['security_group_id'],
          },
        ],
      },
    ],
  },
  aws_volume_attachment: {},
  aws_key_pair: { rewritten: ['public_key'] },
  aws_batch_compute_environment: {
    volatile: ['status', 'status_reason'],
    bands: [
      {
        place: 'compute_resources.desired_vcpus',
        min: 'compute_resources.min_vcpus',
        max: 'compute_resources.max_vcpus',
      },
    ],
  },
  aws_codebuild_project: { unordered: ['environment.environment_variable'] },
  aws_sfn_state_machine: {
    volatile: ['revision_id', 'state_machine_version_arn'],
    neverRead: ['publish'],
    guards: { logging_configuration: 'off', tracing_configuration: 'off' },
  },
};
