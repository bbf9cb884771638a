import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project/index.js';
import { Construct } from 'constructs';
import type { ITerraformDependable } from 'cdktf';
import { buildspec } from './buildspec.ts';
import { literal } from './policy.ts';
import { sourceType } from './repository.ts';
import type { Settings } from './settings.ts';

export interface ScanProjectOptions {
  readonly settings: Settings;
  readonly jobRoleArn: string;
  readonly readerRoleArn: string;
  readonly logGroupName: string;
  readonly keysSecretArn: string;
  readonly ledgerBucket: string;
  readonly reportBucket: string;
  readonly alertTopicArn: string;
  /** Rights that must be in place before a build can start. */
  readonly after: readonly ITerraformDependable[];
}

/** The CodeBuild project that runs one scan. At most one build at a time: two scans must never append at once. */
export class ScanProject extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, options: ScanProjectOptions) {
    super(scope, id);
    const { settings } = options;
    const project = new CodebuildProject(this, 'project', {
      name: projectName(settings),
      description: 'Scheduled driftbom scan: declared against live, recorded in the ledger',
      serviceRole: options.jobRoleArn,
      concurrentBuildLimit: 1,
      buildTimeout: settings.timeoutMinutes,
      sourceVersion: settings.branch,
      source: {
        type: sourceType(settings),
        location: settings.repository,
        gitCloneDepth: 1,
        buildspec: literal(buildspec()),
        ...(settings.connectionArn === undefined
          ? {}
          : { auth: { type: 'CODECONNECTIONS', resource: settings.connectionArn } }),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: settings.image,
        computeType: settings.computeType,
        privilegedMode: false,
        environmentVariable: Object.entries(variables(options)).map(([name, value]) => ({ name, value })),
      },
      logsConfig: { cloudwatchLogs: { status: 'ENABLED', groupName: options.logGroupName } },
      dependsOn: [...options.after],
    });
    this.name = project.name;
    this.arn = project.arn;
  }
}

/** The project's name, needed before the project is there: roles and rules are bound to it. */
export function projectName(settings: Settings): string {
  return `${settings.name}-scan`;
}

function variables(options: ScanProjectOptions): Readonly<Record<string, string>> {
  const { settings } = options;
  return {
    DRIFTBOM_PACKAGE: settings.package,
    DRIFTBOM_TERRAFORM_VERSION: settings.terraformVersion,
    DRIFTBOM_DIRECTORY: settings.directory,
    ...(settings.prepare === '' ? {} : { DRIFTBOM_PREPARE: literal(settings.prepare) }),
    ...(settings.synth === 'scan' ? {} : { DRIFTBOM_NO_SYNTH: '1' }),
    DRIFTBOM_LEDGER_BUCKET: options.ledgerBucket,
    DRIFTBOM_REPORT_BUCKET: options.reportBucket,
    DRIFTBOM_KEYS_SECRET: options.keysSecretArn,
    DRIFTBOM_READER_ROLE: options.readerRoleArn,
    DRIFTBOM_ALERT_TOPIC: options.alertTopicArn,
  };
}
