import type { AwsChange, World } from './aws-change.ts';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ROLE = 'orders-app';

const table = ({ of }: World): string => of('aws_dynamodb_table.orders', 'arn');
const key = ({ of }: World): string => of('aws_kms_key.main', 'key_id');
const logsPolicy = ({ of }: World): string => of('aws_iam_policy.logs', 'arn');
const secret = ({ of }: World): string => of('aws_secretsmanager_secret.database', 'id');

function policy(...statements: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const everything = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

function inline(name: string, document: (world: World) => string): (world: World) => Promise<unknown> {
  return (world) => world.aws.iam.putRolePolicy({ RoleName: ROLE, PolicyName: name, PolicyDocument: document(world) });
}

function assume(...services: readonly string[]): (world: World) => Promise<unknown> {
  return (world) =>
    world.aws.iam.updateAssumeRolePolicy({
      RoleName: 'orders-audit',
      PolicyDocument: policy({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: services.length === 0 ? { AWS: '*' } : { Service: services },
      }),
    });
}

function restoreInline(world: World): Promise<unknown> {
  return inline('read-orders', (w) => w.of('aws_iam_role_policy.app', 'policy'))(world);
}

function parameter(name: string, value: (world: World) => string, type: 'String' | 'SecureString') {
  return (world: World): Promise<unknown> =>
    world.aws.ssm.putParameter({ Name: name, Value: value(world), Type: type, Overwrite: true });
}

export const identityChanges: readonly AwsChange[] = [
  {
    name: 'AdministratorAccess attached to a role',
    address: 'aws_iam_role.app',
    expected: ['managed_policy_arns'],
    apply: (w) => w.aws.iam.attachRolePolicy({ RoleName: ROLE, PolicyArn: ADMIN }),
    undo: (w) => w.aws.iam.detachRolePolicy({ RoleName: ROLE, PolicyArn: ADMIN }),
  },
  {
    name: 'a foreign inline policy beside a managed one',
    address: 'aws_iam_role.app',
    expected: ['inline_policy'],
    apply: inline('backdoor', () => everything),
    undo: (w) => w.aws.iam.deleteRolePolicy({ RoleName: ROLE, PolicyName: 'backdoor' }),
  },
  {
    name: 'an inline policy rewritten',
    address: 'aws_iam_role_policy.app',
    expected: ['policy'],
    apply: inline('read-orders', () => everything),
    undo: restoreInline,
  },
  {
    name: 'an inline policy rewritten to an equivalent document',
    address: 'aws_iam_role_policy.app',
    expected: 'equal',
    apply: inline('read-orders', (w) =>
      JSON.stringify({
        Statement: { Resource: [table(w)], Action: ['dynamodb:Query', 'dynamodb:GetItem'], Effect: 'Allow' },
        Version: '2012-10-17',
      }),
    ),
    undo: restoreInline,
  },
  {
    name: 'anybody may assume a role',
    address: 'aws_iam_role.audit',
    expected: ['assume_role_policy'],
    apply: assume(),
    undo: assume('lambda.amazonaws.com', 'states.amazonaws.com'),
  },
  {
    name: 'the services that may assume a role in another order',
    address: 'aws_iam_role.audit',
    expected: 'equal',
    apply: assume('states.amazonaws.com', 'lambda.amazonaws.com'),
    undo: assume('lambda.amazonaws.com', 'states.amazonaws.com'),
  },
  {
    name: 'sessions of a role last longer',
    address: 'aws_iam_role.app',
    expected: ['max_session_duration'],
    // The emulator forgets a description that is not given again.
    apply: (w) =>
      w.aws.iam.updateRole({ RoleName: ROLE, MaxSessionDuration: 43200, Description: 'Runs the order functions' }),
    undo: (w) =>
      w.aws.iam.updateRole({ RoleName: ROLE, MaxSessionDuration: 3600, Description: 'Runs the order functions' }),
  },
  {
    name: 'another default version of a managed policy',
    address: 'aws_iam_policy.logs',
    expected: ['policy'],
    apply: (w) =>
      w.aws.iam.createPolicyVersion({ PolicyArn: logsPolicy(w), PolicyDocument: everything, SetAsDefault: true }),
    undo: async (w) => {
      await w.aws.iam.setDefaultPolicyVersion({ PolicyArn: logsPolicy(w), VersionId: 'v1' });
      await w.aws.iam.deletePolicyVersion({ PolicyArn: logsPolicy(w), VersionId: 'v2' });
    },
  },
  {
    name: 'a tag of a user removed',
    address: 'aws_iam_user.deploy',
    expected: ['tags.Purpose'],
    apply: (w) => w.aws.iam.untagUser({ UserName: 'orders-deploy', TagKeys: ['Purpose'] }),
    undo: (w) => w.aws.iam.tagUser({ UserName: 'orders-deploy', Tags: [{ Key: 'Purpose', Value: 'deploy' }] }),
  },
  {
    name: 'key rotation off',
    address: 'aws_kms_key.main',
    expected: ['enable_key_rotation'],
    apply: (w) => w.aws.kms.disableKeyRotation({ KeyId: key(w) }),
    undo: (w) => w.aws.kms.enableKeyRotation({ KeyId: key(w), RotationPeriodInDays: 365 }),
  },
  {
    name: 'a key described otherwise',
    address: 'aws_kms_key.main',
    expected: ['description'],
    apply: (w) => w.aws.kms.updateKeyDescription({ KeyId: key(w), Description: 'free' }),
    undo: (w) => w.aws.kms.updateKeyDescription({ KeyId: key(w), Description: 'Orders at rest' }),
  },
  {
    name: 'a secret described otherwise',
    address: 'aws_secretsmanager_secret.database',
    expected: ['description'],
    apply: (w) => w.aws.secrets.updateSecret({ SecretId: secret(w), Description: 'old' }),
    undo: (w) => w.aws.secrets.updateSecret({ SecretId: secret(w), Description: 'Database login' }),
  },
  {
    name: 'a parameter set to another value',
    address: 'aws_ssm_parameter.mode',
    expected: ['value'],
    apply: parameter('/orders/mode', () => 'maintenance', 'String'),
    undo: parameter('/orders/mode', (w) => w.of('aws_ssm_parameter.mode', 'value'), 'String'),
  },
  {
    name: 'a secure parameter set to another value',
    address: 'aws_ssm_parameter.token',
    expected: ['value'],
    apply: parameter('/orders/token', () => 'MARK-changed-token', 'SecureString'),
    undo: parameter('/orders/token', (w) => w.of('aws_ssm_parameter.token', 'value'), 'SecureString'),
  },
  {
    name: 'a policy detached from a role',
    address: 'aws_iam_role_policy_attachment.logs',
    expected: 'missing',
    apply: (w) => w.aws.iam.detachRolePolicy({ RoleName: ROLE, PolicyArn: logsPolicy(w) }),
  },
  {
    name: 'a parameter deleted',
    address: 'aws_ssm_parameter.mode',
    expected: 'missing',
    apply: (w) => w.aws.ssm.deleteParameter({ Name: '/orders/mode' }),
  },
];
