import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ValueMap } from '../model/value.ts';
import { DriftbomError, errnoOf } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { parseJson } from '../terraform/json.ts';

/** The file that every synthesised stack has. */
export const STACK_FILE = 'cdk.tf.json';
const PROJECT_FILE = 'cdktf.json';
const MANIFEST_FILE = 'manifest.json';

const SYNTHESIZE = 'Synthesize the project again, as JSON (not with --hcl-output).';

/** What cdktf.json says. */
export interface CdktfProject {
  readonly directory: string;
  readonly app: string | undefined;
  /** Output folder as written; `cdktf.out` where nothing is. */
  readonly output: string;
  readonly context: ValueMap;
}

/** One synthesised stack. */
export interface CdktfStack {
  readonly name: string;
  /** Where terraform runs for it: the folder of its cdk.tf.json. */
  readonly directory: string;
  readonly file: string;
}

/** The project at a path (folder, or its cdktf.json), or the one that a synthesised folder belongs to. */
export function projectAt(path: string): CdktfProject | undefined {
  const directory = basename(path) === PROJECT_FILE ? dirname(path) : path;
  const file = join(directory, PROJECT_FILE);
  if (!existsSync(file)) return undefined;
  const root = readObject(file, PROJECT_FILE);
  const { app, output, context } = root;
  return {
    directory,
    app: typeof app === 'string' && app.trim() !== '' ? app : undefined,
    output: typeof output === 'string' && output !== '' ? output : 'cdktf.out',
    context: isMap(context) ? context : {},
  };
}

/** The folder of the project above a synthesised folder (project/cdktf.out/stacks/name), or the folder itself. */
export function homeOf(directory: string): string {
  let above = directory;
  for (let level = 0; level < 4; level++) {
    if (existsSync(join(above, PROJECT_FILE))) return above;
    above = dirname(above);
  }
  return directory;
}

/**
 * The stacks at a path: a file cdk.tf.json, its folder, an output folder with manifest.json, or a folder of stacks.
 * Errors: E_CDKTF_OUTPUT where there is none, or where a manifest names what is not there.
 */
export function stacksAt(path: string): readonly CdktfStack[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return [stackOf(dirname(path), path, undefined)];
  const direct = join(path, STACK_FILE);
  if (existsSync(direct)) return [stackOf(path, direct, undefined)];
  const manifest = join(path, MANIFEST_FILE);
  const stacks = existsSync(manifest) ? manifestStacks(manifest) : folderStacks(path);
  if (stacks.length > 0) return stacks;
  throw new DriftbomError(
    'E_CDKTF_OUTPUT',
    `${basename(path)} holds no synthesised stack (${STACK_FILE}).`,
    SYNTHESIZE,
  );
}

/** Source: cdktf 0.21, lib/manifest.js. Its paths are relative to its own folder. */
function manifestStacks(manifest: string): readonly CdktfStack[] {
  const { stacks } = readObject(manifest, MANIFEST_FILE);
  if (!isMap(stacks)) throw new DriftbomError('E_CDKTF_OUTPUT', `${MANIFEST_FILE} names no stacks.`, SYNTHESIZE);
  return Object.entries(stacks).map(([name, stack]) => {
    const written = isMap(stack) ? stack.synthesizedStackPath : undefined;
    const file = typeof written === 'string' ? resolve(dirname(manifest), written) : '';
    if (file === '' || !isInside(dirname(manifest), file) || !existsSync(file) || !file.endsWith('.json')) {
      const message = `${MANIFEST_FILE} names a stack ${name} whose ${STACK_FILE} is not there.`;
      throw new DriftbomError('E_CDKTF_OUTPUT', message, SYNTHESIZE);
    }
    return stackOf(dirname(file), file, name);
  });
}

function folderStacks(folder: string): readonly CdktfStack[] {
  const within = [folder, join(folder, 'stacks')].find((one) => childrenWithStack(one).length > 0);
  if (within === undefined) return [];
  return childrenWithStack(within).map((name) => stackOf(join(within, name), join(within, name, STACK_FILE), name));
}

function childrenWithStack(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, STACK_FILE)))
    .sort();
}

function stackOf(directory: string, file: string, name: string | undefined): CdktfStack {
  return { directory, file, name: name ?? basename(directory) };
}

/** Whether a path lies in a folder: a manifest is not believed beyond its own. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
}

function readObject(file: string, name: string): ValueMap {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const message = `${name} cannot be read (${errnoOf(cause) ?? 'unknown reason'}).`;
    throw new DriftbomError('E_CDKTF_OUTPUT', message, SYNTHESIZE, { cause });
  }
  const root = parseJson(bytes, name, 'E_CDKTF_OUTPUT');
  if (!isMap(root)) throw new DriftbomError('E_CDKTF_OUTPUT', `${name} is not a JSON object.`, SYNTHESIZE);
  return root;
}
