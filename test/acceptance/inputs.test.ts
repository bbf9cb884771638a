import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsClients, awsClients } from '../support/aws-clients.ts';
import type { TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, startCompanions } from './companions.ts';
import { driftLines, scan, type Scanned } from './driftbom.ts';

const CHANGED = [
  'aws_cloudwatch_log_group.app missing',
  'aws_iam_role.app changed: inline_policy, managed_policy_arns',
  'aws_lambda_function.app changed: timeout',
  'aws_s3_bucket.data changed: tags.Team',
  'aws_s3_bucket_versioning.data changed: versioning_configuration[0].status',
  'aws_security_group.web changed: ingress',
];

describeWithTools('every way to give declared and live', () => {
  let companions: Companions;
  let small: TerraformWorkspace;

  beforeAll(async () => {
    companions = await startCompanions();
    const { endpoint } = companions.moto;
    small = await companions.home.workspace(fixture('small'), 'small', { endpoint });
    await small.apply();
    await changeSix(awsClients(endpoint, 'eu-central-1'));
  });

  afterAll(() => companions?.stop());

  const scanAt = (target: string, ...args: readonly string[]): Promise<Scanned> =>
    scan(companions.home, companions.home.folder, target, '--no-record', ...args);

  it('finds six changed resources at once in a folder', async () => {
    const scanned = await scanAt(small.directory);
    expect(driftLines(scanned)).toEqual(CHANGED);
    expect(scanned.document?.summary).toMatchObject({ resources: 12, changed: 5, missing: 1, inSync: 6, gaps: 0 });
  });

  it('finds the same from a bare state file and from a glob, with the cloud named by the environment', async () => {
    const env = {
      ...companions.home.env,
      AWS_ENDPOINT_URL: companions.moto.endpoint,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    for (const target of ['small/terraform.tfstate', 'small/*.tfstate']) {
      const home = { ...companions.home, env };
      const scanned = await scan(home, home.folder, target, '--no-record');
      expect(driftLines(scanned), `${target}: ${scanned.stdout}${scanned.stderr}`).toEqual(CHANGED);
    }
  });

  it('finds the same in the plan that Terraform refreshed', async () => {
    for (const [name, mode] of [
      ['refresh.json', ['-refresh-only']],
      ['normal.json', []],
    ] as const) {
      const file = join(companions.home.folder, name);
      await planJson(file, mode);
      const scanned = await scanAt(file);
      expect(driftLines(scanned), name).toEqual(CHANGED);
      expect(scanned.code).toBe(2);
    }
  });

  it('finds the same in a replayed snapshot, without a cloud', async () => {
    const snapshot = join(companions.home.folder, 'live.json');
    const recorded = await scanAt(small.directory, '--record-live', snapshot);
    expect(driftLines(recorded)).toEqual(CHANGED);
    const replayed = await scanAt(small.directory, '--live', `snapshot:${snapshot}`);
    expect(replayed.document?.drifts.map(withoutEntry)).toEqual(recorded.document?.drifts.map(withoutEntry));
    expect(replayed.document?.summary).toEqual(recorded.document?.summary);
    expect(replayed.code).toBe(2);
  });

  describe('where the configuration was changed and not applied', () => {
    it('tells what is unapplied from what was changed behind it', async () => {
      const file = join(small.directory, 'main.tf');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text
          .replace('timeout       = 5', 'timeout       = 60')
          .replace('retention_in_days = 30', 'retention_in_days = 90')
          .replace('value = "standard"', 'value = "express"'),
      );
      const scanned = await scanAt(small.directory);
      await writeFile(file, text);
      const causes = Object.fromEntries((scanned.document?.drifts ?? []).map(({ address, cause }) => [address, cause]));
      expect(causes).toMatchObject({
        'aws_ssm_parameter.mode': 'unapplied',
        'aws_lambda_function.app': 'both',
        'aws_s3_bucket.data': 'out-of-band',
      });
      expect(Object.keys(causes)).toHaveLength(CHANGED.length + 1);
    });
  });

  async function planJson(file: string, mode: readonly string[]): Promise<void> {
    await small.terraform('plan', '-lock=false', '-input=false', '-out=tf.plan', ...mode);
    await writeFile(file, (await small.terraform('show', '-json', 'tf.plan')).stdout);
  }
});

/** A drift without its ledger entry, which differs from scan to scan. */
function withoutEntry(drift: object): object {
  return Object.fromEntries(Object.entries(drift).filter(([key]) => key !== 'entry'));
}

async function changeSix(aws: AwsClients): Promise<void> {
  await Promise.all([
    aws.logs.deleteLogGroup({ logGroupName: '/small/app' }),
    aws.lambda.updateFunctionConfiguration({ FunctionName: 'small-app', Timeout: 900 }),
    aws.s3.putBucketTagging({ Bucket: 'small-data', Tagging: { TagSet: [{ Key: 'Team', Value: 'growth' }] } }),
    aws.s3.putBucketVersioning({ Bucket: 'small-data', VersioningConfiguration: { Status: 'Suspended' } }),
    aws.iam.attachRolePolicy({ RoleName: 'small-app', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    aws.iam.putRolePolicy({
      RoleName: 'small-app',
      PolicyName: 'backdoor',
      PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    }),
    aws.ec2.authorizeSecurityGroupIngress({
      GroupName: 'small-web',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  ]);
}
