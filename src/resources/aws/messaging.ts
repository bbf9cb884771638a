import type { Aggregate, ResourceFacts } from '../facts.ts';

function document(place: string, type: string, parent: string, names: readonly string[]): Aggregate {
  return { place, members: 'whole', owners: [{ type, parent, names }] };
}

/** Queues, topics, events, logs, alarms, audit. */
export const messaging: { readonly [type: string]: ResourceFacts } = {
  aws_sqs_queue: {
    aggregates: [
      document('policy', 'aws_sqs_queue_policy', 'queue_url', ['url', 'id']),
      document('redrive_policy', 'aws_sqs_queue_redrive_policy', 'queue_url', ['url', 'id']),
      document('redrive_allow_policy', 'aws_sqs_queue_redrive_allow_policy', 'queue_url', ['url', 'id']),
    ],
    guards: { sqs_managed_sse_enabled: 'on', redrive_policy: 'off', policy: 'off' },
  },
  aws_sns_topic: {
    aggregates: [document('policy', 'aws_sns_topic_policy', 'arn', ['arn', 'id'])],
    guards: { policy: 'off' },
  },
  aws_sns_topic_subscription: {
    neverRead: ['endpoint_auto_confirms', 'confirmation_timeout_in_minutes'],
    volatile: ['pending_confirmation', 'confirmation_was_authenticated'],
  },
  aws_cloudwatch_event_rule: { copies: { is_enabled: 'state' }, guards: { state: 'on', is_enabled: 'on' } },
  aws_cloudwatch_event_target: {},
  aws_cloudwatch_event_bus: {},
  aws_cloudwatch_event_connection: { neverRead: ['auth_parameters'] },
  aws_scheduler_schedule: { guards: { state: 'on' } },
  aws_cloudwatch_log_group: { guards: { retention_in_days: 'off' } },
  aws_cloudwatch_log_stream: {},
  aws_cloudwatch_log_metric_filter: {},
  aws_cloudwatch_metric_alarm: { guards: { actions_enabled: 'on', alarm_actions: 'off' } },
  aws_cloudwatch_composite_alarm: { guards: { actions_enabled: 'on', alarm_actions: 'off' } },
  aws_cloudwatch_dashboard: {},
  aws_cloudtrail: {
    guards: {
      enable_logging: 'on',
      enable_log_file_validation: 'off',
      is_multi_region_trail: 'off',
      include_global_service_events: 'on',
    },
  },
  aws_config_configuration_recorder: { guards: { recording_group: 'off' } },
  aws_config_configuration_recorder_status: { guards: { is_enabled: 'on' } },
  aws_guardduty_detector: { guards: { enable: 'on', datasources: 'on' } },
  aws_securityhub_account: { guards: { enable_default_standards: 'on', auto_enable_controls: 'on' } },
  aws_ses_domain_identity: {},
  aws_appautoscaling_target: {},
};
