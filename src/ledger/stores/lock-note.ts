import { randomUUID } from 'node:crypto';
import { DriftbomError } from '../../model/error.ts';

/** Who takes a lock. Given from outside, since only the command line may look at its process. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /**
   * Where a pid names the same process as here: containers may share a host name, and each has a process 1. Undefined where
   * the system does not tell; then the host name stands for it.
   */
  readonly place?: string | undefined;
  /** Whether a process of this place is alive. */
  readonly isAlive: (pid: number) => boolean;
}

export interface LockOptions {
  readonly owner: LockOwner;
  readonly clock: () => Date;
  /** How long to wait for another writer, in milliseconds. */
  readonly patience: number;
}

/** Says who holds a lock. */
export interface LockNote {
  readonly pid: number;
  readonly host: string;
  readonly place?: string | undefined;
  readonly token: string;
  /** RFC 3339. */
  readonly since: string;
}

/** Locks that this process holds: tells our own from those of a dead process that had the same pid. */
const heldHere = new Set<string>();

/** A note for a lock that this process is about to take. */
export function beginNote({ owner, clock }: LockOptions): LockNote {
  const { pid, host, place } = owner;
  const note = { pid, host, place, token: randomUUID(), since: clock().toISOString() };
  heldHere.add(note.token);
  return note;
}

/** Says that this process does not hold the lock of that note, or no longer. */
export function endNote(note: LockNote): void {
  heldHere.delete(note.token);
}

/** Undefined where the text names no holder. */
export function parseNote(text: string): LockNote | undefined {
  let note: Partial<LockNote> | null;
  try {
    note = JSON.parse(text) as Partial<LockNote> | null;
  } catch {
    return undefined;
  }
  if (typeof note?.pid !== 'number' || typeof note.host !== 'string' || typeof note.token !== 'string')
    return undefined;
  const place = typeof note.place === 'string' ? note.place : undefined;
  return { pid: note.pid, host: note.host, place, token: note.token, since: String(note.since) };
}

/** Whether the holder is known to be gone: only a process of this host and place can be looked after. */
export function isStale(holder: LockNote, owner: LockOwner): boolean {
  if (holder.host !== owner.host || holder.place !== owner.place) return false;
  if (holder.pid === owner.pid) return !heldHere.has(holder.token);
  return !owner.isAlive(holder.pid);
}

/** E_LEDGER_LOCKED, naming the holder; `breaking` says how to take the lock away by hand. */
export function lockedBy(holder: LockNote | undefined, breaking: string): DriftbomError {
  const who =
    holder === undefined ? 'an unknown writer' : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new DriftbomError(
    'E_LEDGER_LOCKED',
    `the ledger is locked by ${who}`,
    `Wait for it to finish; if that process is gone for good, ${breaking}.`,
  );
}
