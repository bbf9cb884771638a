import { setTimeout as pause } from 'node:timers/promises';
import { encodeUtf8 } from '../bytes.ts';
import { beginNote, endNote, isStale, type LockNote, lockedBy, type LockOptions, parseNote } from './lock-note.ts';
import type { Bucket, Found } from './s3-bucket.ts';

export interface LeaseOptions extends LockOptions {
  /** A lock that nobody touches for so long, in milliseconds, is taken for that of a dead writer. */
  readonly lease: number;
  /** Milliseconds between two looks at a lock that somebody else holds. */
  readonly pause: number;
}

export const LOCK_KEY = '.lock';
/** How often a living writer touches its lock within one lease. */
const TOUCHES = 3;

/**
 * Runs work while the object `.lock` names us. It is only written on condition, never deleted, so that a writer needs no
 * right to delete: free, taken and touched are one object with ever other content. A lock is taken over where its holder
 * is a dead process of this host, or has not touched it for a lease, measured by our own waiting: no two clocks are
 * compared. This spares writers labour; it is not what keeps the ledger whole. Throws E_LEDGER_LOCKED after `patience`.
 */
export async function withLease<T>(bucket: Bucket, options: LeaseOptions, work: () => Promise<T>): Promise<T> {
  const note = beginNote(options);
  try {
    let etag: string | undefined = await acquire(bucket, note, options);
    let touching: Promise<void> = Promise.resolve();
    let touches = 0;
    const touch = async (): Promise<void> => {
      if (etag !== undefined)
        etag = await bucket.put(LOCK_KEY, bytesOf({ ...note, touched: ++touches }), { ifMatch: etag });
    };
    const timer = setInterval(() => {
      touching = touching.then(touch).catch(() => undefined);
    }, options.lease / TOUCHES);
    timer.unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
      await touching;
      // Whoever waits finds a lock that could not be freed untouched for a lease.
      if (etag !== undefined)
        await bucket.put(LOCK_KEY, bytesOf({ free: note.token }), { ifMatch: etag }).catch(() => undefined);
    }
  } finally {
    endNote(note);
  }
}

/** Gives the ETag of the lock that is ours now. */
async function acquire(bucket: Bucket, note: LockNote, options: LeaseOptions): Promise<string> {
  let waited = 0;
  let untouched = { etag: '', from: 0 };
  for (;;) {
    const found = await bucket.get(LOCK_KEY);
    if (found !== undefined && found.etag !== untouched.etag) untouched = { etag: found.etag, from: waited };
    const holder = holderOf(found);
    // A write of ours whose answer was lost.
    if (found !== undefined && noteOf(holder)?.token === note.token) return found.etag;
    if (holder === 'free' || isGone(holder, options) || waited - untouched.from >= options.lease) {
      const taken = await bucket.put(LOCK_KEY, bytesOf(note), found === undefined ? 'absent' : { ifMatch: found.etag });
      if (taken !== undefined) return taken;
    }
    if (waited >= options.patience) throw lockedBy(noteOf(holder), `delete the object ${LOCK_KEY} of the ledger`);
    // Of several that wait, none shall always look at the same moment.
    const milliseconds = options.pause * (0.5 + Math.random());
    waited += milliseconds;
    await pause(milliseconds);
  }
}

/** Undefined where the object names nobody. */
function holderOf(found: Found | undefined): LockNote | 'free' | undefined {
  if (found === undefined) return 'free';
  const text = Buffer.from(found.bytes).toString('utf8');
  return text.startsWith('{"free":') ? 'free' : parseNote(text);
}

function noteOf(holder: LockNote | 'free' | undefined): LockNote | undefined {
  return holder === 'free' ? undefined : holder;
}

function isGone(holder: LockNote | undefined, { owner }: LeaseOptions): boolean {
  return holder !== undefined && isStale(holder, owner);
}

function bytesOf(content: object): Uint8Array {
  return encodeUtf8(`${JSON.stringify(content)}\n`);
}
