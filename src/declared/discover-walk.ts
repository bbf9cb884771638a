import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DriftbomError, errnoOf } from '../model/error.ts';

/** Folders that hold no root modules of the user's. */
const PASSED_OVER = new Set(['node_modules', '.git', '.terraform', '.driftbom', '.terragrunt-cache']);
/** Deeper trees are given as several targets. */
const DEEPEST = 12;

export type PathKind = 'file' | 'folder';

/** What stands at a path. Undefined where nothing does. */
export async function kindAt(path: string): Promise<PathKind | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DriftbomError('E_NOTHING_DECLARED', `cannot look at ${path}: ${code}`, 'Check its permissions.', {
      cause,
    });
  }
}

/** A folder and the names of the files in it. */
export interface Folder {
  readonly path: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Lists one folder, names sorted. A link counts as what it points at; a broken one as a file. */
export async function listFolder(path: string): Promise<Folder> {
  const files: string[] = [];
  const folders: string[] = [];
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    const message = `cannot look into ${path.split('/').at(-1)}: ${errnoOf(cause)}`;
    throw new DriftbomError('E_NOTHING_DECLARED', message, 'Check its permissions.', { cause });
  });
  for (const entry of entries) {
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && (await kindAt(join(path, entry.name))) === 'folder');
    (isFolder ? folders : files).push(entry.name);
  }
  return { path, files: files.sort(), folders: folders.sort() };
}

/** The folder and all below it, from the top. `enter` says whether to go below a folder that was given. */
export async function* walkFolders(top: string, enter: (folder: Folder) => boolean): AsyncIterable<Folder> {
  const queue = [{ path: top, depth: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const folder = await listFolder(next.path);
    yield folder;
    if (next.depth >= DEEPEST || !enter(folder)) continue;
    const { path, depth } = next;
    const below = folder.folders.filter((name) => !PASSED_OVER.has(name));
    queue.push(...below.map((name) => ({ path: join(path, name), depth: depth + 1 })));
  }
}
