import { join } from 'node:path';
import { openCheckpoint } from './checkpoint.ts';
import { FormatError } from './format-error.ts';
import { readHeadNote } from './head.ts';
import { currentKey, type KeptKey, type KeyRecord, type NextKey, readKeyRecord, writeKeyRecord } from './key-record.ts';
import { formatVkey, parseVkey } from './note.ts';
import type { LedgerReader, LedgerStore } from './port.ts';
import { exists, readPrivate, removePrivate, renamePrivate, writePrivate } from './private-files.ts';
import { provenReader } from './read.ts';
import { keyBytes } from './spki.ts';

/**
 * Finishes a rotation that took place in the log and not yet in the keys folder: its process was killed in between. One
 * that did not take place is left alone, since it may be under way. Gives the record as it is then. Throws E_KEY.
 */
export async function settleRotation(
  store: LedgerStore,
  directory: string,
  record: KeyRecord,
  origin: string,
): Promise<KeyRecord> {
  if (record.next === undefined || !(await tookPlace(store, record, record.next, origin))) return record;
  return store.locked(async () => {
    const now = (await readKeyRecord(directory)) ?? record;
    if (now.next === undefined || !(await tookPlace(store, now, now.next, origin))) return now;
    return takeOver(directory, now, now.next);
  });
}

/** Whether the log, under a head that one of our keys signed, holds the entry that adds the next key. */
async function tookPlace(reader: LedgerReader, record: KeyRecord, next: NextKey, origin: string): Promise<boolean> {
  const own = [...record.checkpoint, ...(next.use === 'checkpoint' ? [next] : [])];
  const keys = own.map(({ publicKey }) => parseVkey(formatVkey(origin, keyBytes(publicKey))));
  try {
    const head = openCheckpoint(await readHeadNote(reader), keys);
    if (next.index >= head.size) return false;
    return (await provenReader(reader, head)(next.index))?.digest === next.digest;
  } catch (thrown) {
    // A head that does not hold: for who opens the ledger to say.
    if (thrown instanceof FormatError) return false;
    throw thrown;
  }
}

/**
 * Puts the next key in its place: the old private key is kept under a name with the date, the new one gets the usual
 * name. Every step may be repeated, and at any moment the file that the record names is there. Throws E_KEY.
 */
export async function takeOver(directory: string, record: KeyRecord, next: NextKey): Promise<KeyRecord> {
  const { use, retiredFile } = next;
  const old = currentKey(record, use);
  const oldFile = 'local' in old.signer && retiredFile !== null ? join(directory, old.signer.local) : undefined;
  const keepOld = async (): Promise<void> => {
    if (oldFile === undefined || retiredFile === null || !(await exists(oldFile))) return;
    await writePrivate(join(directory, retiredFile), await readPrivate(oldFile));
  };
  let signer = next.signer;
  if ('local' in next.signer) {
    signer = { local: `${use}.pem` };
    const made = join(directory, next.signer.local);
    if (await exists(made)) {
      await keepOld();
      await renamePrivate(made, join(directory, signer.local));
    }
  } else await keepOld();

  const retired: KeptKey = { ...old, signer: retiredFile === null ? old.signer : { local: retiredFile } };
  const keys = [...record[use].slice(0, -1), retired, { publicKey: next.publicKey, signer }];
  const { next: _done, ...rest } = record;
  const settled = { ...rest, [use]: keys };
  await writeKeyRecord(directory, settled);
  if ('kms' in signer && oldFile !== undefined) await removePrivate(oldFile);
  return settled;
}
