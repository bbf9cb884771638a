import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import type { Place } from './place.ts';
import { policy, type Statement, serviceTrust } from './policy.ts';
import { sourceStatements } from './repository.ts';
import type { Settings } from './settings.ts';

export interface JobRoleOptions {
  readonly settings: Settings;
  readonly place: Place;
  readonly projectArn: string;
}

export interface JobTargets {
  readonly readerRoleArn: string;
  readonly logGroupArn: string;
  readonly keysSecretArn: string;
  readonly ledgerBucketArn: string;
  readonly reportBucketArn: string;
  readonly alertTopicArn: string;
}

/**
 * What the build runs with: it fetches the repository, keeps the ledger and may become the reader. It sees nothing of
 * the account that is scanned, and can delete nothing.
 */
export class JobRole extends Construct {
  readonly arn: string;
  private readonly role: IamRole;
  private readonly options: JobRoleOptions;

  constructor(scope: Construct, id: string, options: JobRoleOptions) {
    super(scope, id);
    const { settings, place, projectArn } = options;
    this.options = options;
    this.role = new IamRole(this, 'role', {
      name: `${settings.name}-job`,
      description: 'Runs the scheduled driftbom scan and keeps its ledger',
      assumeRolePolicy: serviceTrust('codebuild.amazonaws.com', place.account, projectArn),
    });
    this.arn = this.role.arn;
  }

  /** Gives the job what it needs on these targets, and returns the policy, for the project to wait for. */
  allow(targets: JobTargets): IamRolePolicy {
    const { settings, place } = this.options;
    return new IamRolePolicy(this, 'policy', {
      name: 'scan-job',
      role: this.role.name,
      policy: policy(
        { Sid: 'BecomeTheReader', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: targets.readerRoleArn },
        {
          Sid: 'WriteTheBuildLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${targets.logGroupArn}:*`,
        },
        {
          Sid: 'ReadTheSigningKeys',
          Effect: 'Allow',
          Action: ['secretsmanager:GetSecretValue'],
          Resource: targets.keysSecretArn,
        },
        { Sid: 'FindTheLedger', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: targets.ledgerBucketArn },
        {
          Sid: 'KeepTheLedger',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: `${targets.ledgerBucketArn}/ledger/*`,
        },
        {
          Sid: 'StoreReports',
          Effect: 'Allow',
          Action: ['s3:PutObject'],
          Resource: `${targets.reportBucketArn}/reports/*`,
        },
        {
          Sid: 'Announce',
          Effect: 'Allow',
          Action: ['events:PutEvents'],
          Resource: `arn:${place.partition}:events:${place.region}:${place.account}:event-bus/default`,
          Condition: { StringEquals: { 'events:source': 'driftbom.scan' } },
        },
        { Sid: 'TellOfDrift', Effect: 'Allow', Action: ['sns:Publish'], Resource: targets.alertTopicArn },
        ...encryption(settings),
        ...sourceStatements(settings, place),
      ),
    });
  }
}

function encryption(settings: Settings): readonly Statement[] {
  if (settings.kmsKeyArn === undefined) return [];
  const Action = ['kms:Decrypt', 'kms:GenerateDataKey'];
  return [{ Sid: 'EncryptBuckets', Effect: 'Allow', Action, Resource: settings.kmsKeyArn }];
}
