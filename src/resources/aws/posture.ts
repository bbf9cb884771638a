import type { Posture } from '../posture-facts.ts';

const CIDRS = ['cidr_blocks', 'ipv6_cidr_blocks'] as const;

/** AWS types whose attributes mean something to security that their names alone do not say. */
export const posture: { readonly [type: string]: Posture } = {
  aws_security_group: {
    ingress: { place: 'ingress', from: 'from_port', to: 'to_port', protocol: 'protocol', cidrs: CIDRS },
  },
  aws_default_security_group: {
    ingress: { place: 'ingress', from: 'from_port', to: 'to_port', protocol: 'protocol', cidrs: CIDRS },
  },
  aws_security_group_rule: {
    ingress: {
      place: '',
      from: 'from_port',
      to: 'to_port',
      protocol: 'protocol',
      cidrs: CIDRS,
      where: { type: 'ingress' },
    },
  },
  aws_vpc_security_group_ingress_rule: {
    ingress: {
      place: '',
      from: 'from_port',
      to: 'to_port',
      protocol: 'ip_protocol',
      cidrs: ['cidr_ipv4', 'cidr_ipv6'],
    },
  },
  aws_network_acl: {
    ingress: {
      place: 'ingress',
      from: 'from_port',
      to: 'to_port',
      protocol: 'protocol',
      cidrs: ['cidr_block', 'ipv6_cidr_block'],
      where: { action: 'allow' },
    },
  },
  aws_default_network_acl: {
    ingress: {
      place: 'ingress',
      from: 'from_port',
      to: 'to_port',
      protocol: 'protocol',
      cidrs: ['cidr_block', 'ipv6_cidr_block'],
      where: { action: 'allow' },
    },
  },
  aws_network_acl_rule: {
    ingress: {
      place: '',
      from: 'from_port',
      to: 'to_port',
      protocol: 'protocol',
      cidrs: ['cidr_block', 'ipv6_cidr_block'],
      where: { rule_action: 'allow', egress: false },
    },
  },
  aws_s3_bucket_public_access_block: { whole: 'public-access-block' },
  aws_s3_account_public_access_block: { whole: 'public-access-block' },
  aws_s3_bucket_server_side_encryption_configuration: { whole: 'encryption' },
  aws_ebs_encryption_by_default: { whole: 'encryption', encryption: ['enabled'] },
  aws_s3_bucket_logging: { whole: 'logging', loggingTargets: ['target_bucket'], auditLog: true },
  aws_cloudtrail: {
    whole: 'logging',
    loggingTargets: ['s3_bucket_name', 'event_selector', 'advanced_event_selector'],
    auditLog: true,
  },
  aws_cloudtrail_event_data_store: { whole: 'logging', auditLog: true },
  aws_flow_log: { whole: 'logging', auditLog: true },
  aws_config_configuration_recorder: { whole: 'logging', auditLog: true },
  aws_config_configuration_recorder_status: { whole: 'logging', logging: ['is_enabled'], auditLog: true },
  aws_config_delivery_channel: { whole: 'logging', loggingTargets: ['s3_bucket_name'], auditLog: true },
  aws_guardduty_detector: { whole: 'logging', logging: ['enable'], auditLog: true },
  aws_cloudwatch_log_group: { whole: 'logging', auditLog: true },
  aws_cloudwatch_log_subscription_filter: { whole: 'logging', loggingTargets: ['destination_arn'], auditLog: true },
  aws_route53_query_log: { whole: 'logging', auditLog: true },
  aws_wafv2_web_acl_logging_configuration: {
    whole: 'logging',
    loggingTargets: ['log_destination_configs'],
    auditLog: true,
  },
  aws_lb: { loggingTargets: ['access_logs.bucket'], logging: ['access_logs.enabled'] },
  aws_alb: { loggingTargets: ['access_logs.bucket'], logging: ['access_logs.enabled'] },
  aws_db_instance: { loggingTargets: ['enabled_cloudwatch_logs_exports'] },
  aws_rds_cluster: { loggingTargets: ['enabled_cloudwatch_logs_exports'] },
  aws_eks_cluster: {
    loggingTargets: ['enabled_cluster_log_types'],
    publicAccess: ['vpc_config.endpoint_public_access'],
  },
  aws_backup_plan: { whole: 'backup', backup: ['rule.lifecycle.delete_after'] },
  aws_kms_key: { retention: ['deletion_window_in_days'] },
  aws_iam_user_policy: { policies: ['policy'] },
};
