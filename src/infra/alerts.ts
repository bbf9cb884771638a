import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import { projectName } from './scan-project.ts';
import type { Place } from './place.ts';
import { policy } from './policy.ts';
import type { Settings } from './settings.ts';

export interface AlertsOptions {
  readonly settings: Settings;
  readonly place: Place;
}

interface Message {
  readonly pattern: unknown;
  readonly paths: Readonly<Record<string, string>>;
  /** Lines of the message; `<name>` stands for a path's value. */
  readonly lines: readonly string[];
}

/** Tells people: of drift and of what could not be read, of a scan that failed, and of a scan that never ran. */
export class Alerts extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { settings, place }: AlertsOptions) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: `${settings.name}-alerts` });
    this.topicArn = topic.arn;
    const rules = Object.entries(messages(settings)).map(([kind, message]) => this.tell(settings, kind, message));
    const alarm = this.silence(settings);
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policy(
        {
          Sid: 'OurRules',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['sns:Publish'],
          Resource: topic.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.arn) } },
        },
        {
          Sid: 'OurAlarm',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['sns:Publish'],
          Resource: topic.arn,
          Condition: {
            StringEquals: { 'aws:SourceAccount': place.account },
            ArnEquals: { 'aws:SourceArn': alarm.arn },
          },
        },
      ),
    });
    settings.alertEmails.forEach((endpoint, at) => {
      new SnsTopicSubscription(this, `email_${at}`, { topicArn: topic.arn, protocol: 'email', endpoint });
    });
  }

  private tell(settings: Settings, kind: string, message: Message): CloudwatchEventRule {
    const rule = new CloudwatchEventRule(this, kind, {
      name: `${settings.name}-${kind}`,
      eventPattern: JSON.stringify(message.pattern),
    });
    new CloudwatchEventTarget(this, `${kind}_target`, {
      rule: rule.name,
      arn: this.topicArn,
      inputTransformer: {
        inputPaths: message.paths,
        // Each line of a text template is a JSON string of its own.
        inputTemplate: message.lines.map((line) => JSON.stringify(line)).join('\n'),
      },
    });
    return rule;
  }

  /** Fires when no scan has ended well for so many hours: hourly sums, missing hours count as silent ones. */
  private silence(settings: Settings): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, 'silence', {
      alarmName: `${settings.name}-silence`,
      alarmDescription: `No driftbom scan has finished for ${settings.silenceHours} hours. See docs/scheduled-scan.md.`,
      namespace: 'AWS/CodeBuild',
      metricName: 'SucceededBuilds',
      dimensions: { ProjectName: projectName(settings) },
      statistic: 'Sum',
      period: 3600,
      evaluationPeriods: settings.silenceHours,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
    });
  }
}

function messages(settings: Settings): Readonly<Record<'found' | 'failed', Message>> {
  const project = projectName(settings);
  return {
    found: {
      pattern: {
        source: ['driftbom.scan'],
        // Of drift the job tells by itself, to have a receipt of it.
        detail: { outcome: ['incomplete', 'ledger-broken'], build: [{ prefix: `${project}:` }] },
      },
      paths: {
        outcome: '$.detail.outcome',
        changed: '$.detail.summary.changed',
        missing: '$.detail.summary.missing',
        gaps: '$.detail.summary.gaps',
        resources: '$.detail.summary.resources',
        report: '$.detail.report',
        build: '$.detail.build',
      },
      lines: [
        `driftbom (${settings.name}): <outcome>`,
        'changed <changed>, missing <missing>, gaps <gaps>, of <resources> resources',
        'Report: <report>',
        'Build: <build>',
        'Runbooks: docs/runbooks/drift-found.md, docs/runbooks/ledger-broken.md',
      ],
    },
    failed: {
      pattern: {
        source: ['aws.codebuild'],
        'detail-type': ['CodeBuild Build State Change'],
        detail: {
          'project-name': [project],
          'build-status': [{ 'anything-but': ['IN_PROGRESS', 'SUCCEEDED'] }],
        },
      },
      paths: { status: '$.detail.build-status', log: '$.detail.additional-information.logs.deep-link' },
      lines: [
        `driftbom (${settings.name}): the scan did not finish (<status>), so nothing is known about drift`,
        'Log: <log>',
      ],
    },
  };
}
