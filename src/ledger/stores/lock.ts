import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errnoOf } from '../../model/error.ts';
import { beginNote, endNote, isStale, type LockNote, lockedBy, type LockOptions, parseNote } from './lock-note.ts';

/** How a lock is taken: as asked for, with a folder of the same file system for half-made files. */
export interface Locking extends LockOptions {
  readonly scratch: string;
}

const PAUSE_MS = 15;

/**
 * Runs work while a lock file stands: `path`, made exclusively, naming pid, host and time. The lock of a dead process of
 * this host is taken away; one of another host never is, since nobody here can tell. Throws E_LEDGER_LOCKED after
 * `patience`. The work is given a check that the lock is still ours.
 */
export async function withLock<T>(
  path: string,
  options: Locking,
  work: (stillOurs: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const note = await acquire(path, options);
  try {
    return await work(async () => (await readNote(path))?.token === note.token);
  } finally {
    if ((await readNote(path))?.token === note.token) await rm(path, { force: true });
    endNote(note);
  }
}

async function acquire(path: string, options: Locking): Promise<LockNote> {
  const { owner } = options;
  const note = beginNote(options);
  for (let waited = 0; ; waited += PAUSE_MS) {
    const holder = await readNote(path);
    if (holder === undefined && (await create(path, note, options.scratch))) return note;
    const stale = holder !== undefined && isStale(holder, owner);
    if (stale && (await breakStale(path, holder, note, options))) continue;
    if (waited >= options.patience) {
      endNote(note);
      throw lockedBy(holder, `delete ${path}`);
    }
    await pause(PAUSE_MS);
  }
}

/**
 * Makes a lock file that holds its note from the first moment: a process killed between making and filling it would
 * leave a lock of nobody. So it is filled under another name and then linked, which fails where there is one.
 */
async function create(path: string, note: LockNote, scratch: string): Promise<boolean> {
  const filled = join(scratch, `${basename(path)}-${note.token}`);
  try {
    await mkdir(scratch, { recursive: true });
    await writeFile(filled, `${JSON.stringify(note)}\n`);
    await link(filled, path);
    return true;
  } catch (thrown) {
    const errno = errnoOf(thrown) ?? '';
    // ENOENT: the holder of the lock has just cleared the scratch folder.
    if (errno === 'EEXIST' || errno === 'ENOENT') return false;
    if (NO_LINKS.has(errno)) return createUnlinked(path, note);
    throw thrown;
  } finally {
    await rm(filled, { force: true });
  }
}

/** What file systems without hard links answer. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function createUnlinked(path: string, note: LockNote): Promise<boolean> {
  try {
    await writeFile(path, `${JSON.stringify(note)}\n`, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** Undefined where there is no lock, or its owner has not finished writing it. */
async function readNote(path: string): Promise<LockNote | undefined> {
  try {
    return parseNote(await readFile(path, 'utf8'));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/**
 * Two processes may find the same stale lock: only who holds the second file may look again and take it away. False
 * where another process is at it.
 */
async function breakStale(path: string, holder: LockNote, note: LockNote, options: Locking): Promise<boolean> {
  const guard = `${path}.break`;
  if (!(await create(guard, note, options.scratch))) {
    const breaker = await readNote(guard);
    if (breaker !== undefined && isStale(breaker, options.owner)) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await readNote(path))?.token === holder.token) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
  return true;
}
