import { stat } from 'node:fs/promises';
import { HEAD_KEY } from '../ledger/paths.ts';
import type { LedgerStore } from '../ledger/port.ts';
import { directoryStore } from '../ledger/stores/directory.ts';
import { s3Store } from '../ledger/stores/s3.ts';
import { s3Client } from '../ledger/stores/s3-client.ts';
import type { S3Place } from '../ledger/stores/s3-place.ts';
import type { ObjectLock } from '../ledger/stores/s3-write.ts';
import type { WireIo } from './io.ts';

/** How long an append waits for another writer. */
const PATIENCE_MS = 45_000;
/** How long the lock of a writer to S3 may stand untouched before the writer is taken for dead. */
const LEASE_MS = 15_000;
/** How often a writer that waits looks at a lock in S3. */
const PAUSE_MS = 100;

/** Where the objects of a ledger lie. */
export type StorePlace =
  | { readonly kind: 'folder'; readonly directory: string }
  | { readonly kind: 's3'; readonly at: S3Place; readonly objectLock: ObjectLock | undefined };

export function storeAt(place: StorePlace, io: WireIo): LedgerStore {
  const locking = { owner: io.owner, clock: io.clock, patience: PATIENCE_MS };
  if (place.kind === 'folder') return directoryStore(place.directory, locking);
  const { at, objectLock } = place;
  return s3Store({ ...locking, place: at, objectLock, client: s3Client(io.env), lease: LEASE_MS, pause: PAUSE_MS });
}

/** Whether there is a ledger, whole or not: one without a head is for verify to report. */
export async function isLedgerAt(place: StorePlace, io: WireIo): Promise<boolean> {
  if (place.kind === 'folder') {
    return (await stat(place.directory).catch(() => undefined))?.isDirectory() === true;
  }
  const store = storeAt(place, io);
  return (await store.get(HEAD_KEY)) !== undefined || (await store.list('keys/')).length > 0;
}
