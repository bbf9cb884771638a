import { resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { type FoldedIncidents, foldIncidents } from '../incident/record/fold.ts';
import { incidentNamed } from '../incident/record/ids.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import type { IncidentRecord } from '../model/incident-record.ts';
import type { WireIo } from './io.ts';
import { ledgerFolders, openStore, requireLedger } from './ledger.ts';
import { openQuery } from './query.ts';

/** The incidents of a ledger, and the log that they were read under. */
export interface IncidentRecords extends FoldedIncidents {
  /** Entries that notes speak of, by statement digest. */
  readonly spoken: ReadonlyMap<string, Entry>;
  /** The ledger as the user would name it. */
  readonly shown: string;
  readonly head: { readonly origin: string; readonly size: number; readonly root: string };
}

/**
 * Reads the incidents of a ledger: only its notes, by its index, each proven to be in the log. Errors: E_CONFIG,
 * E_LEDGER_MISSING, E_LEDGER_CORRUPT.
 */
export async function wireIncidentRecords(
  request: { readonly ledger?: string; readonly config?: string; readonly index?: boolean },
  io: WireIo,
): Promise<IncidentRecords> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const query = await openQuery(folders, openStore(folders, io), io, request.index === false ? 'no-index' : 'index');
  const { origin, size, root } = query.head;
  const head = { origin, size, root: Buffer.from(root).toString('hex') };
  return { ...(await incidentsIn(query)), shown: folders.shown, head };
}

/** The incidents that an open ledger tells of, and the entries that their notes speak of, by statement digest. */
export async function incidentsIn(
  query: LedgerQuery,
): Promise<FoldedIncidents & { readonly spoken: ReadonlyMap<string, Entry> }> {
  const notes: Entry[] = [];
  const spoken = new Map<string, Entry>();
  for await (const { picture, about } of query.log({ kinds: new Set(['note']) }, true)) {
    notes.push(picture.signed);
    for (const entry of about) spoken.set(entry.digest, entry);
  }
  return { ...foldIncidents(notes), spoken };
}

const LISTED = 12;

/** The incident that somebody names. Errors: E_NOT_FOUND, with those that there are. */
export function incidentOrRefuse(records: readonly IncidentRecord[], word: string): IncidentRecord {
  const found = incidentNamed(records, word);
  if (found !== undefined) return found;
  const known = records.slice(-LISTED).map(({ id }) => id);
  const more = records.length > known.length ? ' (the newest; driftbom incident list has all)' : '';
  const cure =
    known.length === 0
      ? 'The ledger has none: driftbom incident open makes one.'
      : `There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}${more}.`;
  throw new DriftbomError('E_NOT_FOUND', `no incident is named ${JSON.stringify(word)}`, cure);
}
