import type { Guardrail } from '../guardrail.ts';

/** What of AWS watches or holds back a rollout, and how it is taken away. */
export const guardrails: { readonly [type: string]: Guardrail } = {
  aws_cloudwatch_metric_alarm: {
    whole: 'an alarm',
    off: ['actions_enabled'],
    emptied: ['alarm_actions'],
    loosened: ['threshold', 'evaluation_periods', 'datapoints_to_alarm', 'period', 'treat_missing_data'],
  },
  aws_cloudwatch_composite_alarm: { whole: 'an alarm', off: ['actions_enabled'], emptied: ['alarm_actions'] },
  aws_cloudtrail: { whole: 'the audit trail', off: ['enable_logging'] },
  aws_config_configuration_recorder_status: { whole: 'the configuration recorder', off: ['is_enabled'] },
  aws_guardduty_detector: { whole: 'threat detection', off: ['enable'] },
  aws_autoscaling_group: { filled: ['suspended_processes'] },
  aws_autoscaling_policy: { whole: 'an autoscaling policy', off: ['enabled'] },
  aws_appautoscaling_policy: { whole: 'an autoscaling policy' },
  aws_appautoscaling_target: { whole: 'an autoscaling target' },
  aws_codedeploy_deployment_group: { off: ['alarm_configuration.enabled', 'auto_rollback_configuration.enabled'] },
  aws_appconfig_environment: { emptied: ['monitor'] },
  aws_route53_health_check: { whole: 'a health check' },
  aws_wafv2_web_acl_association: { whole: 'a web firewall' },
};

/** Calls that take a guardrail away without a trace in any attribute, by the service's name and the call's. */
export const guardrailCalls: { readonly [call: string]: string } = {
  'monitoring:DisableAlarmActions': "an alarm's actions were switched off",
  'monitoring:DeleteAlarms': 'an alarm was deleted',
  'cloudtrail:StopLogging': 'the audit trail was stopped',
  'cloudtrail:DeleteTrail': 'the audit trail was deleted',
  'autoscaling:SuspendProcesses': 'autoscaling was suspended',
  'autoscaling:DeletePolicy': 'an autoscaling policy was deleted',
  'config:StopConfigurationRecorder': 'the configuration recorder was stopped',
};
