import { join } from 'node:path';
import type { LedgerStore } from '../../src/ledger/port.ts';
import { directoryStore } from '../../src/ledger/stores/directory.ts';
import type { LockOwner } from '../../src/ledger/stores/lock-note.ts';
import { s3Store } from '../../src/ledger/stores/s3.ts';
import { s3Client } from '../../src/ledger/stores/s3-client.ts';

/** What a writer process does. */
export interface WriterJob {
  /** Folder of `keys` and, without `s3`, of `ledger`. */
  readonly home: string;
  readonly s3?: { readonly endpoint: string; readonly bucket: string };
  /** Begins each text that it writes; no other writer has the same. */
  readonly name: string;
  readonly appends: number;
  /** Entries of one append. */
  readonly batch: number;
}

/** The store that a job works on. */
export function storeOfJob({ home, s3 }: Pick<WriterJob, 'home' | 's3'>, owner: LockOwner): LedgerStore {
  const locking = { owner, clock: () => new Date(), patience: 60_000 };
  if (s3 === undefined) return directoryStore(join(home, 'ledger'), locking);
  const client = s3Client({ AWS_ENDPOINT_URL_S3: s3.endpoint });
  return s3Store({ ...locking, place: { bucket: s3.bucket, prefix: 'log' }, client, lease: 15_000, pause: 20 });
}
