import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The AWS provider version that the acceptance stacks pin, and CDKTF's bindings with them. */
const PROVIDER_VERSION = '5.100.0';
const HOST = 'registry.terraform.io';
const SOURCE = 'hashicorp/aws';
/** A mirror lies at most this deep below a software folder, its own layers included. */
const MAX_DEPTH = 7;
/** Layers between a mirror's root and the folder of one version: host, namespace, name. */
const LAYERS_BELOW_ROOT = 3;

/** The optional companions that the acceptance suite and the bench need. */
export interface Tools {
  readonly terraform: string;
  /** Program and first arguments that start a moto server. */
  readonly moto: readonly [string, ...string[]];
  /** Folder above `<host>/<namespace>/<name>/<version>/<os>_<arch>`. */
  readonly mirror: string;
  /** The provider program itself. */
  readonly provider: string;
}

export type FoundTools =
  | { readonly kind: 'found'; readonly tools: Tools }
  | { readonly kind: 'missing'; readonly what: readonly string[] };

/** Looks for terraform, moto and a mirror of the AWS provider; names what is not there. */
export async function findTools(env: NodeJS.ProcessEnv): Promise<FoundTools> {
  const [terraform, moto, mirror] = await Promise.all([onPath('terraform', env), findMoto(env), findMirror(env)]);
  const what = [
    ...(terraform === undefined ? ['terraform not found on PATH'] : []),
    ...(moto === undefined ? ['moto_server not found on PATH'] : []),
    ...(mirror === undefined
      ? [`no mirror of ${SOURCE} ${PROVIDER_VERSION} found (DRIFTBOM_TEST_PROVIDER_MIRROR)`]
      : []),
  ];
  if (terraform === undefined || moto === undefined || mirror === undefined) return { kind: 'missing', what };
  return { kind: 'found', tools: { terraform, moto, ...mirror } };
}

/** A browser of the Chromium family; undefined where there is none. */
export async function findBrowser(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const found = await onPath(name, env);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function onPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter((part) => part !== '')) {
    const file = join(folder, program);
    if (await canRun(file)) return file;
  }
  return undefined;
}

async function findMoto(env: NodeJS.ProcessEnv): Promise<readonly [string, ...string[]] | undefined> {
  const server = await onPath('moto_server', env);
  if (server !== undefined) return [server];
  for (const name of ['python3', 'python']) {
    const python = await onPath(name, env);
    if (python !== undefined && (await hasMoto(python))) return [python, '-m', 'moto.server'];
  }
  return undefined;
}

function hasMoto(python: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(python, ['-c', 'import moto.server'], { timeout: 20_000 }, (error) => resolve(error === null));
  });
}

interface Mirror {
  readonly mirror: string;
  readonly provider: string;
}

async function findMirror(env: NodeJS.ProcessEnv): Promise<Mirror | undefined> {
  const home = homedir();
  const named = [
    env.DRIFTBOM_TEST_PROVIDER_MIRROR,
    ...(await mirrorsOfCliConfig(env, home)),
    env.TF_PLUGIN_CACHE_DIR,
    join(home, '.terraform.d', 'plugins'),
    join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'terraform', 'plugins'),
    ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':').map((dir) => join(dir, 'terraform', 'plugins')),
  ];
  for (const root of named) {
    const found = root === undefined || root === '' ? undefined : await mirrorAt(root);
    if (found !== undefined) return found;
  }
  for (const root of ['/opt', '/usr/local', '/usr/share', '/srv', home]) {
    const found = await searchBelow(root, MAX_DEPTH - LAYERS_BELOW_ROOT);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `path = "..."` of the filesystem_mirror blocks; a full parser is not needed to look at a folder. */
async function mirrorsOfCliConfig(env: NodeJS.ProcessEnv, home: string): Promise<readonly string[]> {
  const file = env.TF_CLI_CONFIG_FILE ?? join(home, '.terraformrc');
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)].map((match) => match[1] as string);
}

async function mirrorAt(root: string): Promise<Mirror | undefined> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const folder = join(root, HOST, SOURCE, PROVIDER_VERSION, `${process.platform}_${arch}`);
  const names = await readdir(folder).catch(() => []);
  const name = names.find((candidate) => candidate.startsWith('terraform-provider-aws'));
  return name !== undefined && (await canRun(join(folder, name)))
    ? { mirror: root, provider: join(folder, name) }
    : undefined;
}

async function searchBelow(folder: string, depth: number): Promise<Mirror | undefined> {
  const found = await mirrorAt(folder);
  if (found !== undefined || depth === 0) return found;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name === '.git') continue;
    const below = await searchBelow(join(folder, entry.name), depth - 1);
    if (below !== undefined) return below;
  }
  return undefined;
}

async function canRun(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
