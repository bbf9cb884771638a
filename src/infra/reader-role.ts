import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { policy, type Statement } from './policy.ts';
import type { Settings } from './settings.ts';

/** Actions of the managed policy ReadOnlyAccess that read what customers store, not how resources are set up. */
const CONTENT = [
  'athena:GetQueryResults',
  'codecommit:GetBlob',
  'codecommit:GetFile',
  'codecommit:GitPull',
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:PartiQLSelect',
  'dynamodb:Query',
  'dynamodb:Scan',
  'ec2:GetConsoleOutput',
  'ec2:GetConsoleScreenshot',
  'ec2:GetPasswordData',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'kinesis:GetRecords',
  'lightsail:GetInstanceAccessDetails',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:GetLogRecord',
  'logs:GetQueryResults',
  'logs:StartLiveTail',
  'logs:StartQuery',
  'logs:Unmask',
  'rds:DownloadCompleteDBLogFile',
  'rds:DownloadDBLogFilePortion',
  'sqs:ReceiveMessage',
];

export interface ReaderRoleOptions {
  readonly settings: Settings;
  readonly partition: string;
  /** ARN of the one role that may become the reader. */
  readonly jobRoleArn: string;
}

/**
 * What the scanner reads AWS with: the managed policy ReadOnlyAccess, without the right to read secrets or content. It
 * cannot write anything, the ledger included.
 */
export class ReaderRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { settings, partition, jobRoleArn }: ReaderRoleOptions) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: `${settings.name}-reader`,
      description: 'Reads the configuration of resources for driftbom; no secrets, no content',
      maxSessionDuration: 3600,
      assumeRolePolicy: policy({
        Sid: 'OnlyTheScanJob',
        Effect: 'Allow',
        Principal: { AWS: jobRoleArn },
        Action: ['sts:AssumeRole'],
      }),
    });
    this.arn = role.arn;
    new IamRolePolicyAttachment(this, 'read_only', {
      role: role.name,
      policyArn: `arn:${partition}:iam::aws:policy/ReadOnlyAccess`,
    });
    new IamRolePolicy(this, 'narrowed', {
      name: 'no-secrets-no-content',
      role: role.name,
      policy: policy(...denials(settings, partition), ...grants(settings)),
    });
  }
}

function denials(settings: Settings, partition: string): readonly Statement[] {
  const state = settings.stateObjects.map(
    (place) => `arn:${partition}:s3:::${place}${place.includes('/') ? '*' : '/*'}`,
  );
  return [
    {
      Sid: 'NoSecrets',
      Effect: 'Deny',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
      Resource: '*',
    },
    // Also keeps SecureString parameters closed: Systems Manager decrypts with the caller's own right.
    { Sid: 'NoDecryption', Effect: 'Deny', Action: ['kms:Decrypt'], ...allBut(settings.stateKeyArns) },
    {
      Sid: 'NoObjectsButState',
      Effect: 'Deny',
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTorrent'],
      ...allBut(state),
    },
    { Sid: 'NoContent', Effect: 'Deny', Action: CONTENT, Resource: '*' },
    {
      Sid: 'NoApiKeys',
      Effect: 'Deny',
      Action: ['apigateway:GET'],
      Resource: `arn:${partition}:apigateway:*::/apikeys*`,
    },
  ];
}

function allBut(resources: readonly string[]): Pick<Statement, 'Resource' | 'NotResource'> {
  return resources.length === 0 ? { Resource: '*' } : { NotResource: resources };
}

function grants(settings: Settings): readonly Statement[] {
  const statements: Statement[] = [];
  if (settings.stateKeyArns.length > 0) {
    statements.push({ Sid: 'State', Effect: 'Allow', Action: ['kms:Decrypt'], Resource: settings.stateKeyArns });
  }
  if (settings.assumableRoleArns.length > 0) {
    const Resource = settings.assumableRoleArns;
    statements.push({ Sid: 'OtherAccounts', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource });
  }
  return statements;
}
