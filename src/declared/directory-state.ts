import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ValueMap } from '../model/value.ts';
import { DriftbomError, errnoOf } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { parseJson } from '../terraform/json.ts';
import { blocksOf } from './configuration-body.ts';
import { pullState } from './directory-pull.ts';
import type { Environment, Run } from './directory-run.ts';

export interface StateSearch {
  readonly directory: string;
  /** The folder as the user would name it. */
  readonly shown: string;
  /** The root module's merged body. */
  readonly root: ValueMap;
  readonly terraformWorkspace: string;
  readonly env: Environment;
  readonly run: Run;
  /** Programs that can pull a state, in order of preference. */
  readonly programs: readonly string[];
  /** A state file that the user named; nothing is looked for then. */
  readonly stateFile: string | undefined;
}

export interface FoundState {
  readonly bytes: Uint8Array;
  /** Relative to the scanned folder, or `backend:s3` where it was pulled. */
  readonly name: string;
}

/**
 * The workspace that Terraform would use: TF_WORKSPACE, else the one that `terraform workspace select` wrote down, else
 * `default`. Source: hashicorp/terraform, internal/command/meta_backend.go.
 */
export async function selectedWorkspace(directory: string, env: Environment): Promise<string> {
  if (env.TF_WORKSPACE !== undefined && env.TF_WORKSPACE !== '') return env.TF_WORKSPACE;
  const written = await readIfThere(join(dataFolder(directory, env), 'environment'));
  const name = written === undefined ? '' : Buffer.from(written).toString('utf8').trim();
  return name === '' ? 'default' : name;
}

/**
 * Reads the state of a directory: the named file, or the local backend's file, or through `state pull` where another
 * backend is declared. Errors: E_NOTHING_DECLARED where there is no state yet, E_STATE_PULL.
 */
export async function findState(search: StateSearch): Promise<FoundState> {
  if (search.stateFile !== undefined) return readState(search, resolve(search.directory, search.stateFile));
  const backend = declaredBackend(search.root);
  if (backend !== undefined && backend.type !== 'local') {
    const bytes = await pullState({ ...search, backend: backend.type });
    if (bytes.length > 0) return { bytes, name: `backend:${backend.type}` };
    throw nothing(search, `the backend "${backend.type}" holds no state of the workspace ${search.terraformWorkspace}`);
  }
  const settings = { ...backend?.settings, ...(await initialisedSettings(search)) };
  return readState(search, resolve(search.directory, localPath(settings, search.terraformWorkspace)));
}

/** Source: Terraform language, "Backend Type: local". */
function localPath(settings: ValueMap, workspace: string): string {
  const text = (name: string, fallback: string): string => {
    const value = settings[name];
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  if (workspace === 'default') return text('path', 'terraform.tfstate');
  return join(text('workspace_dir', 'terraform.tfstate.d'), workspace, 'terraform.tfstate');
}

async function readState(search: StateSearch, path: string): Promise<FoundState> {
  const name = relative(search.directory, path);
  const bytes = await readIfThere(path);
  if (bytes !== undefined && bytes.length > 0) return { bytes, name };
  throw nothing(search, `its state file ${name} ${bytes === undefined ? 'does not exist' : 'is empty'}`);
}

function nothing(search: StateSearch, why: string): DriftbomError {
  return new DriftbomError(
    'E_NOTHING_DECLARED',
    `${search.shown} has a configuration but no state: ${why}`,
    'Apply it first, select the right workspace, or name the state file.',
  );
}

interface Backend {
  readonly type: string;
  readonly settings: ValueMap;
}

/** The backend that a configuration declares; `cloud` blocks too. Undefined where there is none: then it is local. */
function declaredBackend(root: ValueMap): Backend | undefined {
  for (const { body } of blocksOf(root, 'terraform', 0)) {
    const [block] = blocksOf(body, 'backend', 1);
    if (block !== undefined) return { type: block.labels[0] ?? '', settings: block.body };
    const [cloud] = blocksOf(body, 'cloud', 0);
    if (cloud !== undefined) return { type: 'cloud', settings: cloud.body };
  }
  return undefined;
}

/** What `init -backend-config` filled in for a local backend; the same file names other backends, which pull reads. */
async function initialisedSettings(search: StateSearch): Promise<ValueMap> {
  const bytes = await readIfThere(join(dataFolder(search.directory, search.env), 'terraform.tfstate'));
  const noted =
    bytes === undefined ? null : parseJson(bytes, `${search.shown}/.terraform/terraform.tfstate`, 'E_STATE_FORMAT');
  const backend = isMap(noted) ? noted.backend : undefined;
  if (!isMap(backend) || backend.type !== 'local' || !isMap(backend.config)) return {};
  return Object.fromEntries(Object.entries(backend.config).filter(([, value]) => typeof value === 'string'));
}

function dataFolder(directory: string, env: Environment): string {
  const named = env.TF_DATA_DIR;
  return resolve(directory, named === undefined || named === '' ? '.terraform' : named);
}

/** The file's bytes; undefined where there is none. Errors: E_NOTHING_DECLARED where it may not be read. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const message = `cannot read ${path.split('/').at(-1)}: ${code ?? 'unknown reason'}`;
    throw new DriftbomError('E_NOTHING_DECLARED', message, 'Check that it is a file that you may read.', { cause });
  }
}
