/** How a resource that lives inside another is named in calls: by its parent and by what tells it from its siblings. */
export interface AuditChild {
  /** The parent's name or id among the resource's attributes. */
  readonly parent: string;
  /** What must stand beside it. An attribute that is not set is not asked for. */
  readonly keys: readonly string[];
  /** Attribute whose value must be a word of the call's name. */
  readonly named?: string;
}

const SOURCE_KEYS = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'source_security_group_id'];
const DESTINATION_KEYS = ['destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'];

/** Types without an id of their own, or with one that no call knows. */
export const auditChildren: { readonly [type: string]: AuditChild } = {
  aws_api_gateway_method: { parent: 'rest_api_id', keys: ['resource_id', 'http_method'] },
  aws_api_gateway_integration: { parent: 'rest_api_id', keys: ['resource_id', 'http_method'] },
  aws_api_gateway_stage: { parent: 'rest_api_id', keys: ['stage_name'] },
  aws_appautoscaling_policy: { parent: 'resource_id', keys: ['name'] },
  aws_appautoscaling_target: { parent: 'resource_id', keys: ['scalable_dimension'] },
  aws_autoscaling_policy: { parent: 'autoscaling_group_name', keys: ['name'] },
  aws_autoscaling_schedule: { parent: 'autoscaling_group_name', keys: ['scheduled_action_name'] },
  aws_cloudwatch_event_target: { parent: 'rule', keys: ['target_id'] },
  aws_cloudwatch_log_metric_filter: { parent: 'log_group_name', keys: ['name'] },
  aws_cloudwatch_log_stream: { parent: 'log_group_name', keys: ['name'] },
  aws_cloudwatch_log_subscription_filter: { parent: 'log_group_name', keys: ['name'] },
  aws_ec2_tag: { parent: 'resource_id', keys: ['key'] },
  aws_ecr_lifecycle_policy: { parent: 'repository', keys: [] },
  aws_ecs_service: { parent: 'cluster', keys: ['name'] },
  aws_eks_addon: { parent: 'cluster_name', keys: ['addon_name'] },
  aws_eks_node_group: { parent: 'cluster_name', keys: ['node_group_name'] },
  aws_iam_group_policy: { parent: 'group', keys: ['name'] },
  aws_iam_group_policy_attachment: { parent: 'group', keys: ['policy_arn'] },
  aws_iam_role_policy: { parent: 'role', keys: ['name'] },
  aws_iam_role_policy_attachment: { parent: 'role', keys: ['policy_arn'] },
  aws_iam_user_login_profile: { parent: 'user', keys: [] },
  aws_iam_user_policy: { parent: 'user', keys: ['name'] },
  aws_iam_user_policy_attachment: { parent: 'user', keys: ['policy_arn'] },
  aws_internet_gateway_attachment: { parent: 'internet_gateway_id', keys: ['vpc_id'] },
  aws_lambda_alias: { parent: 'function_name', keys: ['name'] },
  aws_lambda_permission: { parent: 'function_name', keys: ['statement_id'] },
  aws_lb_listener_certificate: { parent: 'listener_arn', keys: ['certificate_arn'] },
  aws_lb_target_group_attachment: { parent: 'target_group_arn', keys: ['target_id'] },
  aws_network_acl_rule: { parent: 'network_acl_id', keys: ['rule_number'] },
  aws_network_interface_sg_attachment: { parent: 'network_interface_id', keys: ['security_group_id'] },
  aws_route: { parent: 'route_table_id', keys: DESTINATION_KEYS },
  aws_route53_record: { parent: 'zone_id', keys: ['name', 'type'] },
  aws_route_table_association: { parent: 'route_table_id', keys: ['subnet_id', 'gateway_id'] },
  aws_security_group_rule: {
    parent: 'security_group_id',
    keys: ['protocol', 'from_port', 'to_port', ...SOURCE_KEYS],
    named: 'type',
  },
  aws_volume_attachment: { parent: 'volume_id', keys: ['instance_id'] },
};

/** Objects that a resource shows as blocks of its own and that calls name by their own ids. */
export const auditParts: { readonly [type: string]: readonly string[] } = {
  aws_instance: ['root_block_device.volume_id', 'ebs_block_device.volume_id', 'primary_network_interface_id'],
  aws_launch_template: ['name'],
  aws_kms_key: ['key_id'],
  aws_db_instance: ['identifier', 'resource_id'],
  aws_rds_cluster: ['cluster_identifier', 'cluster_resource_id'],
};
