import { resolve } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { annotate } from '../ledger/annotate.ts';
import { maybeSamePerson, samePerson } from '../model/person.ts';
import { KIND_CODES } from '../ledger/query/columns.ts';
import { findHit } from '../ledger/query/find.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isChange } from '../ledger/query/merged.ts';
import { CHANGE_KINDS, type Entry, type WaiverTerms } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import { coverOf, driftOf, type Waiver, type WaiverStanding, waiverStanding, waiversOf } from '../model/waiver.ts';
import type { Identity } from '../record/identity.ts';
import { splitTarget, type WaiverTarget } from '../record/waiver-target.ts';
import type { CoveredDrift, ListedWaiver, WaiversReport } from '../report/waivers.ts';
import { DEFAULT_MAX_DAYS, readEnd, type WaiverRules } from '../record/waiver-terms.ts';
import { checkText, speaker } from './annotate.ts';
import { ledgerFolders, openForWriting, openStore, requireLedger } from './ledger.ts';
import { openQuery } from './query.ts';
import type { WireIo } from './io.ts';

interface LedgerRequest {
  readonly ledger?: string;
  readonly config?: string;
}

export interface WaiveRequest extends LedgerRequest {
  /** `ADDRESS[.attribute]`, globs allowed. */
  readonly target: string;
  readonly until: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly by?: string;
  readonly workspace?: string;
}

/** A waiver that was recorded, and how its target was understood. */
export interface Waived {
  readonly entry: { readonly index: number; readonly digest: string };
  readonly terms: WaiverTerms;
  readonly reason: string;
  readonly target: WaiverTarget;
  readonly covers: readonly CoveredDrift[];
  readonly identity: Identity | undefined;
  readonly shown: string;
}

/** `driftbom waive ADDRESS`. Errors: E_USAGE, E_APPROVAL, E_RECORD, E_CONFIG, and those of opening and appending to a ledger. */
export async function wireWaive(request: WaiveRequest, io: WireIo): Promise<Waived> {
  const { reason, approvedBy, workspace = null } = request;
  checkText('--reason', reason);
  checkText('--approved-by', approvedBy, false);
  checkText('--workspace', request.workspace, false);
  const { by, identity } = speaker(request.by, io);
  const opened = await openForWriting(request, false, io);
  const { ledger, config, folders, shown } = opened;
  const from = io.clock().toISOString();
  const rules = rulesOf(config);
  const until = allowed(request.until, { by, approvedBy }, from, rules);
  const query = await openQuery(folders, ledger.store, io);
  const target = splitTarget(request.target, await addressesOf(query));
  if (target === undefined) {
    const cure = 'Write aws_lambda_function.worker, module.net, or aws_lambda_function.worker.timeout.';
    throw new DriftbomError('E_USAGE', `${JSON.stringify(request.target)} is no address and no attribute of one`, cure);
  }
  const { address, path } = target;
  const terms: WaiverTerms = { workspace, address, path, from, until, requestedBy: by, approvedBy };
  const annotation = { kind: 'waiver', text: reason, by, waiver: terms } as const;
  const { entries } = await annotate(ledger, [{ annotation, about: [] }], { clock: io.clock, version: io.version });
  const entry = entries[0] as Waived['entry'];
  const covers = coveredBy({ ...entry, terms, reason, recordedAt: from, revoked: undefined }, await openDrifts(query));
  return { entry, terms, reason, target, covers, identity, shown };
}

/** `driftbom waive --revoke`. Errors: E_NOT_FOUND, E_USAGE (no waiver, or over already), and those of wireWaive. */
export async function wireRevoke(
  request: LedgerRequest & { readonly entry: string; readonly reason: string; readonly by?: string },
  io: WireIo,
): Promise<{
  readonly waiver: Waiver;
  readonly by: string;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly identity: Identity | undefined;
  readonly shown: string;
}> {
  checkText('--reason', request.reason);
  const { by, identity } = speaker(request.by, io);
  const opened = await openForWriting(request, false, io);
  const query = await openQuery(opened.folders, opened.ledger.store, io);
  const { entry: about } = (await findHit(query, request.entry)).picture;
  const waiver = (await waiversIn(query)).find((one) => one.index === about.index);
  const now = io.clock().toISOString();
  const standing = waiver === undefined ? `is no waiver but a ${about.kind}` : OVER[waiverStanding(waiver, now)];
  if (waiver === undefined || standing !== undefined) {
    const cure = 'driftbom waive --list shows those that run.';
    throw new DriftbomError('E_USAGE', `entry ${about.index} ${standing}`, cure);
  }
  const annotation = { kind: 'waiver', text: request.reason, by } as const;
  const saying = { annotation, about: [about], supersedes: about };
  const { entries } = await annotate(opened.ledger, [saying], { clock: io.clock, version: io.version });
  return { waiver, by, entry: entries[0] as Waived['entry'], identity, shown: opened.shown };
}

const OVER: Readonly<Record<WaiverStanding, string | undefined>> = {
  pending: undefined,
  active: undefined,
  expired: 'is a waiver that has expired already',
  revoked: 'is a waiver that was revoked already',
};

/** `driftbom waive --list`. Errors: E_CONFIG, E_LEDGER_MISSING, E_LEDGER_CORRUPT. */
export async function wireWaivers(request: LedgerRequest, io: WireIo): Promise<WaiversReport> {
  const { query, shown } = await readLedger(request, io);
  const now = io.clock().toISOString();
  const open = await openDrifts(query);
  const waivers = (await waiversIn(query)).map((waiver): ListedWaiver => {
    const standing = waiverStanding(waiver, now);
    return { waiver, standing, covers: standing === 'active' ? coveredBy(waiver, open) : [] };
  });
  return { waivers, now, shown };
}

async function readLedger(request: LedgerRequest, io: WireIo): Promise<{ query: LedgerQuery; shown: string }> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const folders = ledgerFolders(request.ledger, config, io);
  await requireLedger(folders);
  return { query: await openQuery(folders, openStore(folders, io), io), shown: folders.shown };
}

function rulesOf({ waivers }: Config): WaiverRules {
  return { maxDays: waivers?.maxDays ?? DEFAULT_MAX_DAYS, approvers: waivers?.approvers };
}

/** The end of a waiver that the rules allow. Errors: E_APPROVAL. */
function allowed(
  end: string,
  { by, approvedBy }: { readonly by: string; readonly approvedBy: string },
  now: string,
  rules: WaiverRules,
): string {
  const refuse = (message: string, cure: string): DriftbomError => new DriftbomError('E_APPROVAL', message, cure);
  if (maybeSamePerson(by, approvedBy)) {
    throw refuse(`a waiver asked for by ${by} cannot be approved by ${approvedBy}`, 'Name somebody else as approver.');
  }
  if (rules.approvers?.some((one) => samePerson(one, approvedBy)) === false) {
    const cure = `waivers.approvers in driftbom.yaml names ${rules.approvers.join(', ')}.`;
    throw refuse(`${approvedBy} may not approve waivers`, cure);
  }
  const read = readEnd(end, now, rules);
  if ('fault' in read) throw refuse(read.fault, 'Give --until a day in the time that is allowed (waivers.maxDays).');
  if ('malformed' in read) throw new DriftbomError('E_USAGE', `--until ${read.malformed}`, 'Write a day or a time.');
  return read.until;
}

/** Every address that the ledger knows: of resources that the newest scan compared or could not, and of all that changed. */
async function addressesOf({ standings, catalogue }: LedgerQuery): Promise<string[]> {
  const scan = standings.newest?.statement.predicate.scan;
  const columns = await Promise.all(catalogue.segments.map(changedIn));
  const compared = scan?.scope.compared.flatMap((one) => one.addresses) ?? [];
  return [...new Set([...compared, ...(scan?.gaps.map((gap) => gap.address) ?? []), ...columns.flat()])];
}

/** Addresses of which change entries tell; a waiver's own address is no knowledge of a resource. */
async function changedIn(segment: LedgerQuery['catalogue']['segments'][number]): Promise<string[]> {
  const [addresses, subject, kind] = await Promise.all([
    segment.column('addresses'),
    segment.column('subject'),
    segment.column('kind'),
  ]);
  const told = new Set<number>();
  subject.forEach((number, at) => {
    if (CHANGE_KINDS.some((one) => KIND_CODES[one] === kind[at])) told.add(number);
  });
  return addresses.filter((_, number) => told.has(number));
}

async function waiversIn(query: LedgerQuery): Promise<Waiver[]> {
  const entries: Entry[] = [];
  for await (const { picture } of query.log({ kinds: new Set(['waiver']) }, true)) entries.push(picture.entry);
  return waiversOf(entries);
}

/** The entries of the drifts that are open. */
async function openDrifts(query: LedgerQuery): Promise<Entry[]> {
  const open = query.standings.newest?.statement.predicate.scan.open ?? [];
  return (await query.pictures(open.map((one) => one.index))).map((picture) => picture.entry);
}

/** Which open drifts an active waiver speaks of, judged on its own. */
function coveredBy(waiver: Waiver, open: readonly Entry[]): CoveredDrift[] {
  return open.flatMap((entry): CoveredDrift[] => {
    if (!isChange(entry)) return [];
    const { change } = entry.statement.predicate;
    const cover = coverOf(driftOf(change), [waiver], waiver.terms.from);
    if (cover === undefined) return [];
    return [{ index: entry.index, address: change.resource.address, complete: cover.complete }];
  });
}
