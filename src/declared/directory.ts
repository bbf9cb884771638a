import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ScanInput } from '../model/scan.ts';
import type { LockFile } from '../terraform/lock-file.ts';
import { EMPTY_LOCK, LOCK_FILE, parseLockFile } from '../terraform/lock-file.ts';
import { OPENTOFU_HOST, TERRAFORM_HOST } from '../terraform/provider-address.ts';
import type { StateFile } from '../terraform/state-file.ts';
import { parseState } from '../terraform/state-file.ts';
import { decodeText } from '../terraform/text.ts';
import { joinConfiguration } from './configuration.ts';
import { readModuleTree } from './directory-modules.ts';
import type { Environment, Run } from './directory-run.ts';
import { findState, readIfThere, selectedWorkspace } from './directory-state.ts';
import { variableValues } from './directory-variables.ts';
import { workspaceName } from './discover-label.ts';
import type { Declared, DeclaredSource } from './port.ts';

export interface DirectoryOptions {
  /** Absolute path of the folder. */
  readonly directory: string;
  /** The folder as the user named it, for errors. */
  readonly shown: string;
  /** Base of the name under which the scan shows this workspace; `default` for the working directory itself. */
  readonly label: string;
  readonly env: Environment;
  readonly run: Run;
  /** The program for `state pull`; by default terraform or tofu, the likelier first. */
  readonly program?: string | undefined;
  /** Absolute paths. */
  readonly varFiles?: readonly string[];
  /** A state file instead of the one that the configuration says. */
  readonly stateFile?: string | undefined;
  /** Terraform workspace; by default the selected one. */
  readonly terraformWorkspace?: string | undefined;
}

/**
 * A Terraform or OpenTofu root module: its configuration files, the local modules that it calls, and its state.
 * Errors: E_HCL, E_NOTHING_DECLARED, E_STATE_PULL, E_STATE_FORMAT, E_STATE_VERSION.
 */
export function terraformDirectory(options: DirectoryOptions): DeclaredSource {
  return { read: () => readDirectory(options) };
}

async function readDirectory(options: DirectoryOptions): Promise<Declared> {
  const { directory, env } = options;
  const { root, files } = await readModuleTree(directory);
  const lock = await readLock(directory);
  const terraformWorkspace = options.terraformWorkspace ?? (await selectedWorkspace(directory, env));
  const opentofu = [...lock.file.keys()].some((source) => source.startsWith(`${OPENTOFU_HOST}/`));
  const found = await findState({
    ...options,
    root: root.body,
    terraformWorkspace,
    programs: programs(options.program, opentofu),
    stateFile: options.stateFile,
  });
  const state = parseState(found.bytes, found.name);
  const workspace = workspaceName(options.label, terraformWorkspace);
  const joined = joinConfiguration({
    root,
    state,
    variables: await variableValues(root.body, { directory, env, varFiles: options.varFiles ?? [] }),
    workspace,
    terraformWorkspace,
    directory,
    lock: lock.file,
    defaultHost: defaultHost(opentofu, state),
  });
  return {
    reader: 'terraform directory',
    workspace,
    ...joined,
    inputs: [
      ...files.map((file): ScanInput => ({ kind: 'config', ...file, workspace })),
      ...lock.inputs.map((input) => ({ ...input, workspace })),
      stateInput(found.bytes, state, workspace),
    ],
  };
}

/** A state as a scan input. */
export function stateInput(bytes: Uint8Array, state: StateFile, workspace: string): ScanInput {
  return {
    kind: 'state',
    name: state.name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(state.lineage === undefined ? {} : { lineage: state.lineage }),
    ...(state.serial === undefined ? {} : { serial: state.serial }),
    workspace,
  };
}

export interface ReadLock {
  readonly file: LockFile;
  /** The lock file as a scan input, where there is one. */
  readonly inputs: readonly Omit<ScanInput, 'workspace'>[];
}

/** Reads the lock file of a folder; empty where there is none. Errors: E_HCL. */
export async function readLock(directory: string): Promise<ReadLock> {
  const bytes = await readIfThere(join(directory, LOCK_FILE));
  if (bytes === undefined) return { file: EMPTY_LOCK, inputs: [] };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = parseLockFile(decodeText(bytes, LOCK_FILE, 'E_HCL'), LOCK_FILE);
  return { file, inputs: [{ kind: 'lock', name: LOCK_FILE, sha256 }] };
}

function programs(named: string | undefined, opentofu: boolean): string[] {
  if (named !== undefined) return [named];
  return opentofu ? ['tofu', 'terraform'] : ['terraform', 'tofu'];
}

/** A provider source without a host means the registry of whoever wrote the state and the lock file. */
function defaultHost(opentofu: boolean, state: StateFile | undefined): string {
  const written = state?.blocks.some((block) => block.provider.source.startsWith(`${OPENTOFU_HOST}/`)) ?? false;
  return opentofu || written ? OPENTOFU_HOST : TERRAFORM_HOST;
}
