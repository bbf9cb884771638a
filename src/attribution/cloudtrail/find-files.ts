import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { DriftbomError, errnoOf } from '../../model/error.ts';
import type { CoverageGap } from '../port.ts';

/** A file of a log. */
export interface FoundFile {
  readonly path: string;
  /** Relative to what the user gave, `/` between its parts. */
  readonly name: string;
}

/** What in a folder is a log; a file that was named is one whatever it is called. */
const LOG_NAME = /\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i;

/**
 * Finds the files that a path, folder or glob stands for, sorted by name. Folders are searched to the bottom; hidden
 * files are passed over. Throws E_AUDIT_LOG where there is nothing, or no access to it.
 */
export async function findFiles(
  given: string,
  cwd: string,
): Promise<{ readonly files: readonly FoundFile[]; readonly gaps: readonly CoverageGap[] }> {
  const path = resolve(cwd, given);
  const kind = await kindAt(path, given);
  if (kind === 'file') return { files: [{ path, name: basename(path) }], gaps: [] };
  const { base, glob, isGlob } = picomatch.scan(given);
  if (kind === undefined && !isGlob) throw nothing(given, 'there is no such file or folder');
  const top = kind === 'folder' ? path : resolve(cwd, base);
  const matches = kind === 'folder' ? (name: string) => LOG_NAME.test(name) : picomatch(glob);
  if (kind === undefined && (await kindAt(top, given)) !== 'folder') throw nothing(given, 'there is no such folder');
  const gaps: CoverageGap[] = [];
  const names = await namesBelow(top, '', gaps, new Set());
  const files = names.filter((name) => matches(name)).sort();
  if (files.length === 0 && gaps.length === 0) throw nothing(given, 'no file of a log is there');
  return { files: files.map((name) => ({ path: join(top, ...name.split('/')), name })), gaps };
}

function nothing(given: string, why: string): DriftbomError {
  return new DriftbomError(
    'E_AUDIT_LOG',
    `cannot read the audit log ${shown(given)}: ${why}`,
    'Give a file, a folder or a glob of CloudTrail records (.json or .json.gz), s3://bucket/prefix, or lookup.',
  );
}

/** What the user gave, without where it is on this machine. */
export function shown(given: string): string {
  return resolve(given) === given || given.startsWith('..') ? basename(given) : given.replaceAll(sep, '/');
}

async function kindAt(path: string, given: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw nothing(given, `${code}`);
  }
}

/** Names of all files below a folder. `seen` holds the folders on the way: a link may point back at one of them. */
async function namesBelow(
  top: string,
  below: string,
  gaps: CoverageGap[],
  seen: ReadonlySet<string>,
): Promise<string[]> {
  const folder = join(top, below);
  const real = await realpath(folder);
  if (seen.has(real)) return [];
  let entries: Awaited<ReturnType<typeof entriesOf>>;
  try {
    entries = await entriesOf(folder);
  } catch (cause) {
    gaps.push({ what: below === '' ? basename(top) : below, message: `cannot look into it: ${errnoOf(cause)}` });
    return [];
  }
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(join(top, name))));
    if (isFolder) names.push(...(await namesBelow(top, name, gaps, new Set([...seen, real]))));
    else names.push(name);
  }
  return names;
}

function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true });
}

async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
