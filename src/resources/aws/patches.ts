import type { PatchMap } from '../patch-map.ts';

/**
 * Attributes whose Cloud Control property is certain: scalars that can be updated in place and that the service returns as
 * they were written. Source: the resource schemas of AWS CloudFormation. Types whose update does more than asked for (a
 * function's code is packaged again) are left out.
 */
export const patches: { readonly [type: string]: PatchMap } = {
  aws_cloudwatch_log_group: { typeName: 'AWS::Logs::LogGroup', properties: { retention_in_days: 'RetentionInDays' } },
  aws_sqs_queue: {
    typeName: 'AWS::SQS::Queue',
    properties: {
      visibility_timeout_seconds: 'VisibilityTimeout',
      message_retention_seconds: 'MessageRetentionPeriod',
      delay_seconds: 'DelaySeconds',
      receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
    },
  },
  aws_ssm_parameter: { typeName: 'AWS::SSM::Parameter', properties: { insecure_value: 'Value' } },
  aws_cloudwatch_metric_alarm: {
    typeName: 'AWS::CloudWatch::Alarm',
    properties: { actions_enabled: 'ActionsEnabled', threshold: 'Threshold', evaluation_periods: 'EvaluationPeriods' },
  },
  aws_dynamodb_table: {
    typeName: 'AWS::DynamoDB::Table',
    properties: { deletion_protection_enabled: 'DeletionProtectionEnabled' },
  },
};
