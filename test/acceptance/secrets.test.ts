import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsClients, awsClients } from '../support/aws-clients.ts';
import { type MotoProxy, startProxy } from '../support/moto-proxy.ts';
import type { Ran, TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, startCompanions } from './companions.ts';
import { driftbom } from './driftbom.ts';

/** Every secret of the fixture and of the changes begins with it. */
const MARK = 'MARK-';

describeWithTools('a state, a plan and a cloud full of secrets', () => {
  let companions: Companions;
  let proxy: MotoProxy;
  let stack: TerraformWorkspace;
  /** Everything that driftbom wrote, on disk or on a terminal. */
  let written: string;

  beforeAll(async () => {
    companions = await startCompanions();
    proxy = await startProxy(companions.moto);
    stack = await companions.home.workspace(fixture('secrets'), 'secrets', {
      endpoint: proxy.endpoint,
      mark: `${MARK}variable`,
    });
    await stack.apply();
    written = join(companions.home.folder, 'written');
    await mkdir(written);
    await changeSecrets(awsClients(companions.moto.endpoint, 'eu-central-1'));
  });

  afterAll(async () => {
    await proxy?.stop();
    await companions?.stop();
  });

  async function keep(name: string, ran: Ran): Promise<Ran> {
    await appendFile(join(written, `${name}.terminal`), `${ran.stdout}\n${ran.stderr}\n`);
    return ran;
  }

  /** Runs one command line, which must end with this code: a command that fails early hides nothing. */
  async function cli(name: string, code: number | readonly number[], ...args: readonly string[]): Promise<void> {
    const ran = await keep(name, await driftbom(companions.home, companions.home.folder, ...args));
    expect(ran.code, `${args.join(' ')}: ${ran.stderr}`).toSatisfy((got: number) => [code].flat().includes(got));
  }

  const everyFormat = (name: string): string[] =>
    ['json', 'markdown', 'html'].flatMap((format) => ['-o', `${format}=${join(written, `${name}.${format}`)}`]);

  it('shows that secrets changed, and none of them, in any format, ledger, snapshot, plan or replay', async () => {
    const ledger = ['--ledger', join(written, 'ledger')];
    const snapshot = join(written, 'live.json');
    await cli('scan', 2, 'scan', stack.directory, ...ledger, '--all', '--record-live', snapshot);
    await cli('files', 2, 'scan', stack.directory, ...ledger, ...everyFormat('scan'));
    const json = JSON.parse(await readFile(join(written, 'scan.json'), 'utf8')) as {
      drifts: { address: string; changes: { path: string; sensitive: boolean }[] }[];
    };
    const sensitive = json.drifts.flatMap(({ address, changes }) =>
      changes.filter((change) => change.sensitive).map(({ path }) => `${address} ${path}`),
    );
    expect(sensitive.sort()).toEqual(
      expect.arrayContaining([
        'aws_cloudwatch_event_rule.described description',
        'aws_lambda_function.app environment[0].variables.DB_PASSWORD',
        'aws_s3_bucket.tagged tags.Hint',
        'aws_ssm_parameter.token value',
      ]),
    );

    await cli(
      'replay',
      2,
      'scan',
      stack.directory,
      ...ledger,
      '--live',
      `snapshot:${snapshot}`,
      ...everyFormat('replay'),
    );
    const plan = join(companions.home.folder, 'plan.json');
    await stack.terraform('plan', '-refresh-only', '-lock=false', '-input=false', '-out=tf.plan');
    await writeFile(plan, (await stack.terraform('show', '-json', 'tf.plan')).stdout);
    expect(await readFile(plan, 'utf8')).toContain(MARK);
    await cli('plan', 2, 'scan', plan, ...ledger, '--all', ...everyFormat('plan'));
    for (const address of await stack.addresses()) {
      await cli('explain', [0, 2], 'explain', address, '--declared', `directory:${stack.directory}`);
    }
    for (const report of ['compliance', 'incident']) {
      const file = (format: string): string => `${format}=${join(written, `${report}.${format}`)}`;
      await cli(report, 0, 'report', report, ...ledger, '-o', file('markdown'), '-o', file('html'));
    }
    await cli('verify', 0, 'verify', ...ledger);
    await expectNoMark();
  }, 240_000);

  it('shows none in the errors of a scan that is denied, throttled or broken', async () => {
    proxy.setFaults([
      { kind: 'access-denied', service: 'ssm', times: Number.POSITIVE_INFINITY },
      { kind: 'access-denied', service: 'secretsmanager', times: Number.POSITIVE_INFINITY },
      { kind: 'access-denied', service: 'lambda', times: Number.POSITIVE_INFINITY },
      { kind: 'throttling', service: 'events', times: Number.POSITIVE_INFINITY },
    ]);
    await cli('denied', 2, 'scan', stack.directory, '--no-record', '--timeout', '5', '--all', ...everyFormat('denied'));
    proxy.setFaults([]);
    const broken = join(companions.home.folder, 'broken');
    await cp(stack.directory, broken, { recursive: true, verbatimSymlinks: true });
    const state = await readFile(join(stack.directory, 'terraform.tfstate'), 'utf8');
    for (const [name, code, text] of [
      ['cut', 1, state.slice(0, state.lastIndexOf(MARK) + 20)],
      ['untyped', 2, state.replaceAll('"schema_version"', '"schema_versions"')],
      ['version', 1, state.replace('"version": 4', '"version": 3')],
      ['shape', 2, state.replace(/"value": "MARK[^"]*"/g, '"value": {"a": "MARK-in-a-wrong-place"}')],
    ] as const) {
      await writeFile(join(broken, 'terraform.tfstate'), text);
      await cli(`broken-${name}`, code, 'scan', broken, '--no-record', '--all', ...everyFormat(`broken-${name}`));
    }
    await writeFile(join(broken, 'terraform.tfstate'), state);
    await writeFile(join(broken, 'more.tf'), 'locals { password = "MARK-unclosed }\n');
    await cli('broken-hcl', 1, 'scan', broken, '--no-record', ...everyFormat('broken-hcl'));
    await expectNoMark();
  }, 120_000);

  async function expectNoMark(): Promise<void> {
    // The state holds every mark: a search that finds none there would prove nothing here.
    expect(await leaksIn([join(stack.directory, 'terraform.tfstate')])).not.toEqual([]);
    const files = [...(await filesBelow(written)), ...(await filesBelow(join(companions.home.folder, 'cache')))];
    expect(files.length).toBeGreaterThan(10);
    expect(await leaksIn(files)).toEqual([]);
  }
});

async function leaksIn(files: readonly string[]): Promise<readonly string[]> {
  const leaks: string[] = [];
  for (const file of files) {
    const lines = plainTexts(await readFile(file, 'latin1'));
    leaks.push(...lines.filter((line) => line.includes(MARK)).map((line) => `${file}: ${line.slice(0, 300)}`));
  }
  return leaks;
}

/** The lines of a file, and what its base64 strings hold: a DSSE payload hides nothing from a reader. */
function plainTexts(text: string): readonly string[] {
  const encoded = [...text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].map(([chunk]) =>
    Buffer.from(chunk, 'base64').toString('latin1'),
  );
  return [...text.split('\n'), ...encoded].filter((line) => line !== '');
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function changeSecrets(aws: AwsClients): Promise<void> {
  await aws.ssm.putParameter({
    Name: '/secrets/token',
    Value: 'MARK-new-parameter',
    Type: 'SecureString',
    Overwrite: true,
  });
  await aws.ssm.putParameter({
    Name: '/secrets/write-only',
    Value: 'MARK-new-write-only',
    Type: 'SecureString',
    Overwrite: true,
  });
  await aws.secrets.putSecretValue({
    SecretId: 'secrets/login',
    SecretString: '{"password":"MARK-new-secret-string"}',
  });
  await aws.events.putRule({
    Name: 'secrets-described',
    Description: 'Calls MARK-new-description',
    ScheduleExpression: 'rate(1 day)',
  });
  await aws.s3.putBucketTagging({
    Bucket: 'secrets-tagged',
    Tagging: {
      TagSet: [
        { Key: 'Purpose', Value: 'secrets' },
        { Key: 'Hint', Value: 'MARK-new-tag' },
      ],
    },
  });
  await aws.lambda.updateFunctionConfiguration({
    FunctionName: 'secrets-app',
    Environment: {
      Variables: {
        LOG_LEVEL: 'debug',
        DB_PASSWORD: 'MARK-new-password',
        STRIPE_TOKEN: 'MARK-new-token',
        DATABASE_URL: 'postgres://orders:MARK-new-url@db.example.com/orders',
        NEW_API_KEY: 'MARK-new-key',
      },
    },
  });
}
