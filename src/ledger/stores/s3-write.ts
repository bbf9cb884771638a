import { DriftbomError } from '../../model/error.ts';
import { sameBytes } from '../bytes.ts';
import type { StoredObject } from '../port.ts';
import { joinPayloads } from './payload-join.ts';
import type { Bucket, Retention } from './s3-bucket.ts';

/** For how long objects that never change again are kept, whatever anybody does (S3 Object Lock). */
export interface ObjectLock {
  readonly mode: 'governance' | 'compliance';
  readonly days: number;
}

/** Requests under way at the same time. */
const PARALLEL = 16;
/** Objects whose content follows from their key once they are true: written once, and found the same by every other writer. */
const ONCE = /^(tile|checkpoints|state|evidence|keys)\//;
const PARTIAL = /\.p\/\d+$/;
const PAYLOADS = /^dsse\//;
/** How often a payload file may change under us before we give up. */
const JOINS = 32;
const DAY_MS = 86_400_000;

/**
 * Writes one object of the ledger in the way that its kind needs, so that two writers may do it at the same time and
 * again. Only what is true already may be written so.
 */
export function objectWriter(
  bucket: Bucket,
  options: { readonly objectLock?: ObjectLock | undefined; readonly clock: () => Date },
): (object: StoredObject) => Promise<void> {
  const retention = (key: string): Retention | undefined => {
    const { objectLock, clock } = options;
    if (objectLock === undefined || !ONCE.test(key) || PARTIAL.test(key)) return undefined;
    const until = new Date(clock().getTime() + objectLock.days * DAY_MS);
    return { mode: objectLock.mode === 'governance' ? 'GOVERNANCE' : 'COMPLIANCE', until };
  };
  return async ({ key, bytes }) => {
    if (PAYLOADS.test(key)) return writeJoined(bucket, key, bytes);
    if (ONCE.test(key)) {
      if ((await bucket.put(key, bytes, 'absent', retention(key))) !== undefined) return;
      const present = await bucket.get(key);
      if (present !== undefined && sameBytes(present.bytes, bytes)) return;
    }
    // Something else lies there, and what is written is true: the other is no part of the ledger.
    await bucket.put(key, bytes, 'any', retention(key));
  };
}

/** Writes a payload file joined with what is there, on condition that this is still there. */
async function writeJoined(bucket: Bucket, key: string, wanted: Uint8Array): Promise<void> {
  for (let attempt = 0; attempt < JOINS; attempt++) {
    const present = await bucket.get(key);
    const joined = present === undefined ? wanted : joinPayloads(present.bytes, wanted);
    if (present !== undefined && sameBytes(present.bytes, joined)) return;
    if ((await bucket.put(key, joined, present === undefined ? 'absent' : { ifMatch: present.etag })) !== undefined)
      return;
  }
  throw new DriftbomError(
    'E_LEDGER_LOCKED',
    `other writers changed ${key} ${JOINS} times while it was being written`,
    'Try again when fewer writers are at work on it.',
  );
}

/** Does the work for all items, so many at a time; throws, once nothing is under way any more, what the first threw. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const runners = Array.from({ length: Math.min(PARALLEL, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  for (const one of await Promise.allSettled(runners)) if (one.status === 'rejected') throw one.reason;
}
