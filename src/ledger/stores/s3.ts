import { DriftbomError } from '../../model/error.ts';
import { FormatError } from '../format-error.ts';
import { HEAD_KEY } from '../paths.ts';
import type { LedgerStore, StoredObject } from '../port.ts';
import { ledgerKey } from './ledger-key.ts';
import { Bucket } from './s3-bucket.ts';
import type { S3Sdk, S3Sender } from './s3-client.ts';
import { type LeaseOptions, LOCK_KEY, withLease } from './s3-lease.ts';
import { headName, packObjects, parsePendingKey, PENDING, pendingKey, unpackObjects } from './s3-pending.ts';
import type { S3Place } from './s3-place.ts';
import { inParallel, type ObjectLock, objectWriter } from './s3-write.ts';
import { isSameHead } from './same-head.ts';

export interface S3Options extends LeaseOptions {
  readonly place: S3Place;
  readonly client: (sdk: S3Sdk) => S3Sender;
  readonly objectLock?: ObjectLock | undefined;
}

/**
 * A ledger in a bucket of S3, or of anything that speaks S3 with conditional writes.
 *
 * No lock in S3 holds against a writer that sleeps and wakes up, and no condition spans two objects. So an append is
 * written ahead, whole, into one object that is named by the head which it would make (`.pending/<next>.<base>`); then
 * `checkpoint` is swapped by If-Match; and only then, the append being true, its files and tiles are written to their
 * places. What lies in those places is therefore always a part of the published log, and such a part has one content for
 * ever: a tile or bundle of a given width follows from its key, and a payload file only grows or has a line erased, which
 * joinPayloads makes a matter of indifference in time and order. A writer that lost has written nothing there. One that
 * won and died, or sleeps, is finished by whoever comes next, and may still come back and do it again without harm.
 * Readers in between find the head's missing objects in its pending one. Objects under Object Lock thus have exactly one
 * version, ever. A pending object whose base is not the head any more can never become true, and is cleared away.
 */
export function s3Store(options: S3Options): LedgerStore {
  const bucket = new Bucket(options.place, options.client);
  /** The head whose append is known to be in its places. */
  let settled: string | undefined;
  /** What the head that was read last brought and is perhaps not in its places yet. */
  let ahead = { head: '', objects: async (): Promise<ReadonlyMap<string, Uint8Array>> => new Map() };
  let mayRemove = true;
  let probed = false;

  const write = objectWriter(bucket, options);

  const discard = async (key: string): Promise<boolean> => {
    if (mayRemove) mayRemove = await bucket.remove(key);
    return mayRemove;
  };

  const promote = async (key: string, objects: readonly StoredObject[]): Promise<void> => {
    await inParallel(objects, write);
    // Where nothing may be deleted, an empty one says that there is nothing left to do.
    if (!(await discard(key))) await bucket.put(key, new Uint8Array(), 'any');
  };

  const readPending = async (key: string): Promise<readonly StoredObject[]> => {
    const found = await bucket.get(key);
    if (found === undefined || found.bytes.byteLength === 0) return [];
    try {
      return unpackObjects(found.bytes);
    } catch (thrown) {
      // Not ours. What the head lacks will be missed where it is read.
      if (thrown instanceof FormatError) return [];
      throw thrown;
    }
  };

  /** Finishes what the writer of this head could not, and clears away what can never become true any more. */
  const settle = async (head: Uint8Array | undefined): Promise<void> => {
    const name = headName(head);
    for (const key of await bucket.list(PENDING)) {
      const pending = parsePendingKey(key);
      if (pending?.next === name) {
        const objects = await readPending(key);
        if (objects.length > 0) await promote(key, objects);
      } else if (pending !== undefined && pending.base !== name) await discard(key);
    }
    settled = name;
    ahead = { head: name, objects: async () => new Map() };
  };

  /** Remembers which head is read, so that what it brought is looked for once, and only if something of it is read. */
  const follow = (head: Uint8Array): void => {
    const name = headName(head);
    if (ahead.head === name) return;
    let objects: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
    const look = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
      const [key] = await bucket.list(`${PENDING}${name}.`);
      const pending = key === undefined ? [] : await readPending(key);
      return new Map(pending.map((one) => [one.key, one.bytes]));
    };
    ahead = {
      head: name,
      objects: () => {
        objects ??= look();
        return objects;
      },
    };
  };

  return {
    get: async (key) => {
      if (key === HEAD_KEY) {
        const head = await bucket.get(key);
        if (head !== undefined) follow(head.bytes);
        return head?.bytes;
      }
      const pending = /^(tile|dsse)\//.test(ledgerKey(key)) ? (await ahead.objects()).get(key) : undefined;
      return pending ?? (await bucket.get(key))?.bytes;
    },
    list: async (prefix) => {
      const pending = [...(await ahead.objects()).keys()].filter((key) => key.startsWith(prefix));
      const keys = (await bucket.list(prefix)).filter((key) => !key.startsWith('.'));
      return [...new Set([...keys, ...pending])].sort();
    },
    put: async (objects) => {
      for (const { key } of objects) {
        if (ledgerKey(key) === HEAD_KEY) throw new RangeError('the head moves by swapHead only');
      }
      await inParallel(objects, write);
    },
    remove: (keys) => inParallel(keys.map(ledgerKey), async (key) => void (await discard(key))),
    swapHead: async (expected, next, objects = []) => {
      const head = await bucket.get(HEAD_KEY);
      if (!isSameHead(head?.bytes, expected)) return false;
      const base = headName(expected);
      if (settled !== base) await settle(expected);
      const pending = pendingKey({ next: headName(next), base });
      if (objects.length > 0) await bucket.put(pending, packObjects(objects), 'any');
      const condition = head === undefined ? 'absent' : { ifMatch: head.etag };
      if ((await bucket.put(HEAD_KEY, next, condition)) === undefined) {
        // Also where the SDK tried again what had already been written: then the head is ours.
        if (!isSameHead((await bucket.get(HEAD_KEY))?.bytes, next)) {
          if (objects.length > 0) await discard(pending);
          return false;
        }
      }
      if (objects.length > 0) await promote(pending, objects);
      settled = headName(next);
      ahead = { head: settled, objects: async () => new Map() };
      return true;
    },
    locked: (work) =>
      withLease(bucket, options, async () => {
        if (!probed) await probe(bucket, options.place);
        probed = true;
        return work();
      }),
  };
}

/** Not everything that speaks S3 heeds conditions; without them two writers would destroy each other's entries. */
async function probe(bucket: Bucket, { bucket: name }: S3Place): Promise<void> {
  const own = new Uint8Array();
  const heeded = await Promise.all([
    bucket.put(LOCK_KEY, own, 'absent'),
    bucket.put(LOCK_KEY, own, { ifMatch: `"${'0'.repeat(32)}"` }),
  ]);
  if (heeded.every((etag) => etag === undefined)) return;
  throw new DriftbomError(
    'E_LEDGER_ACCESS',
    `the bucket ${name} does not heed conditional writes (If-None-Match, If-Match)`,
    'Keep the ledger in Amazon S3, or in a version of your object store that supports conditional writes.',
  );
}
