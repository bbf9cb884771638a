import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { ValueMap } from '../model/value.ts';
import type { ScanInput } from '../model/scan.ts';
import { DriftbomError, errnoOf } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { parseJson } from '../terraform/json.ts';
import { EMPTY_LOCK, LOCK_FILE, parseLockFile } from '../terraform/lock-file.ts';
import { TERRAFORM_HOST } from '../terraform/provider-address.ts';
import { parseState } from '../terraform/state-file.ts';
import type { StateFile } from '../terraform/state-file.ts';
import type { CdktfStack } from './cdktf-layout.ts';
import { homeOf, projectAt, STACK_FILE, stacksAt } from './cdktf-layout.ts';
import type { StatePlace } from './cdktf-state.ts';
import { localStatePath, statePlace } from './cdktf-state.ts';
import { runShell, synthesize } from './cdktf-synth.ts';
import type { RunShell } from './cdktf-synth.ts';
import type { ModuleSource } from './configuration-body.ts';
import { joinConfiguration, soleModule } from './configuration.ts';
import { readModuleTree } from './directory-modules.ts';
import { pullState } from './directory-pull.ts';
import { runProgram } from './directory-run.ts';
import type { Run } from './directory-run.ts';
import { variableValues } from './directory-variables.ts';
import type { Declared, DeclaredSource } from './port.ts';

export interface CdktfOptions {
  /**
   * Absolute: a project's folder (or its cdktf.json), an output folder, a folder of stacks, a stack's folder, or a
   * cdk.tf.json. Only the first two forms synthesize.
   */
  readonly path: string;
  /** Takes the output folder as it is. */
  readonly noSynth?: boolean;
  /** A state that lies elsewhere. One stack only. */
  readonly state?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute -var-file paths. */
  readonly varFiles?: readonly string[];
  /** The scan's name for a stack's workspace; the stack's own name where this is not given. */
  readonly workspaceName?: (stack: string) => string;
  /** Host that a provider source without a host means: OpenTofu has its own. */
  readonly defaultHost?: string;
  /** Time that the app may take (default: five minutes). */
  readonly synthTimeoutMs?: number;
  /** Runs the app. */
  readonly shell?: RunShell;
  /** Runs `state pull` where a backend is no file. */
  readonly run?: Run;
  /** Programs to pull with, the first that exists. */
  readonly programs?: readonly string[];
}

const SYNTH_TIMEOUT_MS = 300_000;

/**
 * The stacks of a CDKTF (or CDK Terrain) project, each a workspace with its own state. A project is synthesized first.
 * A stack without a state is a stack that was never applied: its resources are declared, and not in a state. But where
 * no stack at all has one, it is far likelier that the state lies elsewhere, and that is an error.
 * Errors: E_CDKTF_SYNTH, E_CDKTF_OUTPUT, E_NOTHING_DECLARED (no state), E_USAGE (one state for several stacks); on
 * reading also those of the state.
 */
export async function cdktfSources(options: CdktfOptions): Promise<readonly DeclaredSource[]> {
  const stacks = await stacksOf(options);
  if (options.state !== undefined && stacks.length > 1) {
    const names = stacks.map((one) => one.name).join(', ');
    const cure = 'Name the stack: pass its cdk.tf.json instead of the project.';
    throw new DriftbomError('E_USAGE', `--state names one state, but the project has the stacks ${names}.`, cure);
  }
  const opened = stacks.map((stack) => open(stack, options));
  const looked = opened.flatMap(({ place }) => (place.kind === 'none' ? place.looked : []));
  if (opened.every(({ place }) => place.kind === 'none')) throw noState(looked);
  return opened.map((one) => ({ read: () => readStack(one, options) }));
}

async function stacksOf(options: CdktfOptions): Promise<readonly CdktfStack[]> {
  const project = projectAt(options.path);
  if (project === undefined) return stacksAt(options.path);
  const output = isAbsolute(project.output) ? project.output : join(project.directory, project.output);
  if (options.noSynth !== true) {
    if (project.app === undefined) {
      throw new DriftbomError(
        'E_CDKTF_SYNTH',
        'cdktf.json has no "app".',
        'Add the command that runs the app, or pass --no-synth.',
      );
    }
    await synthesize({
      app: project.app,
      directory: project.directory,
      output: project.output,
      context: project.context,
      env: options.env,
      timeoutMs: options.synthTimeoutMs ?? SYNTH_TIMEOUT_MS,
      run: options.shell ?? runShell,
    });
  }
  if (!existsSync(output)) {
    const cure =
      options.noSynth === true
        ? 'Synthesize it, or leave out --no-synth.'
        : 'Let the app write where CDKTF_OUTDIR says.';
    throw new DriftbomError('E_CDKTF_OUTPUT', `The output folder ${project.output} is not there.`, cure);
  }
  return stacksAt(output);
}

/** A stack whose file was read and whose state was looked for. */
interface OpenStack {
  readonly stack: CdktfStack;
  readonly body: ValueMap;
  readonly text: string;
  readonly home: string;
  readonly place: StatePlace;
  readonly workspace: string;
}

function open(stack: CdktfStack, options: CdktfOptions): OpenStack {
  const name = `${stack.name}: ${basename(stack.file)}`;
  const bytes = readFile(stack.file, name, 'E_CDKTF_OUTPUT');
  const body = parseJson(bytes, name, 'E_CDKTF_OUTPUT');
  if (!isMap(body)) {
    throw new DriftbomError('E_CDKTF_OUTPUT', `${name} is not a JSON object.`, 'Synthesize the project again.');
  }
  const home = homeOf(stack.directory);
  const place: StatePlace =
    options.state === undefined ? statePlace(body, stack.directory, home) : { kind: 'file', path: options.state };
  const own = stackName(body) ?? stack.name;
  return { stack, body, text: bytes.toString('utf8'), home, place, workspace: options.workspaceName?.(own) ?? own };
}

async function readStack(open: OpenStack, options: CdktfOptions): Promise<Declared> {
  const { stack, body, home, workspace } = open;
  const inputs: ScanInput[] = [
    { kind: 'config', name: nameWithin(home, stack.file), sha256: sha256(withoutMachine(open)), workspace },
  ];
  const state = await readState(open, options, inputs);
  const joined = joinConfiguration({
    root: await moduleTree(open, inputs),
    state,
    variables: await variableValues(body, {
      directory: stack.directory,
      env: options.env,
      varFiles: options.varFiles ?? [],
    }),
    workspace,
    terraformWorkspace: options.env.TF_WORKSPACE || 'default',
    directory: stack.directory,
    lock: readLock(open, inputs),
    defaultHost: options.defaultHost ?? TERRAFORM_HOST,
  });
  return { reader: 'cdktf', workspace, inputs, ...joined };
}

async function readState(open: OpenStack, options: CdktfOptions, inputs: ScanInput[]): Promise<StateFile | undefined> {
  const { place, stack, home, workspace } = open;
  if (place.kind === 'none') return undefined;
  const name = place.kind === 'file' ? nameWithin(home, place.path) : `${stack.name} (${place.backend} backend)`;
  const bytes =
    place.kind === 'file'
      ? readFile(place.path, name, 'E_STATE_FORMAT')
      : await pullState({
          directory: stack.directory,
          shown: `stack ${stack.name}`,
          backend: place.backend,
          env: options.env,
          run: options.run ?? runProgram,
          programs: options.programs ?? ['terraform', 'tofu'],
        });
  if (bytes.length === 0) return undefined;
  const state = parseState(bytes, name);
  inputs.push({
    kind: 'state',
    name,
    sha256: sha256(bytes),
    workspace,
    ...(state.lineage === undefined ? {} : { lineage: state.lineage }),
    ...(state.serial === undefined ? {} : { serial: state.serial }),
  });
  return state;
}

/** cdktf runs `terraform init` in the stack's folder, and keeps a copy of the lock file beside cdktf.json. */
function readLock({ stack, home, workspace }: OpenStack, inputs: ScanInput[]): ReturnType<typeof parseLockFile> {
  const file = [join(stack.directory, LOCK_FILE), join(home, LOCK_FILE)].find((one) => existsSync(one));
  if (file === undefined) return EMPTY_LOCK;
  const name = nameWithin(home, file);
  const bytes = readFile(file, name, 'E_HCL');
  inputs.push({ kind: 'lock', name, sha256: sha256(bytes), workspace });
  return parseLockFile(bytes.toString('utf8'), name);
}

/** The stack with the local modules that it calls; a file of another name stands for itself. */
async function moduleTree({ stack, body, home, workspace }: OpenStack, inputs: ScanInput[]): Promise<ModuleSource> {
  if (basename(stack.file) !== STACK_FILE) return soleModule(body);
  const { root, files } = await readModuleTree(stack.directory);
  for (const { name, sha256: digest } of files) {
    if (name === STACK_FILE) continue;
    inputs.push({ kind: 'config', name: nameWithin(home, join(stack.directory, name)), sha256: digest, workspace });
  }
  return root;
}

/** The stack's text with the machine's own path of the state reduced to its file name: equal on every machine. */
function withoutMachine({ body, text }: OpenStack): string {
  const path = localStatePath(body);
  return path === undefined ? text : text.replaceAll(JSON.stringify(path), JSON.stringify(basename(path)));
}

function stackName(body: ValueMap): string | undefined {
  const note = body['//'];
  const metadata = isMap(note) ? note.metadata : undefined;
  const name = isMap(metadata) ? metadata.stackName : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function noState(looked: readonly string[]): DriftbomError {
  const message = `The stacks are declared, but no state was found. Looked for:\n  ${[...new Set(looked)].join('\n  ')}`;
  return new DriftbomError('E_NOTHING_DECLARED', message, 'Apply the project first, or pass --state FILE.');
}

/** A path as people name it: relative to the project, with forward slashes; a path outside by its file name alone. */
function nameWithin(home: string, path: string): string {
  const way = relative(home, path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? basename(path) : way.split(sep).join('/');
}

function readFile(path: string, name: string, code: 'E_CDKTF_OUTPUT' | 'E_STATE_FORMAT' | 'E_HCL'): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const message = `${name} cannot be read (${errnoOf(cause) ?? 'unknown reason'}).`;
    throw new DriftbomError(code, message, 'Check that the file is there and may be read.', { cause });
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
