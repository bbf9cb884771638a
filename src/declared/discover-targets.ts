import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { DriftbomError } from '../model/error.ts';
import { configurationFiles } from './directory-files.ts';
import type { SourceKind } from './discover-kind.ts';
import type { Content } from './discover-sniff.ts';
import { sniff } from './discover-sniff.ts';
import type { Folder } from './discover-walk.ts';
import { kindAt, listFolder, walkFolders } from './discover-walk.ts';

/** A target before its name is settled. */
export interface Found {
  readonly kind: SourceKind;
  /** Absolute path. */
  readonly path: string;
  readonly isFile: boolean;
  readonly stateFile?: string;
  readonly terraformWorkspace?: string;
}

/** What a path or a glob holds. Errors: E_NOTHING_DECLARED. */
export async function findTargets(path: string, cwd: string): Promise<Found[]> {
  const absolute = resolve(cwd, path);
  const kind = await kindAt(absolute);
  if (kind === 'file') return [await fileTarget(absolute, path)];
  if (kind === 'folder') return folderTargets(absolute, path);
  const found: Found[] = [];
  for (const match of await expandGlob(path, cwd)) {
    found.push(
      ...(match.kind === 'file' ? [await fileTarget(match.path, path)] : await folderTargets(match.path, path)),
    );
  }
  return found;
}

/** The same, for a reader that the user named. Errors: E_NOTHING_DECLARED, E_USAGE. */
export async function forceTargets(kind: SourceKind, path: string, cwd: string): Promise<Found[]> {
  const absolute = resolve(cwd, path);
  const at = await kindAt(absolute);
  if (at === undefined)
    return (await expandGlob(path, cwd)).map((match) => ({ kind, path: match.path, isFile: match.kind === 'file' }));
  if (kind === 'directory' && at === 'file') {
    throw new DriftbomError('E_USAGE', `--declared directory:${path} is a file`, 'Name the folder that it is in.');
  }
  if (at === 'file' || kind === 'directory' || kind === 'cdktf') {
    return [{ kind, path: absolute, isFile: at === 'file' }];
  }
  const files: Found[] = [];
  for await (const folder of walkFolders(absolute, () => true)) {
    for (const name of folder.files) {
      const file = join(folder.path, name);
      if (mayHoldState(name) && (await sniffFile(file)) === kind) files.push({ kind, path: file, isFile: true });
    }
  }
  if (files.length === 0) throw nothing(path, `no ${kind} file in it or below`);
  return files;
}

async function fileTarget(path: string, shown: string): Promise<Found> {
  const content = await sniffFile(path);
  switch (content) {
    case 'state':
      return stateTarget(path);
    case 'plan':
      return { kind: 'plan', path, isFile: true };
    case 'synth':
      return { kind: 'cdktf', path, isFile: true };
    case 'recording':
      throw nothing(
        shown,
        'it is a recording of the live side, not a declaration',
        `Replay it: driftbom scan --live snapshot:${shown}. To declare it all the same: --declared state:${shown}.`,
      );
    case 'shown-state':
      throw nothing(
        shown,
        'it is the output of `terraform show -json` for a state, which lacks what reading needs',
        'Pass the state itself: `terraform state pull > current.tfstate`.',
      );
    case 'binary-plan':
      throw nothing(shown, 'it is a plan in binary form', 'Write it as JSON: `terraform show -json FILE > plan.json`.');
    default:
      if (basename(path) === 'cdktf.json') return { kind: 'cdktf', path: dirname(path), isFile: false };
      if (content === 'configuration' || /\.(?:tf|tofu)(?:\.json)?$/.test(path))
        return { kind: 'directory', path: dirname(path), isFile: false };
      throw nothing(shown, 'it is neither a Terraform state nor a plan JSON nor synthesized configuration');
  }
}

/** A state that lies where its configuration is tells more together with it. */
async function stateTarget(path: string): Promise<Found> {
  const folder = dirname(path);
  const workspaces = dirname(folder);
  const ofWorkspace = basename(workspaces) === 'terraform.tfstate.d' && basename(path) === 'terraform.tfstate';
  const home = ofWorkspace ? dirname(workspaces) : folder;
  if (!(await isRootModule(home))) return { kind: 'state', path, isFile: true };
  const terraformWorkspace = ofWorkspace ? basename(folder) : 'default';
  return { kind: 'directory', path: home, isFile: false, stateFile: path, terraformWorkspace };
}

async function isRootModule(folder: string): Promise<boolean> {
  return (await configurationFiles(folder)).some((name) => name !== 'cdk.tf.json');
}

/** A folder that is a project itself, or else everything below that is one or holds a state. */
async function folderTargets(path: string, shown: string): Promise<Found[]> {
  const top = projectKind(await listFolder(path));
  if (top !== undefined) return [{ kind: top, path, isFile: false }];
  const found: Found[] = [];
  let folders = 0;
  for await (const folder of walkFolders(path, (one) => projectKind(one) !== 'cdktf')) {
    folders++;
    found.push(...(await targetsIn(folder, path)));
  }
  if (found.length > 0) return found;
  const looked = 'cdktf.json, cdk.tf.json, *.tf, *.tf.json, Terraform states and plan JSON files';
  throw nothing(
    shown,
    `looked for ${looked} in ${folders === 1 ? 'this folder' : `it and ${folders - 1} folder(s) below`}`,
  );
}

async function targetsIn(folder: Folder, top: string): Promise<Found[]> {
  const kind = projectKind(folder);
  if (kind === 'cdktf') return [{ kind, path: folder.path, isFile: false }];
  const found: Found[] = [];
  for (const name of folder.files.filter(mayHoldState)) {
    const path = join(folder.path, name);
    const content = await sniffFile(path);
    if (content === 'state') found.push(await stateTarget(path));
    else if (content === 'plan' && folder.path === top) found.push({ kind: 'plan', path, isFile: true });
  }
  if (kind !== 'directory' || found.length > 0) return found;
  // Below the named folder, only what was initialised with a backend is a root module; the rest are modules.
  const initialised = await kindAt(join(folder.path, '.terraform', 'terraform.tfstate'));
  return initialised === 'file' ? [{ kind, path: folder.path, isFile: false }] : [];
}

function projectKind(folder: Folder): 'cdktf' | 'directory' | undefined {
  const has = (name: string): boolean => folder.files.includes(name);
  if (has('cdktf.json') || has('cdk.tf.json')) return 'cdktf';
  if (has('manifest.json') && folder.folders.includes('stacks')) return 'cdktf';
  return folder.files.some((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name) && !name.startsWith('.'))
    ? 'directory'
    : undefined;
}

/** Backups and lock notes beside a state are no states to compare; a state may have any other name. */
function mayHoldState(name: string): boolean {
  if (/\.backup$|\.lock\.info$|^package(?:-lock)?\.json$|^tsconfig.*\.json$/.test(name)) return false;
  return name.includes('.tfstate') || /\.(?:json|state)$/.test(name);
}

async function sniffFile(path: string): Promise<Content> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const message = `cannot read ${basename(path)}`;
    throw new DriftbomError('E_NOTHING_DECLARED', message, 'Check that it is a file that you may read.', { cause });
  });
  return sniff(bytes, basename(path));
}

async function expandGlob(pattern: string, cwd: string): Promise<{ kind: 'file' | 'folder'; path: string }[]> {
  const { base, glob, isGlob } = picomatch.scan(pattern);
  if (!isGlob) throw nothing(pattern, 'there is no such file or folder');
  const top = resolve(cwd, base);
  const matches = picomatch(glob);
  const found: { kind: 'file' | 'folder'; path: string }[] = [];
  if ((await kindAt(top)) === 'folder') {
    for await (const folder of walkFolders(top, () => true)) {
      const within = (name: string): string => join(folder.path, name).slice(top.length + 1);
      for (const name of folder.files)
        if (matches(within(name))) found.push({ kind: 'file', path: join(folder.path, name) });
      for (const name of folder.folders)
        if (matches(within(name))) found.push({ kind: 'folder', path: join(folder.path, name) });
    }
  }
  if (found.length === 0) throw nothing(pattern, 'nothing matches this pattern');
  return found;
}

function nothing(path: string, why: string, cure?: string): DriftbomError {
  return new DriftbomError(
    'E_NOTHING_DECLARED',
    `nothing to compare in ${path}: ${why}`,
    cure ?? 'Name a Terraform directory, a CDKTF project, a state file or a plan JSON; or run in one.',
  );
}
