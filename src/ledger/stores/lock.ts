import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DriftbomError, errnoOf } from '../../model/error.ts';

/** Who takes a lock. Given from outside, since only the command line may look at its process. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Whether a process of this host is alive. */
  readonly isAlive: (pid: number) => boolean;
}

export interface LockOptions {
  readonly owner: LockOwner;
  readonly clock: () => Date;
  /** How long to wait for another writer, in milliseconds. */
  readonly patience: number;
}

/** How a lock is taken: as asked for, with a folder of the same file system for half-made files. */
export interface Locking extends LockOptions {
  readonly scratch: string;
}

interface LockNote {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** RFC 3339. */
  readonly since: string;
}

/** Locks that this process holds: tells our own from those of a dead process that had the same pid. */
const heldHere = new Set<string>();
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
    heldHere.delete(note.token);
  }
}

async function acquire(path: string, options: Locking): Promise<LockNote> {
  const { owner, clock } = options;
  const note = { pid: owner.pid, host: owner.host, token: randomUUID(), since: clock().toISOString() };
  heldHere.add(note.token);
  for (let waited = 0; ; waited += PAUSE_MS) {
    const holder = await readNote(path);
    if (holder === undefined && (await create(path, note, options.scratch))) return note;
    const stale = holder !== undefined && isStale(holder, owner);
    if (stale && (await breakStale(path, holder, note, options))) continue;
    if (waited >= options.patience) {
      heldHere.delete(note.token);
      throw lockedBy(holder, path);
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
    const note = JSON.parse(await readFile(path, 'utf8')) as Partial<LockNote> | null;
    if (typeof note?.pid !== 'number' || typeof note.host !== 'string' || typeof note.token !== 'string') {
      return undefined;
    }
    return { pid: note.pid, host: note.host, token: note.token, since: String(note.since) };
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function isStale(holder: LockNote, owner: LockOwner): boolean {
  if (holder.host !== owner.host) return false;
  if (holder.pid === owner.pid) return !heldHere.has(holder.token);
  return !owner.isAlive(holder.pid);
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

function lockedBy(holder: LockNote | undefined, path: string): DriftbomError {
  const who =
    holder === undefined ? 'an unknown writer' : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new DriftbomError(
    'E_LEDGER_LOCKED',
    `the ledger is locked by ${who}`,
    `Wait for it to finish; if that process is gone for good, delete ${path}.`,
  );
}
