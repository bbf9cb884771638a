import { resolve } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { foldIncidents } from '../incident/record/fold.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isAnnotation } from '../ledger/query/merged.ts';
import type { KnownRule } from '../model/action-standing.ts';
import { DriftbomError } from '../model/error.ts';
import type { ScanEntry } from '../model/history.ts';
import type { IncidentRecord } from '../model/incident-record.ts';
import type { AnnotationEntry } from '../model/picture.ts';
import { type RuleBook, ruleBook } from '../rules/notes.ts';
import { rulesOfConfig } from '../rules/written.ts';
import type { WireIo } from './io.ts';
import { type LedgerFolders, ledgerFolders, openStore, requireLedger } from './ledger.ts';
import { openQuery } from './query.ts';

export interface LedgerRequest {
  readonly ledger?: string;
  readonly config?: string;
}

/** A ledger that was opened to be asked about rules. */
export interface OpenedBook extends RuleBook {
  readonly query: LedgerQuery;
  readonly folders: LedgerFolders;
  readonly config: Config;
  readonly records: readonly IncidentRecord[];
}

/** Opens a ledger and reads its notes, by its index. Errors: E_CONFIG, E_LEDGER_MISSING, E_LEDGER_CORRUPT. */
export async function openBook(request: LedgerRequest, io: WireIo): Promise<OpenedBook> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const query = await openQuery(folders, openStore(folders, io), io);
  return { ...(await bookIn(query, config)), query, folders, config };
}

/** The rules of a ledger and of driftbom.yaml, and the incidents, all from the notes. */
export async function bookIn(
  query: LedgerQuery,
  config: Config,
): Promise<RuleBook & { readonly records: readonly IncidentRecord[] }> {
  const notes: AnnotationEntry[] = [];
  for await (const { picture } of query.log({ kinds: new Set(['note']) }, true)) {
    if (isAnnotation(picture.signed)) notes.push(picture.signed);
  }
  const { rules, unreadable } = ruleBook(notes);
  const own = rulesOfConfig(config.rules ?? []).map((rule): KnownRule => ({ rule, retired: null }));
  return { rules: [...rules, ...own], unreadable, records: foldIncidents(notes).records };
}

/** All scan entries, in the order of the log. */
export async function scansIn(query: LedgerQuery): Promise<ScanEntry[]> {
  const scans: ScanEntry[] = [];
  for await (const { picture } of query.log({ kinds: new Set(['scan']) }, true)) {
    if (picture.signed.kind === 'scan') scans.push(picture.signed);
  }
  return scans;
}

/** The rule that somebody names; one that stands before one that was retired. Errors: E_NOT_FOUND. */
export function ruleOrRefuse(rules: readonly KnownRule[], id: string): KnownRule {
  const named = rules.filter(({ rule }) => rule.terms.id === id);
  const found = named.find(({ retired }) => retired === null) ?? named.at(-1);
  if (found !== undefined) return found;
  const known = rules.filter(({ retired }) => retired === null).map(({ rule }) => rule.terms.id);
  const cure = known.length === 0 ? 'There is none yet: driftbom rule add FILE.' : `Known are ${known.join(', ')}.`;
  throw new DriftbomError('E_NOT_FOUND', `no rule is named ${JSON.stringify(id)}`, cure);
}
