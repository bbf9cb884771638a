import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tools } from './find-tools.ts';

/** What a program said and how long it took. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs a program to its end. Never rejects for an exit code. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly onStart?: (pid: number) => void },
): Promise<Ran> {
  const started = performance.now();
  const { cwd, env } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 128));
  });
  running.delete(child);
  return { code, stdout, stderr, milliseconds: performance.now() - started };
}

/** A temporary folder with one or more Terraform working copies and the CLI configuration that they share. */
export interface TerraformHome {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Copies a fixture to `<folder>/<name>`, points it at the emulator, runs init. */
  workspace(fixture: string, name: string, variables: Readonly<Record<string, string>>): Promise<TerraformWorkspace>;
  remove(): Promise<void>;
}

export interface TerraformWorkspace {
  readonly directory: string;
  /** Rewrites the variables file, for example to go through a proxy. */
  setVariables(variables: Readonly<Record<string, string>>): Promise<void>;
  terraform(...args: readonly string[]): Promise<Ran>;
  apply(): Promise<void>;
  /** Attributes of one managed instance, by address, from the state. */
  attributes(address: string): Promise<Readonly<Record<string, unknown>>>;
  addresses(): Promise<readonly string[]>;
}

/** Makes the folder; nothing of the user's own Terraform configuration is used. */
export async function makeTerraformHome(tools: Tools): Promise<TerraformHome> {
  const folder = await mkdtemp(join(tmpdir(), 'driftbom-acceptance-'));
  const rc = join(folder, 'terraform.rc');
  await writeFile(
    rc,
    `provider_installation {\n  filesystem_mirror {\n    path    = ${JSON.stringify(tools.mirror)}\n    include = ["hashicorp/aws"]\n  }\n}\n`,
  );
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: process.env.TMPDIR,
    TF_CLI_CONFIG_FILE: rc,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
  };
  return {
    folder,
    env,
    workspace: async (fixture, name, variables) => {
      const directory = join(folder, name);
      await cp(fixture, directory, { recursive: true });
      const made = workspaceAt(directory, tools, env);
      await made.setVariables(variables);
      await expectSuccess(await made.terraform('init', '-input=false'), 'terraform init');
      return made;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function workspaceAt(directory: string, tools: Tools, env: NodeJS.ProcessEnv): TerraformWorkspace {
  const terraform = (...args: readonly string[]): Promise<Ran> =>
    run(tools.terraform, [...args, '-no-color'], { cwd: directory, env });
  return {
    directory,
    terraform,
    setVariables: async (variables) => {
      const lines = Object.entries(variables).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      await writeFile(join(directory, 'emulator.auto.tfvars'), `${lines.join('\n')}\n`);
    },
    apply: async () => {
      const ran = await terraform('apply', '-auto-approve', '-input=false', '-parallelism=30');
      await expectSuccess(ran, 'terraform apply');
    },
    attributes: async (address) => {
      const found = (await instancesOf(directory)).get(address);
      if (found === undefined) throw new Error(`the state has no ${address}`);
      return found;
    },
    addresses: async () => [...(await instancesOf(directory)).keys()],
  };
}

async function expectSuccess(ran: Ran, what: string): Promise<void> {
  if (ran.code !== 0)
    throw new Error(`${what} ended with ${ran.code}:\n${ran.stdout.slice(-2000)}\n${ran.stderr.slice(-4000)}`);
}

interface StateFile {
  readonly resources: readonly {
    readonly mode: string;
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string | number;
      readonly attributes: Record<string, unknown>;
    }[];
  }[];
}

async function instancesOf(directory: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const state = JSON.parse(await readFile(join(directory, 'terraform.tfstate'), 'utf8')) as StateFile;
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (const resource of state.resources.filter(({ mode }) => mode === 'managed')) {
    for (const instance of resource.instances) {
      const key = instance.index_key === undefined ? '' : `[${JSON.stringify(instance.index_key)}]`;
      const module = resource.module === undefined ? '' : `${resource.module}.`;
      found.set(`${module}${resource.type}.${resource.name}${key}`, instance.attributes);
    }
  }
  return found;
}
