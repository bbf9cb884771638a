import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs';
import { readdir, rmdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DriftbomError, errnoOf } from '../../model/error.ts';
import { isSameHead } from './same-head.ts';
import { HEAD_KEY } from '../paths.ts';
import type { LedgerStore } from '../port.ts';
import { type Disk, durableDisk, makeFolder, writeDurably } from './durable.ts';
import { ledgerKey } from './ledger-key.ts';
import { withLock } from './lock.ts';
import type { LockOptions } from './lock-note.ts';

const LOCK_FILE = '.lock';
const SCRATCH = '.tmp';

/**
 * A ledger in a folder: each object a file of the same name. Names that begin with a dot are ours and no part of it.
 * Two writers are kept apart by the lock; before the head moves, the writer looks whether the lock is still its own. What
 * a writer that died left behind, the next one writes over; nobody reads it until then, since it lies beyond the head.
 */
export function directoryStore(directory: string, options: LockOptions, disk: Disk = durableDisk): LedgerStore {
  const pathOf = (key: string): string => join(directory, ledgerKey(key));
  const scratch = join(directory, SCRATCH);
  const write: LedgerStore['put'] = async (objects) => {
    const files = objects.map(({ key, bytes }) => ({ path: pathOf(key), bytes }));
    await writing(directory, () => writeDurably(files, scratch, disk));
  };
  // Holds, inside `locked`, the check that the lock is still ours: a lock taken away by hand is noticed.
  const lock = new AsyncLocalStorage<() => Promise<boolean>>();
  const locked: LedgerStore['locked'] = async (work) => {
    await writing(directory, () => makeFolder(directory));
    return withLock(join(directory, LOCK_FILE), { ...options, scratch }, async (stillOurs) => {
      await clearScratch(scratch);
      return lock.run(stillOurs, work);
    });
  };
  const swapHead: LedgerStore['swapHead'] = async (expected, next, objects = []) => {
    const stillOurs = lock.getStore();
    // Compare and rename are two steps: only the lock makes them one.
    if (stillOurs === undefined) return locked(() => swapHead(expected, next, objects));
    const mayGoOn = async (): Promise<boolean> =>
      isSameHead(await readIfThere(pathOf(HEAD_KEY)), expected) && (await stillOurs());
    if (!(await mayGoOn())) return false;
    if (objects.length > 0) {
      await write(objects);
      if (!(await mayGoOn())) return false;
    }
    await write([{ key: HEAD_KEY, bytes: next }]);
    return true;
  };
  return {
    get: (key) => readIfThere(pathOf(key)),
    list: async (prefix) => {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const names = await namesBelow(join(directory, folder));
      const keys = names.map((name) => `${folder}${name}`).filter((key) => key.startsWith(prefix));
      return keys.sort();
    },
    put: write,
    remove: (keys) => writing(directory, () => removeFiles(keys.map(pathOf), disk)),
    swapHead,
    locked,
  };
}

/** Leftovers of a crash: nobody else writes objects while the lock is ours, and who waits for it begins anew. */
async function clearScratch(scratch: string): Promise<void> {
  for (const name of await namesBelow(scratch)) await rm(join(scratch, name), { force: true });
}

/** What the file system refuses becomes one clear error. */
async function writing(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === undefined) throw thrown;
    throw new DriftbomError(
      'E_OUTPUT',
      `cannot write to the ledger ${directory}: ${errno}`,
      'Make the folder writable, see that the disk has room, and run it again: the ledger is whole.',
      { cause: thrown },
    );
  }
}

/** By callback: a ledger is thousands of small files, and a file handle for each costs more than the reading. */
function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    readFile(path, (fault, bytes) => {
      if (fault === null) resolve(bytes);
      else if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errnoOf(fault) ?? '')) resolve(undefined);
      else reject(fault);
    });
  });
}

/** Removes files, and folders that are empty without them. */
async function removeFiles(paths: readonly string[], disk: Disk): Promise<void> {
  for (const path of paths) await disk.remove(path);
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    try {
      await rmdir(folder);
    } catch (thrown) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(thrown) ?? '')) throw thrown;
    }
  }
}

/** Files below a folder by relative name, our own dot files left out. */
async function namesBelow(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((one) => !one.isDirectory())
      .map((one) => join(one.parentPath, one.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
      .filter((name) => !name.startsWith('.'));
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '')) return [];
    throw thrown;
  }
}
