import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { Construct } from 'constructs';
import type { Place } from './place.ts';
import { policy, serviceTrust } from './policy.ts';
import type { Settings } from './settings.ts';

export interface NightlyOptions {
  readonly settings: Settings;
  readonly place: Place;
  readonly project: { readonly name: string; readonly arn: string };
}

/**
 * Starts the build on schedule (EventBridge Scheduler, universal target codebuild:StartBuild). A start refused because
 * the build before is still running is tried again within the hour; if none starts, the silence alarm tells.
 */
export class Nightly extends Construct {
  constructor(scope: Construct, id: string, { settings, place, project }: NightlyOptions) {
    super(scope, id);
    const name = `${settings.name}-scan`;
    const schedules = `arn:${place.partition}:scheduler:${place.region}:${place.account}:schedule/default/${name}`;
    const role = new IamRole(this, 'role', {
      name: `${settings.name}-schedule`,
      description: 'Starts the scheduled driftbom scan',
      assumeRolePolicy: serviceTrust('scheduler.amazonaws.com', place.account, schedules),
    });
    const start = new IamRolePolicy(this, 'start', {
      name: 'start-scan',
      role: role.name,
      policy: policy({ Sid: 'Start', Effect: 'Allow', Action: ['codebuild:StartBuild'], Resource: project.arn }),
    });
    new SchedulerSchedule(this, 'schedule', {
      name,
      description: 'When driftbom scans',
      scheduleExpression: settings.schedule,
      scheduleExpressionTimezone: settings.timezone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${place.partition}:scheduler:::aws-sdk:codebuild:startBuild`,
        roleArn: role.arn,
        input: JSON.stringify({ ProjectName: project.name }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
      },
      dependsOn: [start],
    });
  }
}
