import type { PatchMap } from '../patch-map.ts';

/**
 * Attributes whose Cloud Control property is certain: scalars that can be updated in place, that the service returns as they
 * were written, of types whose primary identifier is the id that Terraform keeps. Source: the resource schema of each type
 * in the CloudFormation registry (`aws cloudformation describe-type --type RESOURCE --type-name NAME`), which lists
 * primaryIdentifier, createOnlyProperties and writeOnlyProperties. Types whose update does more than asked for are left
 * out: a function's code is packaged again, a key's rotation period is lost, a group's size is sent along.
 */
export const patches: { readonly [type: string]: PatchMap } = {
  // LogGroupName. A group that keeps its events for ever has no RetentionInDays; Terraform says 0.
  aws_cloudwatch_log_group: {
    typeName: 'AWS::Logs::LogGroup',
    properties: { retention_in_days: 'RetentionInDays' },
    unset: { retention_in_days: 0 },
  },
  // QueueUrl.
  aws_sqs_queue: {
    typeName: 'AWS::SQS::Queue',
    properties: {
      visibility_timeout_seconds: 'VisibilityTimeout',
      message_retention_seconds: 'MessageRetentionPeriod',
      delay_seconds: 'DelaySeconds',
      receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
      max_message_size: 'MaximumMessageSize',
      content_based_deduplication: 'ContentBasedDeduplication',
      sqs_managed_sse_enabled: 'SqsManagedSseEnabled',
      kms_master_key_id: 'KmsMasterKeyId',
      kms_data_key_reuse_period_seconds: 'KmsDataKeyReusePeriodSeconds',
    },
  },
  // Name. Secure strings are no part of the type.
  aws_ssm_parameter: {
    typeName: 'AWS::SSM::Parameter',
    properties: { insecure_value: 'Value' },
    mayDrop: ['Description', 'Tags', 'Tier', 'AllowedPattern', 'Policies'],
  },
  // AlarmName.
  aws_cloudwatch_metric_alarm: {
    typeName: 'AWS::CloudWatch::Alarm',
    properties: {
      actions_enabled: 'ActionsEnabled',
      threshold: 'Threshold',
      evaluation_periods: 'EvaluationPeriods',
      datapoints_to_alarm: 'DatapointsToAlarm',
      period: 'Period',
      statistic: 'Statistic',
      comparison_operator: 'ComparisonOperator',
      treat_missing_data: 'TreatMissingData',
    },
    unset: { datapoints_to_alarm: 0, period: 0 },
  },
  // TableName.
  aws_dynamodb_table: {
    typeName: 'AWS::DynamoDB::Table',
    properties: { deletion_protection_enabled: 'DeletionProtectionEnabled' },
  },
  // TopicArn.
  aws_sns_topic: {
    typeName: 'AWS::SNS::Topic',
    properties: {
      display_name: 'DisplayName',
      kms_master_key_id: 'KmsMasterKeyId',
      content_based_deduplication: 'ContentBasedDeduplication',
      tracing_config: 'TracingConfig',
    },
  },
  // RepositoryName.
  aws_ecr_repository: {
    typeName: 'AWS::ECR::Repository',
    properties: { image_tag_mutability: 'ImageTagMutability' },
  },
  // RoleName.
  aws_iam_role: {
    typeName: 'AWS::IAM::Role',
    properties: {
      max_session_duration: 'MaxSessionDuration',
      description: 'Description',
      permissions_boundary: 'PermissionsBoundary',
    },
  },
  // VpcId.
  aws_vpc: {
    typeName: 'AWS::EC2::VPC',
    properties: { enable_dns_hostnames: 'EnableDnsHostnames', enable_dns_support: 'EnableDnsSupport' },
  },
  // SubnetId.
  aws_subnet: {
    typeName: 'AWS::EC2::Subnet',
    properties: {
      map_public_ip_on_launch: 'MapPublicIpOnLaunch',
      assign_ipv6_address_on_creation: 'AssignIpv6AddressOnCreation',
      enable_dns64: 'EnableDns64',
    },
  },
  // Id.
  aws_vpc_endpoint: {
    typeName: 'AWS::EC2::VPCEndpoint',
    properties: { private_dns_enabled: 'PrivateDnsEnabled' },
  },
  // Id.
  aws_ec2_transit_gateway: {
    typeName: 'AWS::EC2::TransitGateway',
    properties: {
      auto_accept_shared_attachments: 'AutoAcceptSharedAttachments',
      default_route_table_association: 'DefaultRouteTableAssociation',
      default_route_table_propagation: 'DefaultRouteTablePropagation',
      dns_support: 'DnsSupport',
      vpn_ecmp_support: 'VpnEcmpSupport',
      description: 'Description',
    },
  },
  // VolumeId. A smaller size is refused by the service.
  aws_ebs_volume: {
    typeName: 'AWS::EC2::Volume',
    properties: { iops: 'Iops', throughput: 'Throughput', size: 'Size', type: 'VolumeType' },
    unset: { iops: 0, throughput: 0 },
  },
  // TargetGroupArn.
  aws_lb_target_group: {
    typeName: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    properties: {
      'health_check[0].enabled': 'HealthCheckEnabled',
      'health_check[0].interval': 'HealthCheckIntervalSeconds',
      'health_check[0].timeout': 'HealthCheckTimeoutSeconds',
      'health_check[0].healthy_threshold': 'HealthyThresholdCount',
      'health_check[0].unhealthy_threshold': 'UnhealthyThresholdCount',
      'health_check[0].path': 'HealthCheckPath',
      'health_check[0].port': 'HealthCheckPort',
      'health_check[0].protocol': 'HealthCheckProtocol',
    },
  },
  // FileSystemId.
  aws_efs_file_system: {
    typeName: 'AWS::EFS::FileSystem',
    properties: {
      throughput_mode: 'ThroughputMode',
      provisioned_throughput_in_mibps: 'ProvisionedThroughputInMibps',
    },
    unset: { provisioned_throughput_in_mibps: 0 },
  },
  // Id.
  aws_guardduty_detector: {
    typeName: 'AWS::GuardDuty::Detector',
    properties: { enable: 'Enable', finding_publishing_frequency: 'FindingPublishingFrequency' },
  },
  // AwsAccountId.
  aws_macie2_account: {
    typeName: 'AWS::Macie::Session',
    properties: { status: 'Status', finding_publishing_frequency: 'FindingPublishingFrequency' },
  },
  // JobQueueArn.
  aws_batch_job_queue: {
    typeName: 'AWS::Batch::JobQueue',
    properties: { state: 'State', priority: 'Priority' },
  },
  // Id.
  aws_lambda_event_source_mapping: {
    typeName: 'AWS::Lambda::EventSourceMapping',
    properties: {
      enabled: 'Enabled',
      batch_size: 'BatchSize',
      bisect_batch_on_function_error: 'BisectBatchOnFunctionError',
      maximum_batching_window_in_seconds: 'MaximumBatchingWindowInSeconds',
      maximum_record_age_in_seconds: 'MaximumRecordAgeInSeconds',
      maximum_retry_attempts: 'MaximumRetryAttempts',
      parallelization_factor: 'ParallelizationFactor',
      tumbling_window_in_seconds: 'TumblingWindowInSeconds',
    },
    unset: { maximum_record_age_in_seconds: 0, parallelization_factor: 0 },
  },
  // AliasArn.
  aws_lambda_alias: {
    typeName: 'AWS::Lambda::Alias',
    properties: { function_version: 'FunctionVersion', description: 'Description' },
  },
  // FirewallArn.
  aws_networkfirewall_firewall: {
    typeName: 'AWS::NetworkFirewall::Firewall',
    properties: {
      delete_protection: 'DeleteProtection',
      firewall_policy_change_protection: 'FirewallPolicyChangeProtection',
      subnet_change_protection: 'SubnetChangeProtection',
    },
  },
};
