import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type MotoProxy, startProxy } from '../support/moto-proxy.ts';
import type { TerraformWorkspace } from '../support/terraform.ts';
import { type Companions, describeWithTools, fixture, startCompanions } from './companions.ts';
import { driftLines, scan, type Scanned, startScan } from './driftbom.ts';

const RESOURCES = 12;

describeWithTools('a cloud and a provider that fail', () => {
  let companions: Companions;
  let proxy: MotoProxy;
  let small: TerraformWorkspace;

  beforeAll(async () => {
    companions = await startCompanions();
    proxy = await startProxy(companions.moto);
    small = await companions.home.workspace(fixture('small'), 'small', { endpoint: proxy.endpoint });
    await small.apply();
  });

  afterEach(() => {
    proxy.setFaults([]);
    proxy.onRequest(undefined);
  });

  afterAll(async () => {
    await proxy?.stop();
    await companions?.stop();
  });

  const scanSmall = (...args: readonly string[]): Promise<Scanned> =>
    scan(companions.home, companions.home.folder, small.directory, '--no-record', ...args);

  /** The one resource is a gap with this reason; nothing is drift; everything else was compared and is clean. */
  function expectOneGap(scanned: Scanned, address: string, reasons: readonly string[], total = RESOURCES): void {
    expect(driftLines(scanned)).toEqual([]);
    expect(scanned.document?.gaps.map((gap) => gap.address)).toEqual([address]);
    expect(reasons).toContain(scanned.document?.gaps[0]?.reason);
    expect(scanned.document?.summary).toMatchObject({ resources: total, inSync: total - 1, missing: 0 });
    expect(scanned.stdout + scanned.stderr).toContain(address);
  }

  it('is a clean scan where nothing fails', async () => {
    const scanned = await scanSmall('--strict');
    expect(driftLines(scanned)).toEqual([]);
    expect(scanned.document?.summary.inSync).toBe(RESOURCES);
    expect(scanned.code).toBe(0);
  });

  for (const [service, contains, address] of [
    ['lambda', 'small-app', 'aws_lambda_function.app'],
    ['dynamodb', 'small-orders', 'aws_dynamodb_table.orders'],
    ['sns', 'small-alerts', 'aws_sns_topic.alerts'],
    ['ec2', 'DescribeSecurityGroups', 'aws_security_group.web'],
    ['s3', 'versioning', 'aws_s3_bucket_versioning.data'],
    ['kms', 'DescribeKey', 'aws_kms_key.main'],
    ['ssm', 'GetParameter', 'aws_ssm_parameter.mode'],
    ['logs', 'DescribeLogGroups', 'aws_cloudwatch_log_group.app'],
    ['iam', 'GetRolePolicy', 'aws_iam_role_policy.app'],
  ] as const) {
    it(`calls ${address} a gap where ${service} denies access`, async () => {
      proxy.setFaults([{ kind: 'access-denied', service, contains, times: Number.POSITIVE_INFINITY }]);
      const scanned = await scanSmall();
      expect(proxy.given()[0]).toBeGreaterThan(0);
      // A parent whose own reading needs the same call is a gap too: it is never called clean.
      const gaps = scanned.document?.gaps ?? [];
      expect(driftLines(scanned)).toEqual([]);
      expect(gaps.map((gap) => gap.address)).toContain(address);
      expect(new Set(gaps.map((gap) => gap.reason))).toEqual(new Set(['access-denied']));
      expect(scanned.document?.summary.missing).toBe(0);
      expect(scanned.document?.summary.inSync).toBeGreaterThanOrEqual(RESOURCES - 2);
      expect(scanned.code).toBe(0);
      expect(scanned.stdout).toMatch(/gap/i);
    });
  }

  it('ends with 3 under --strict where one resource could not be read', async () => {
    const fault = { kind: 'access-denied', service: 'lambda', times: Number.POSITIVE_INFINITY } as const;
    proxy.setFaults([fault]);
    const scanned = await scanSmall('--strict');
    expectOneGap(scanned, 'aws_lambda_function.app', ['access-denied']);
    expect(scanned.code).toBe(3);
  });

  it('waits out throttling that passes', async () => {
    proxy.setFaults([
      { kind: 'throttling', service: 'dynamodb', times: 3 },
      { kind: 'throttling', service: 'lambda', times: 3 },
    ]);
    const scanned = await scanSmall('--strict');
    expect(proxy.given()).toEqual([3, 3]);
    expect(scanned.document?.gaps).toEqual([]);
    expect(scanned.code).toBe(0);
  });

  it('calls a resource a gap where throttling does not pass in its time', async () => {
    proxy.setFaults([{ kind: 'throttling', service: 'dynamodb', times: Number.POSITIVE_INFINITY }]);
    const scanned = await scanSmall('--timeout', '6');
    expectOneGap(scanned, 'aws_dynamodb_table.orders', ['throttled', 'timeout']);
  });

  it('starts a provider again that was killed half-way', async () => {
    let killed = 0;
    let parent = 0;
    proxy.onRequest((service) => {
      if (service !== 'lambda' || killed > 0) return;
      killed += 1;
      void killProvidersOf(parent);
    });
    const scanned = await startScan(companions.home, small.directory, ['--no-record'], (pid) => {
      parent = pid;
    });
    expect(killed).toBe(1);
    expect(driftLines(scanned)).toEqual([]);
    const { gaps = [], summary } = scanned.document ?? {};
    expect(gaps.every(({ reason }) => reason === 'provider-crashed')).toBe(true);
    expect((summary?.inSync ?? 0) + gaps.length).toBe(RESOURCES);
    expect(summary?.inSync).toBeGreaterThan(0);
  });

  it('calls a resource a gap that kills the provider each time it is read', async () => {
    let parent = 0;
    proxy.onRequest((service) => {
      if (service === 'lambda') void killProvidersOf(parent);
    });
    const scanned = await startScan(companions.home, small.directory, ['--no-record'], (pid) => {
      parent = pid;
    });
    expect(driftLines(scanned)).toEqual([]);
    const gaps = scanned.document?.gaps ?? [];
    expect(gaps.map(({ address }) => address)).toContain('aws_lambda_function.app');
    expect(gaps.every(({ reason }) => reason === 'provider-crashed')).toBe(true);
    expect((scanned.document?.summary.inSync ?? 0) + gaps.length).toBe(RESOURCES);
  });

  it('calls a type that the provider does not know a gap', async () => {
    const edited = await editedState('unknown', (state) => {
      const model = state.resources.find(({ type }) => type === 'aws_sns_topic');
      state.resources.push({ ...structuredClone(model), type: 'aws_unheard_of', name: 'thing' } as StateResource);
    });
    const scanned = await scan(companions.home, companions.home.folder, edited, '--no-record');
    expectOneGap(scanned, 'aws_unheard_of.thing', ['unknown-type'], RESOURCES + 1);
  });

  it('calls an object a gap that a newer provider has written', async () => {
    const edited = await editedState('newer', (state) => {
      for (const { type, instances } of state.resources) {
        for (const instance of instances) if (type === 'aws_kms_key') instance.schema_version = 99;
      }
    });
    const scanned = await scan(companions.home, companions.home.folder, edited, '--no-record');
    expectOneGap(scanned, 'aws_kms_key.main', ['newer-state']);
  });

  it('leaves no provider behind', async () => {
    await scanSmall();
    expect(await providersIn(companions.home.folder)).toEqual([]);
  });

  interface StateResource {
    readonly type: string;
    readonly name: string;
    readonly instances: { schema_version: number }[];
  }

  async function editedState(name: string, edit: (state: { resources: StateResource[] }) => void): Promise<string> {
    const folder = join(companions.home.folder, name);
    await cp(small.directory, folder, { recursive: true, verbatimSymlinks: true });
    const file = join(folder, 'terraform.tfstate');
    const state = JSON.parse(await readFile(file, 'utf8')) as { resources: StateResource[] };
    edit(state);
    await writeFile(file, JSON.stringify(state));
    return folder;
  }
});

/** Kills the provider programs that a process has started, as the kernel does when memory runs out. */
async function killProvidersOf(parent: number): Promise<void> {
  for (const { pid, status } of await processes()) {
    const isChild = new RegExp(`^PPid:\\s+${parent}$`, 'm').test(status);
    // The kernel shows 15 characters of a program's name.
    if (!isChild || !/^Name:\s+terraform-provi$/m.test(status)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (thrown) {
      // It ended between the look and the kill.
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }
}

async function providersIn(folder: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const { pid } of await processes()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (environment.includes(folder) && command.includes('terraform-provider')) found.push(pid);
  }
  return found;
}

async function processes(): Promise<readonly { readonly pid: number; readonly status: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => ({ pid, status: await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') })),
  );
}
