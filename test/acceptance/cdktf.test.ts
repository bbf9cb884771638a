import { cp, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsClients, awsClients } from '../support/aws-clients.ts';
import { run, type TerraformHome, type TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, startCompanions } from './companions.ts';
import { driftLines, scan, type Scanned } from './driftbom.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

interface ProgramChange {
  readonly name: string;
  readonly line: string;
  readonly apply: (aws: AwsClients) => Promise<unknown>;
  readonly undo: (aws: AwsClients) => Promise<unknown>;
}

const CHANGES: readonly ProgramChange[] = [
  {
    name: 'versioning suspended',
    line: 'aws_s3_bucket_versioning.archive-versioning changed: versioning_configuration[0].status',
    apply: versioning('Suspended'),
    undo: versioning('Enabled'),
  },
  {
    name: 'a foreign inline policy beside a managed one',
    line: 'aws_iam_role.role changed: inline_policy',
    apply: (aws) =>
      aws.iam.putRolePolicy({
        RoleName: 'program-app',
        PolicyName: 'backdoor',
        PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      }),
    undo: (aws) => aws.iam.deleteRolePolicy({ RoleName: 'program-app', PolicyName: 'backdoor' }),
  },
  {
    name: 'SSH from anywhere beside a separately managed rule',
    line: 'aws_security_group.batch changed: ingress',
    apply: (aws) => aws.ec2.authorizeSecurityGroupIngress({ GroupName: 'program-batch', IpPermissions: [ssh] }),
    undo: (aws) => aws.ec2.revokeSecurityGroupIngress({ GroupName: 'program-batch', IpPermissions: [ssh] }),
  },
  {
    name: 'a tag changed',
    line: 'aws_s3_bucket.archive changed: tags.Team',
    apply: tagged('growth'),
    undo: tagged('records'),
  },
  {
    name: 'logs kept for a day',
    line: 'aws_cloudwatch_log_group.logs changed: retention_in_days',
    apply: (aws) => aws.logs.putRetentionPolicy({ logGroupName: '/program/app', retentionInDays: 1 }),
    undo: (aws) => aws.logs.putRetentionPolicy({ logGroupName: '/program/app', retentionInDays: 14 }),
  },
  {
    name: 'a parameter set to another value',
    line: 'aws_ssm_parameter.mode changed: insecure_value',
    apply: parameter('maintenance'),
    undo: parameter('standard'),
  },
];

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

function versioning(status: 'Enabled' | 'Suspended'): (aws: AwsClients) => Promise<unknown> {
  return (aws) =>
    aws.s3.putBucketVersioning({ Bucket: 'program-archive', VersioningConfiguration: { Status: status } });
}

function tagged(team: string): (aws: AwsClients) => Promise<unknown> {
  const TagSet = [
    { Key: 'Team', Value: team },
    { Key: 'ManagedBy', Value: 'cdktf' },
  ];
  return (aws) => aws.s3.putBucketTagging({ Bucket: 'program-archive', Tagging: { TagSet } });
}

function parameter(value: string): (aws: AwsClients) => Promise<unknown> {
  return (aws) => aws.ssm.putParameter({ Name: '/program/mode', Value: value, Type: 'String', Overwrite: true });
}

describeWithTools('a CDKTF program with two stacks', () => {
  let companions: Companions;
  let home: TerraformHome;
  let program: string;
  let aws: AwsClients;

  beforeAll(async () => {
    companions = await startCompanions();
    const { endpoint } = companions.moto;
    aws = awsClients(endpoint, 'eu-central-1');
    // The program and whoever synthesises it ask the environment where the cloud is.
    home = { ...companions.home, env: { ...companions.home.env, ENDPOINT: endpoint } };
    program = join(home.folder, 'program');
    await cp(fixture('cdktf'), program, { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules'), join(home.folder, 'node_modules'));
    await aws.s3.createBucket({
      Bucket: 'program-packages',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    });
    await aws.s3.putObject({
      Bucket: 'program-packages',
      Key: 'app.zip',
      Body: await readFile(join(fixture('small'), 'function.zip')),
    });
    const synthesised = await run(process.execPath, ['--import', 'tsx', 'main.ts'], { cwd: program, env: home.env });
    expect(synthesised.code, synthesised.stderr).toBe(0);
    await Promise.all(['storage', 'service'].map(applyStack));
  });

  afterAll(() => companions?.stop());

  const scanProgram = (...args: readonly string[]): Promise<Scanned> =>
    scan(home, home.folder, program, '--no-record', ...args);

  it('has no drift after apply, when it is synthesised and when it is taken as it is', async () => {
    for (const args of [[], ['--no-synth']]) {
      const scanned = await scanProgram(...args, '--strict');
      expect(driftLines(scanned), scanned.stderr).toEqual([]);
      expect(scanned.document?.gaps).toEqual([]);
      expect(scanned.document?.summary.inSync).toBe(15);
      expect(scanned.code).toBe(0);
    }
  });

  for (const { name, line, apply, undo } of CHANGES) {
    it(`is found and nothing else: ${name}`, async () => {
      await apply(aws);
      const scanned = await scanProgram('--no-synth');
      await undo(aws);
      expect(driftLines(scanned)).toEqual([line]);
      expect(scanned.document?.drifts.map(({ cause }) => cause)).toEqual(['out-of-band']);
      expect(scanned.code).toBe(2);
    });
  }

  it('reads several states in one run: its own two and that of a plain Terraform folder', async () => {
    const small: TerraformWorkspace = await home.workspace(fixture('small'), 'small', {
      endpoint: companions.moto.endpoint,
    });
    await small.apply();
    await aws.lambda.updateFunctionConfiguration({ FunctionName: 'small-app', Timeout: 900 });
    await aws.kms.disableKeyRotation({ KeyId: await keyId() });
    const scanned = await scan(home, home.folder, program, small.directory, '--no-synth', '--no-record');
    expect(scanned.document?.summary.resources).toBe(27);
    expect(driftLines(scanned)).toEqual([
      'aws_kms_key.key changed: enable_key_rotation',
      'aws_lambda_function.app changed: timeout',
    ]);
    expect(scanned.code).toBe(2);
  });

  async function applyStack(stack: string): Promise<void> {
    const cwd = join(program, 'cdktf.out', 'stacks', stack);
    for (const args of [
      ['init', '-input=false'],
      ['apply', '-auto-approve', '-input=false'],
    ]) {
      const ran = await run(companions.tools.terraform, [...args, '-no-color'], { cwd, env: home.env });
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    }
  }

  async function keyId(): Promise<string> {
    const { Keys = [] } = await aws.kms.listKeys();
    for (const { KeyId = '' } of Keys) {
      const { KeyMetadata } = await aws.kms.describeKey({ KeyId });
      if (KeyMetadata?.Description === 'Archive at rest') return KeyId;
    }
    throw new Error('the emulator has no such key');
  }
});
