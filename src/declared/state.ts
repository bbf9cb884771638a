import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DeclaredResource, ProviderConfig } from '../model/resource.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import type { StateFile } from '../terraform/state-file.ts';
import { parseState } from '../terraform/state-file.ts';
import { stateResources } from '../terraform/state-resources.ts';
import { readLock, stateInput } from './directory.ts';
import type { Declared, DeclaredSource } from './port.ts';
import type { ProviderPlace } from './provider-blocks.ts';
import { providerAt } from './provider-blocks.ts';

export interface StateOptions {
  /** Absolute path of the state file. */
  readonly path: string;
  /** The file as the user would name it: relative to the working directory, or its base name where it lies outside. */
  readonly shown: string;
  /** Name under which the scan shows this workspace. */
  readonly workspace: string;
}

/**
 * One state file without its configuration. Provider configurations are empty: the environment decides region and
 * credentials. The lock file beside the state is honoured. Errors: E_NOTHING_DECLARED, E_STATE_FORMAT, E_STATE_VERSION.
 */
export function stateFile(options: StateOptions): DeclaredSource {
  return { read: () => readStateFile(options) };
}

/** One source for each state file. */
export function stateFiles(files: readonly StateOptions[]): DeclaredSource[] {
  return files.map(stateFile);
}

async function readStateFile({ path, shown, workspace }: StateOptions): Promise<Declared> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const message = `cannot read ${shown}: ${fileFault(cause)}`;
    throw new DriftbomError('E_NOTHING_DECLARED', message, 'Check that it is a file that you may read.', { cause });
  });
  const directory = dirname(path);
  const lock = await readLock(directory);
  const state = parseState(bytes, shown === '' ? basename(path) : shown);
  const taken = stateResources(state, { workspace });
  return {
    reader: 'terraform state',
    workspace,
    resources: taken.resources,
    providers: emptyProviders(state, taken.resources, { workspace, directory, lock: lock.file }),
    inputs: [...lock.inputs.map((input) => ({ ...input, workspace })), stateInput(bytes, state, workspace)],
    gaps: taken.gaps,
    skippedDataSources: taken.skippedDataSources,
  };
}

/** A configuration without arguments for every provider that a resource was written through. */
function emptyProviders(
  state: StateFile,
  resources: readonly DeclaredResource[],
  place: ProviderPlace,
): ProviderConfig[] {
  const used = new Set(resources.map((resource) => resource.providerKey));
  const configs = state.blocks.map(({ provider }) => providerAt(provider, {}, place));
  return [...new Map(configs.map((config) => [config.key, config])).values()].filter((config) => used.has(config.key));
}
