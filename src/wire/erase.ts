import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { type Erased, eraseEntries } from '../ledger/erase.ts';
import { findEntry, parseEntryName } from '../ledger/find-entry.ts';
import { readCheckpoint } from '../ledger/head.ts';
import { openLedger } from '../ledger/ledger.ts';
import { DriftbomError } from '../model/error.ts';
import { ledgerFolders, placeOf, requireLedger } from './ledger.ts';
import type { WireIo } from './io.ts';

export interface EraseRequest {
  /** Log indexes, digest prefixes or urn:uuid. */
  readonly entries: readonly string[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly ledger?: string;
  readonly config?: string;
}

/** `driftbom erase`. Errors: E_USAGE, E_NOT_FOUND, E_APPROVAL, E_CONFIG, and those of opening a ledger. */
export async function wireErase(
  request: EraseRequest,
  io: WireIo,
): Promise<{ readonly erased: Erased; readonly shown: string }> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const ledger = await openLedger(placeOf(folders, io));
  const head = await readCheckpoint(ledger.store);
  const indexes: number[] = [];
  for (const word of request.entries) {
    const name = parseEntryName(word);
    if (name === undefined) {
      const cure = 'Write a log index, the beginning of a statement digest, or a urn:uuid.';
      throw new DriftbomError('E_USAGE', `${JSON.stringify(word)} names no entry`, cure);
    }
    // An index is taken as it is: its payload may be gone already, and the erasure not finished.
    indexes.push(name.kind === 'index' ? name.index : (await findEntry(ledger.store, head, name)).index);
  }
  const { reason, requestedBy, approvedBy } = request;
  const wishes = { indexes, reason, requestedBy, approvedBy, version: io.version };
  return { erased: await eraseEntries(ledger, wishes, io.clock), shown: folders.shown };
}
