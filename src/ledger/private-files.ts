import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { DriftbomError, errnoOf, messageOf } from '../model/error.ts';

/** E_KEY for a key file that cannot be used. */
export function unusable(path: string, why: string, cure?: string): DriftbomError {
  return new DriftbomError(
    'E_KEY',
    `the key ${path} cannot be used: ${why}`,
    cure ?? 'Put the right key file back from where it is kept safe; a ledger cannot be continued without its keys.',
  );
}

/** Makes the folder of private files, 0700, with a .gitignore that keeps them out of commits. Throws E_KEY. */
export async function makePrivateFolder(directory: string): Promise<void> {
  await refusable(directory, async () => {
    if ((await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined) await chmod(directory, 0o700);
  });
  const ignore = join(directory, '.gitignore');
  if (!(await exists(ignore))) await writePrivate(ignore, '# Private keys: never commit them.\n*\n');
}

/** Writes or replaces a private file, 0600, so that it is whole or untouched whenever the machine stops. Throws E_KEY. */
export async function writePrivate(path: string, content: string): Promise<void> {
  const scratch = `${path}.new`;
  await refusable(dirname(path), async () => {
    await rm(scratch, { force: true });
    const file = await open(scratch, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, path);
    await flush(dirname(path));
  });
}

/** Gives a private file another name, over one that has it. Throws E_KEY. */
export async function renamePrivate(from: string, to: string): Promise<void> {
  await refusable(dirname(to), async () => {
    await rename(from, to);
    await flush(dirname(to));
  });
}

/** Takes a private file away; one that is not there is no fault. Throws E_KEY. */
export function removePrivate(path: string): Promise<void> {
  return refusable(dirname(path), () => rm(path, { force: true }));
}

/** Reads a private file. Throws E_KEY where it is missing, unreadable, or readable for other users; never quotes it. */
export async function readPrivate(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    // Windows has no such bits.
    if ((mode & 0o077) !== 0 && platform() !== 'win32') {
      throw new DriftbomError('E_KEY', `other users may read the key ${path}`, `Run: chmod 600 ${path}`);
    }
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof DriftbomError) throw thrown;
    throw unusable(path, errnoOf(thrown) === 'ENOENT' ? 'it is missing' : (errnoOf(thrown) ?? 'it cannot be read'));
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

async function flush(folder: string): Promise<void> {
  if (platform() === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refusable(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof DriftbomError) throw thrown;
    const why = errnoOf(thrown) ?? messageOf(thrown);
    throw new DriftbomError(
      'E_KEY',
      `cannot write keys to ${directory}: ${why}`,
      'Name a folder that you may write to.',
    );
  }
}
