import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CdktfOptions } from '../../src/declared/cdktf.ts';
import { cdktfSources } from '../../src/declared/cdktf.ts';
import type { RunShell } from '../../src/declared/cdktf-synth.ts';
import { runShell } from '../../src/declared/cdktf-synth.ts';
import { declaredSourceContract } from '../contract/declared-source.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'driftbom-cdktf-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function put(path: string, content: unknown): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  return file;
}

const read = async (options: Partial<CdktfOptions> = {}) => {
  const sources = await cdktfSources({ path: home, env: {}, noSynth: true, ...options });
  return Promise.all(sources.map((source) => source.read()));
};

/** A stack as cdktf 0.21 synthesises it: padded with nulls, references as text, its own machine's path of the state. */
const stack = (name: string, more: object = {}) => ({
  '//': { metadata: { backend: 'local', stackName: name, version: '0.21.0' } },
  provider: { aws: [{ region: 'eu-central-1' }] },
  resource: {
    aws_sqs_queue: {
      jobs: {
        '//': { metadata: { path: `${name}/jobs`, uniqueId: 'jobs' } },
        name: 'jobs',
        delay_seconds: 5,
        kms: null,
      },
      dead: { '//': { metadata: { path: `${name}/dead` } }, name: 'dead', lifecycle: { ignore_changes: ['tags'] } },
    },
    aws_sns_topic: {
      alarm: { '//': { metadata: { path: `${name}/alarm` } }, name: `\${aws_sqs_queue.jobs.name}-alarm` },
    },
  },
  terraform: {
    backend: { local: { path: `/home/somebody/project/terraform.${name}.tfstate` } },
    required_providers: { aws: { source: 'aws', version: '5.100.0' } },
  },
  ...more,
});

const state = (...names: string[]) => ({
  version: 4,
  terraform_version: '1.11.4',
  serial: 3,
  lineage: 'l',
  outputs: {},
  resources: names.map((name) => ({
    mode: 'managed',
    type: 'aws_sqs_queue',
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ schema_version: 0, attributes: { id: `id-${name}`, name } }],
  })),
});

const manifest = (...names: string[]) => ({
  version: '0.21.0',
  stacks: Object.fromEntries(
    names.map((name) => [
      name,
      { name, workingDirectory: `stacks/${name}`, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
    ]),
  ),
});

/** A project with synthesised stacks, each with a state in the project's folder. */
function project(...names: string[]): void {
  put('cdktf.json', { app: 'node main.js', language: 'typescript' });
  put('cdktf.out/manifest.json', manifest(...names));
  for (const name of names) {
    put(`cdktf.out/stacks/${name}/cdk.tf.json`, stack(name));
    put(`terraform.${name}.tfstate`, state('jobs'));
  }
}

declaredSourceContract('a CDKTF project', async () => {
  project('orders');
  const [source] = await cdktfSources({ path: home, env: {}, noSynth: true });
  if (source === undefined) throw new Error('no stack');
  return source;
});

describe('a CDKTF project', () => {
  it('is joined to its state by logical address, with the construct path as location', async () => {
    project('orders');
    const [declared] = await read();
    expect(declared?.workspace).toBe('orders');
    const jobs = declared?.resources.find((one) => one.ref.address === 'aws_sqs_queue.jobs');
    expect(jobs?.ref).toMatchObject({ id: 'id-jobs', workspace: 'orders' });
    expect(jobs?.config).toEqual({
      values: { name: 'jobs', delay_seconds: 5 },
      ignoreChanges: [],
      location: 'orders/jobs',
    });
  });

  it('keeps what was never applied, without a state, and resolves what the state can answer', async () => {
    project('orders');
    const [declared] = await read();
    const alone = declared?.resources.filter((one) => one.state === undefined);
    expect(alone?.map((one) => one.ref.address).sort()).toEqual(['aws_sns_topic.alarm', 'aws_sqs_queue.dead']);
    expect(alone?.find((one) => one.ref.type === 'aws_sns_topic')?.config?.values).toEqual({ name: 'jobs-alarm' });
    expect(alone?.find((one) => one.ref.type === 'aws_sqs_queue')?.config?.ignoreChanges).toEqual([['tags']]);
  });

  it('is one workspace a stack', async () => {
    project('orders', 'billing');
    const all = await read({ workspaceName: (name) => `shop/${name}` });
    expect(all.map((one) => one.workspace)).toEqual(['shop/orders', 'shop/billing']);
  });

  it.each(['aws', 'hashicorp/aws', 'registry.terraform.io/hashicorp/aws'])(
    'may name its provider %s',
    async (source) => {
      project('orders');
      put('cdktf.out/stacks/orders/cdk.tf.json', {
        ...stack('orders'),
        terraform: {
          backend: { local: { path: 'terraform.orders.tfstate' } },
          required_providers: { aws: { source } },
        },
      });
      const [declared] = await read();
      expect(declared?.providers).toMatchObject([
        { source: 'registry.terraform.io/hashicorp/aws', values: { region: 'eu-central-1' } },
      ]);
      expect(new Set(declared?.resources.map((one) => one.providerKey))).toEqual(
        new Set([declared?.providers[0]?.key]),
      );
    },
  );

  it('is the same input on every machine, whatever path of the state it names', async () => {
    project('orders');
    const [here] = await read();
    const elsewhere = stack('orders');
    elsewhere.terraform.backend.local.path = '/Users/else/terraform.orders.tfstate';
    put('cdktf.out/stacks/orders/cdk.tf.json', elsewhere);
    const [there] = await read();
    expect(there?.inputs).toEqual(here?.inputs);
    expect(here?.inputs.map((one) => one.name)).toEqual([
      'cdktf.out/stacks/orders/cdk.tf.json',
      'terraform.orders.tfstate',
    ]);
    expect(JSON.stringify(here?.inputs)).not.toContain(home);
  });

  it('takes the versions of a lock file beside cdktf.json', async () => {
    project('orders');
    put(
      '.terraform.lock.hcl',
      'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.100.0"\n  hashes = ["h1:x"]\n}\n',
    );
    const [declared] = await read();
    expect(declared?.providers).toMatchObject([{ lockedVersion: '5.100.0', hashes: ['h1:x'] }]);
    expect(declared?.inputs.map((one) => one.kind)).toEqual(['config', 'state', 'lock']);
  });

  it('reads variables from the environment', async () => {
    project('orders');
    put('cdktf.out/stacks/orders/cdk.tf.json', {
      ...stack('orders', { variable: { delay: { type: 'number', default: 1 } } }),
      resource: { aws_sqs_queue: { jobs: { delay_seconds: `\${var.delay}` } } },
    });
    const [byDefault] = await read();
    const [given] = await read({ env: { TF_VAR_delay: '7' } });
    expect(byDefault?.resources[0]?.config?.values).toEqual({ delay_seconds: 1 });
    expect(given?.resources[0]?.config?.values).toEqual({ delay_seconds: 7 });
  });
});

describe('what may be given instead of a project', () => {
  it.each([
    ['the output folder', 'cdktf.out'],
    ['the folder of stacks', 'cdktf.out/stacks'],
    ['the folder of a stack', 'cdktf.out/stacks/orders'],
    ['a cdk.tf.json', 'cdktf.out/stacks/orders/cdk.tf.json'],
    ['cdktf.json', 'cdktf.json'],
  ])('is %s', async (_, path) => {
    project('orders');
    const [declared] = await read({ path: join(home, path) });
    expect(declared?.resources.map((one) => one.state !== undefined)).toContain(true);
  });

  it('is a folder of stacks without a manifest and without a project', async () => {
    put('out/one/cdk.tf.json', stack('one'));
    put('out/one/terraform.one.tfstate', state('jobs'));
    const [declared] = await read({ path: join(home, 'out') });
    expect(declared?.resources[0]?.ref.id).toBe('id-jobs');
  });
});

describe('the state of a stack', () => {
  it('may lie elsewhere', async () => {
    project('orders');
    rmSync(join(home, 'terraform.orders.tfstate'));
    const [declared] = await read({ state: put('kept/prod.json', state('jobs')) });
    expect(declared?.inputs.at(-1)).toMatchObject({ kind: 'state', name: 'kept/prod.json', lineage: 'l', serial: 3 });
  });

  it('cannot be given for several stacks at once', async () => {
    project('orders', 'billing');
    await expect(read({ state: join(home, 'x') })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(/orders, billing/),
    });
  });

  it('is pulled by terraform in the folder of the stack where the backend is no file', async () => {
    project('orders');
    put('cdktf.out/stacks/orders/cdk.tf.json', { ...stack('orders'), terraform: { backend: { s3: { bucket: 'b' } } } });
    const calls: unknown[] = [];
    const [declared] = await read({
      run: async (program, args, { cwd }) => {
        calls.push([program, ...args, cwd]);
        return { code: 0, timedOut: false, stdout: Buffer.from(JSON.stringify(state('jobs'))), stderr: '' };
      },
    });
    expect(calls).toEqual([['terraform', 'state', 'pull', join(home, 'cdktf.out/stacks/orders')]]);
    expect(declared?.resources[0]?.ref.id).toBe('id-jobs');
    expect(declared?.inputs.at(-1)?.name).toBe('orders (s3 backend)');
  });

  it('may be missing for one stack, which then was never applied', async () => {
    project('orders', 'billing');
    rmSync(join(home, 'terraform.billing.tfstate'));
    const [, billing] = await read();
    expect(billing?.resources.map((one) => one.state)).toEqual([undefined, undefined, undefined]);
  });

  it('must be there for one stack at least', async () => {
    project('orders');
    rmSync(join(home, 'terraform.orders.tfstate'));
    await expect(read()).rejects.toMatchObject({
      code: 'E_NOTHING_DECLARED',
      message: expect.stringContaining(join(home, 'terraform.orders.tfstate')),
      cure: expect.stringContaining('--state'),
    });
  });

  it('gives its own error where it is broken', async () => {
    project('orders');
    put('terraform.orders.tfstate', '{"version": 3}');
    await expect(read()).rejects.toMatchObject({ code: 'E_STATE_VERSION' });
  });
});

describe('synthesis', () => {
  const fails = (outcome: Partial<Awaited<ReturnType<RunShell>>>): RunShell => {
    return async () => ({ code: 1, output: '', timedOut: false, ...outcome });
  };

  it('runs the app with the output folder and context of cdktf.json', async () => {
    project('orders');
    put('cdktf.json', { app: 'make synth', output: 'built', context: { stage: 'prod' } });
    const calls: unknown[] = [];
    const shell: RunShell = async (command, { cwd, env }) => {
      calls.push([command, cwd, env.CDKTF_OUTDIR, env.CDKTF_CONTEXT_JSON, env.PATH]);
      put('built/manifest.json', manifest('orders'));
      put('built/stacks/orders/cdk.tf.json', stack('orders'));
      return { code: 0, output: '', timedOut: false };
    };
    const [declared] = await read({ noSynth: false, shell, env: { PATH: '/bin' } });
    expect(calls).toEqual([['make synth', home, 'built', '{"stage":"prod"}', '/bin']]);
    expect(declared?.inputs[0]?.name).toBe('built/stacks/orders/cdk.tf.json');
  });

  it('tells what the app said last, without the secrets of its environment', async () => {
    project('orders');
    const env = { AWS_SECRET_ACCESS_KEY: 'mark-secret-key', TF_VAR_pin: 'mark-pin-123' };
    const shell = fails({ output: 'Error: boom\nwith mark-secret-key and mark-pin-123' });
    const failure = await read({ noSynth: false, shell, env }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'E_CDKTF_SYNTH', message: expect.stringContaining('Error: boom') });
    expect(failure).toMatchObject({ cure: expect.stringContaining('--no-synth') });
    expect(String(failure)).not.toMatch(/mark-/);
  });

  it.each([
    ['takes too long', fails({ code: null, timedOut: true }), /was not done after 300 s/],
    ['ends with a code', fails({ code: 7 }), /ended with code 7/],
    ['does not start', (async () => Promise.reject(new Error('no shell'))) as RunShell, /no shell/],
  ])('fails where the app %s', async (_, shell, message) => {
    project('orders');
    await expect(read({ noSynth: false, shell })).rejects.toMatchObject({
      code: 'E_CDKTF_SYNTH',
      message: expect.stringMatching(message),
    });
  });

  it('needs an app', async () => {
    put('cdktf.json', { language: 'go' });
    await expect(read({ noSynth: false })).rejects.toMatchObject({
      code: 'E_CDKTF_SYNTH',
      message: expect.stringMatching(/no "app"/),
    });
  });

  it('runs in a real shell, whose children end with it', async () => {
    const node = JSON.stringify(process.execPath);
    const env = { PATH: process.env.PATH, WORD: 'seven' };
    const done = await runShell(`${node} -e "console.error(process.env.WORD); process.exit(3)"`, {
      ...{ cwd: home, env },
      timeoutMs: 20_000,
    });
    expect(done).toEqual({ code: 3, output: '\nseven\n', timedOut: false });
    const slow = await runShell(`${node} -e "setTimeout(() => {}, 60000)" & wait`, { cwd: home, env, timeoutMs: 50 });
    expect(slow.timedOut).toBe(true);
  });
});

describe('broken output', () => {
  it.each<[string, string, unknown]>([
    ['a manifest that is no JSON', 'cdktf.out/manifest.json', '{'],
    ['a manifest without stacks', 'cdktf.out/manifest.json', {}],
    ['a manifest that names nothing', 'cdktf.out/manifest.json', { stacks: {} }],
    ['a stack that is not there', 'cdktf.out/manifest.json', manifest('lost')],
    ['a stack without a path', 'cdktf.out/manifest.json', { stacks: { a: 5 } }],
    [
      'a stack outside',
      'cdktf.out/manifest.json',
      { stacks: { a: { synthesizedStackPath: '../terraform.orders.tfstate' } } },
    ],
    ['a stack that is no JSON', 'cdktf.out/stacks/orders/cdk.tf.json', '{"resource": '],
    ['a stack that is a list', 'cdktf.out/stacks/orders/cdk.tf.json', '[]'],
    ['a cdktf.json that is no JSON', 'cdktf.json', 'app = x'],
  ])('is %s: one clear error', async (_, path, content) => {
    project('orders');
    put(path, content);
    await expect(read()).rejects.toMatchObject({ code: 'E_CDKTF_OUTPUT' });
  });

  it('is none at all', async () => {
    put('cdktf.json', { app: 'x' });
    await expect(read()).rejects.toMatchObject({
      code: 'E_CDKTF_OUTPUT',
      message: expect.stringMatching(/cdktf\.out is not there/),
    });
  });
});
