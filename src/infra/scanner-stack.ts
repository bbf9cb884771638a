import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsSecretsmanagerSecret } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secret/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { S3Backend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { Alerts } from './alerts.ts';
import { JobRole } from './job-role.ts';
import { Nightly } from './nightly.ts';
import type { Place } from './place.ts';
import type { Statement } from './policy.ts';
import { PrivateBucket } from './private-bucket.ts';
import { ReaderRole } from './reader-role.ts';
import { projectName, ScanProject } from './scan-project.ts';
import type { Settings } from './settings.ts';

/** Everything that runs `driftbom scan` on a schedule in one AWS account and region. */
export class ScannerStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    new AwsProvider(this, 'aws', { region: settings.region, defaultTags: [{ tags: { ManagedBy: settings.name } }] });
    if (settings.backend !== undefined) this.keepStateIn(settings.backend, settings.region);
    const place: Place = {
      partition: new DataAwsPartition(this, 'partition').partition,
      account: new DataAwsCallerIdentity(this, 'identity').accountId,
      region: settings.region,
    };
    // Made by hand, so that the keys never stand in a Terraform state; a deployment without them fails here.
    const keys = new DataAwsSecretsmanagerSecret(this, 'keys', { name: settings.keysSecret });

    const { ledger, reports } = this.buckets(settings, place);
    const log = new CloudwatchLogGroup(this, 'log', {
      name: `/driftbom/${projectName(settings)}`,
      retentionInDays: settings.logDays,
    });
    const projectArn = `arn:${place.partition}:codebuild:${place.region}:${place.account}:project/${projectName(settings)}`;
    const alerts = new Alerts(this, 'alerts', { settings, place });
    const job = new JobRole(this, 'job', { settings, place, projectArn });
    const reader = new ReaderRole(this, 'reader', { settings, partition: place.partition, jobRoleArn: job.arn });
    const allowed = job.allow({
      readerRoleArn: reader.arn,
      logGroupArn: log.arn,
      keysSecretArn: keys.arn,
      ledgerBucketArn: ledger.arn,
      reportBucketArn: reports.arn,
      alertTopicArn: alerts.topicArn,
    });
    const project = new ScanProject(this, 'scan', {
      settings,
      jobRoleArn: job.arn,
      readerRoleArn: reader.arn,
      logGroupName: log.name,
      keysSecretArn: keys.arn,
      ledgerBucket: ledger.name,
      reportBucket: reports.name,
      alertTopicArn: alerts.topicArn,
      after: [allowed],
    });
    new Nightly(this, 'nightly', { settings, place, project });

    new TerraformOutput(this, 'ledger_bucket', { value: ledger.name });
    new TerraformOutput(this, 'report_bucket', { value: reports.name });
    new TerraformOutput(this, 'project', { value: project.name });
    new TerraformOutput(this, 'reader_role', { value: reader.arn });
    new TerraformOutput(this, 'alert_topic', { value: alerts.topicArn });
  }

  private keepStateIn(backend: string, region: string): void {
    const slash = backend.indexOf('/');
    new S3Backend(this, { bucket: backend.slice(0, slash), key: backend.slice(slash + 1), region, encrypt: true });
  }

  private buckets(settings: Settings, place: Place): { ledger: PrivateBucket; reports: PrivateBucket } {
    const { kmsKeyArn } = settings;
    const suffix = `${place.account}-${place.region}`;
    return {
      ledger: new PrivateBucket(this, 'ledger', {
        bucket: `${settings.name}-ledger-${suffix}`,
        kmsKeyArn,
        objectLock: settings.objectLock,
        statements: (bucketArn) => [nobodyDeletes(bucketArn)],
      }),
      reports: new PrivateBucket(this, 'reports', {
        bucket: `${settings.name}-reports-${suffix}`,
        kmsKeyArn,
        expireDays: settings.reportDays,
      }),
    };
  }
}

/** Even an administrator has to change the bucket's policy first, which CloudTrail keeps. */
function nobodyDeletes(bucketArn: string): Statement {
  return {
    Sid: 'NobodyDeletesTheRecord',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    Resource: `${bucketArn}/*`,
  };
}
