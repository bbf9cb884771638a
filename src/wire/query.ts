import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { openCheckpoint } from '../ledger/checkpoint.ts';
import { FormatError } from '../ledger/format-error.ts';
import { readCheckpoint, readHeadNote } from '../ledger/head.ts';
import type { LedgerReader } from '../ledger/port.ts';
import { blame } from '../ledger/query/blame.ts';
import { diffBetween, type DiffQuestion } from '../ledger/query/diff.ts';
import type { EntryFilter } from '../ledger/query/filter.ts';
import { findHit, indexesOf, storyOf } from '../ledger/query/find.ts';
import { IndexFolder } from '../ledger/query/index-folder.ts';
import { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isChange } from '../ledger/query/merged.ts';
import { openCatalogue } from '../ledger/query/open.ts';
import { belowMatcher } from '../ledger/query/pattern.ts';
import type { Drift } from '../model/drift.ts';
import { ENTRY_KINDS, type Entry } from '../model/entry.ts';
import { messageOf } from '../model/error.ts';
import type { BlamedResource, ChangeEntry, Hit, LedgerDiff } from '../model/picture.ts';
import type { DriftWaiver } from '../model/scan.ts';
import { coverOf, type Waiver, waiversOf } from '../model/waiver.ts';
import type { ScanEntry } from '../model/history.ts';
import type { LogSummary } from '../report/query/log.ts';
import type { EntryProof, ShownEntry } from '../report/query/show.ts';
import { cacheDir } from './cache.ts';
import type { WireIo } from './io.ts';
import { type LedgerFolders, ledgerFolders, openStore, requireLedger } from './ledger.ts';
import { trustFor } from './verify.ts';

export interface QueryRequest {
  readonly ledger?: string;
  readonly config?: string;
  /** False: neither read nor write an index. */
  readonly index?: boolean;
}

export interface LogRequest {
  readonly filter: EntryFilter;
  readonly limit: number | undefined;
  readonly oldestFirst: boolean;
}

/** A ledger that can be asked. */
export interface LedgerQuestions {
  readonly newest: ScanEntry | undefined;
  log(request: LogRequest, each: (hit: Hit) => void): Promise<LogSummary>;
  /** Errors: E_NOT_FOUND. */
  show(word: string): Promise<ShownEntry>;
  blame(pattern: string): Promise<BlamedResource[]>;
  diff(question: DiffQuestion): Promise<LedgerDiff>;
}

/**
 * Opens a ledger for questions, with the index of a large one. `onProgress` is told of how far the reading of the whole log
 * is, where there is no index yet. Errors: E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_CONFIG.
 */
export async function wireQuery(
  request: QueryRequest,
  io: WireIo,
  onProgress?: (done: number, total: number) => void,
): Promise<LedgerQuestions> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  const reader = openStore(folders, io);
  const query = await openQuery(folders, reader, io, request.index === false ? 'no-index' : 'index', onProgress);
  return {
    newest: query.standings.newest,
    log: (asked, each) => runLog(query, asked, each, io),
    show: async (word) => shownEntry(query, await findHit(query, word), await proofOf(query, folders, reader, io), io),
    blame: (pattern) => blame(query, pattern),
    diff: (question) => diffBetween(query, question),
  };
}

/** Opens a ledger's catalogue under its head as it is now. Errors: E_LEDGER_CORRUPT. */
export async function openQuery(
  folders: LedgerFolders,
  reader: LedgerReader,
  io: WireIo,
  index: 'index' | 'no-index' = 'index',
  onProgress?: (done: number, total: number) => void,
): Promise<LedgerQuery> {
  const head = await readCheckpoint(reader);
  const place = indexPlace(folders, io);
  const catalogue = await openCatalogue(reader, head, {
    folder: index === 'index' ? new IndexFolder(place) : undefined,
    onProgress,
    onUnkept: (cause) => io.err(`driftbom: no index can be kept in ${place}: ${messageOf(cause)}\n`),
  });
  return LedgerQuery.over(reader, head, catalogue);
}

/** Beside a ledger's folder; in the cache for a ledger that lies elsewhere. */
function indexPlace({ place, shown }: LedgerFolders, io: WireIo): string {
  if (place.kind === 'folder') return `${place.directory}.index`;
  return join(cacheDir(io), 'index', createHash('sha256').update(shown).digest('hex').slice(0, 32));
}

async function runLog(
  query: LedgerQuery,
  { filter, limit, oldestFirst }: LogRequest,
  each: (hit: Hit) => void,
  io: WireIo,
): Promise<LogSummary> {
  let shown = 0;
  let waivers: readonly Waiver[] | undefined;
  let limited = false;
  for await (const hit of query.log(filter, oldestFirst)) {
    if (shown === limit) {
      limited = true;
      break;
    }
    const { entry } = hit.picture;
    if (hit.standing === 'open' && isChange(entry)) {
      waivers ??= await waiversIn(query);
      each({ ...hit, waivers: coverNow(entry, waivers, io) });
    } else each(hit);
    shown++;
  }
  const { newest } = query.standings;
  // Kinds that somebody chose are what he wants to see; nor does a scan have any of the rest.
  const { kinds, address, type, attribute, actor, verdicts, standing } = filter;
  const chosen = kinds === undefined || kinds.has('scan') || kinds.size < ENTRY_KINDS.length - 1;
  const noScanFits = [address, type, attribute, actor, verdicts, standing].some((one) => one !== undefined);
  return {
    shown,
    looked: query.head.size,
    erased: await query.count('erased'),
    scansLeftOut: chosen || noScanFits ? 0 : await query.count('scan'),
    limited,
    gaps: newest === undefined ? 0 : gapsOf(newest, filter),
    newestScan: newest?.statement.predicate.scan.startedAt ?? null,
  };
}

/** Resources that the filter's address covers and that the newest scan could not look at, wholly or in part. */
function gapsOf(newest: ScanEntry, { address }: EntryFilter): number {
  const covers = address === undefined ? () => true : belowMatcher(address);
  const gaps = newest.statement.predicate.scan.gaps.filter((gap) => covers(gap.address));
  return new Set(gaps.map((gap) => JSON.stringify([gap.workspace, gap.address]))).size;
}

async function shownEntry(query: LedgerQuery, hit: Hit, proof: EntryProof, io: WireIo): Promise<ShownEntry> {
  const { entry } = hit.picture;
  if (!isChange(entry)) return { hit, story: [], waivers: undefined, others: 0, proof };
  const story = entry.kind === 'change' ? [] : await storyOf(query, entry.index);
  const all = await indexesOf(query, entry.statement.predicate.change.resource);
  const told = new Set([entry.index, ...story.map((one) => one.entry.index)]);
  const waivers = coverNow(entry, await waiversIn(query), io);
  return { hit, story, waivers, others: all.filter((index) => !told.has(index)).length, proof };
}

async function waiversIn(query: LedgerQuery): Promise<readonly Waiver[]> {
  const entries: Entry[] = [];
  for await (const { picture } of query.log({ kinds: new Set(['waiver']) }, true)) entries.push(picture.entry);
  return waiversOf(entries);
}

function coverNow(entry: ChangeEntry, waivers: readonly Waiver[], io: WireIo): DriftWaiver | undefined {
  const { driftKind, resource, paths } = entry.statement.predicate.change;
  const changes = paths.map((change) => ({ ...change, class: 'declared' as const }));
  const drift: Drift = { kind: driftKind, resource: { ...resource, id: resource.id ?? undefined }, changes };
  return coverOf(drift, waivers, io.clock().toISOString());
}

/** Inclusion is proven by every read; whose word the head is, is asked here. */
async function proofOf(
  { head }: LedgerQuery,
  folders: LedgerFolders,
  reader: LedgerReader,
  io: WireIo,
): Promise<EntryProof> {
  const { trust, trustedKeys } = await trustFor({}, folders, reader, io);
  const common = { origin: head.origin, size: head.size, root: Buffer.from(head.root).toString('hex') };
  try {
    openCheckpoint(await readHeadNote(reader), trust.checkpointKeys);
    return { ...common, headSignedBy: trustedKeys === 'own' ? 'own' : 'ledger' };
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    return { ...common, headSignedBy: undefined };
  }
}
