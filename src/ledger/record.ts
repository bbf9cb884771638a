import type { ChangePredicate, OpenDrift, RecordedDrift, Resolution, Statement } from '../model/entry.ts';
import { type Scan, workspaceKeys } from '../model/scan.ts';
import { append } from './append.ts';
import { untilFirst } from './attempts.ts';
import { auditedStatement } from './audited-statement.ts';
import type { Checkpoint } from './checkpoint.ts';
import { detachChange, detachScan } from './detach.ts';
import { type LedgerDocument, storedDocuments } from './documents.ts';
import { corrupt } from './faults.ts';
import { type Head, openHead } from './head.ts';
import { lastLooks, lastScan, type Whereabouts, whereabouts } from './last-look.ts';
import type { Ledger } from './ledger.ts';
import { type EntryReader, provenReader } from './read.ts';
import { resolutionOf } from './resolution.ts';
import { payloadOf, seal, type SealedEntry } from './seal.ts';
import { type ClosedDrift, couldSeeUnmanaged, type Standing, standingOf } from './standing.ts';
import { driftStatement, type Frame, resolvedStatement, scanStatement } from './statement.ts';
import { uuidV7 } from './uuid.ts';

/** Where an entry stands: log index and statement digest. */
export interface EntryPlace {
  readonly index: number;
  readonly digest: string;
}

export interface ResolvedDrift extends EntryPlace {
  readonly address: string;
  readonly workspace: string;
  readonly resolution: Resolution;
}

/** What a recording wrote. */
export interface RecordedScan {
  readonly scanEntry: EntryPlace;
  /** The scan's drifts, in the scan's order. */
  readonly drifts: readonly RecordedDrift[];
  readonly resolved: readonly ResolvedDrift[];
  /** All drifts that are open now. */
  readonly open: readonly OpenDrift[];
  readonly checkpoint: Checkpoint;
}

/**
 * Records a scan: an entry for each new drift, one for each that is gone, then the scan's own, all under one checkpoint.
 * Throws E_LEDGER_LOCKED, E_LEDGER_CORRUPT, E_OUTPUT; then the ledger is what it was.
 */
export async function recordScan(ledger: Ledger, scan: Scan, clock: () => Date): Promise<RecordedScan> {
  const again = 'Scan again when fewer writers are at work on it.';
  return untilFirst(ledger.store, () => recordOnce(ledger, scan, clock()), 'this scan', again);
}

async function recordOnce(ledger: Ledger, scan: Scan, now: Date): Promise<RecordedScan | undefined> {
  const head = await openHead(ledger.store, ledger.trust.checkpointKeys);
  const read = provenReader(ledger.store, head.checkpoint);
  const before = await lastScan(read, head.checkpoint.size);
  const standing = await believed(standingOf(scan, before?.open ?? []), scan, read);
  const looks = await lastLooks(read, head.checkpoint.size, newsOf(standing));
  const since = (one: Whereabouts): string | null => looks.get(whereabouts(one)) ?? null;

  const batch = new Batch(ledger, scan, now, head);
  const open = new Map<unknown, OpenDrift>();
  for (const { scanned, open: known } of standing.still) open.set(scanned, { ...known, seen: true });
  for (const fresh of standing.fresh) {
    const { workspace, address } = fresh.scanned.drift.resource;
    const { driftKey, fingerprint, workspaceKey } = fresh;
    const statement = driftStatement(batch.frame, fresh, since({ workspaceKey, address }), batch.documents);
    const { index, digest } = await batch.addChange(statement);
    const firstSeen = batch.frame.recordedAt;
    const where = { driftKey, fingerprint, address, workspace, workspaceKey };
    open.set(fresh.scanned, { ...where, entry: digest, index, firstSeen, seen: true });
  }
  const resolved: ResolvedDrift[] = [];
  for (const { drifted, ...closed } of standing.closed) {
    const { workspace, open: was } = closed;
    const resolution = resolutionOf(closed, drifted.predicate.change, scan, before?.inputs ?? []);
    const notBefore = since(closed.open);
    const statement = resolvedStatement(batch.frame, closed, drifted, resolution, notBefore, batch.documents);
    resolved.push({ ...(await batch.addChange(statement)), address: was.address, workspace, resolution });
  }
  const keyOf = workspaceKeys(scan.inputs);
  for (const audited of scan.audit?.changes ?? []) {
    await batch.addChange(auditedStatement(batch.frame, audited, keyOf(audited.resource.workspace), batch.documents));
  }
  const allOpen = [...open.values(), ...standing.carried.map((one) => ({ ...one, seen: false }))].sort(byIndex);
  const gone = standing.closed.map((closed) => closed.open.entry);
  const scanEntry = await batch.addScan(allOpen, gone);
  const next = await append(ledger.store, ledger.notary, head, batch.entries, storedDocuments(batch.documents));
  if (next === undefined) return undefined;
  const freshEntries = new Set(standing.fresh.map((one) => one.scanned));
  const drifts = scan.drifts.map((scanned): RecordedDrift => {
    const { driftKey, address, workspace, index, entry, firstSeen } = open.get(scanned) as OpenDrift;
    const standing = freshEntries.has(scanned) ? 'new' : 'still-open';
    return { driftKey, address, workspace, index, digest: entry, standing, firstSeen };
  });
  return { scanEntry, drifts, resolved, open: allOpen, checkpoint: next.checkpoint };
}

type Believed = Omit<Standing, 'closed'> & {
  readonly closed: readonly (ClosedDrift & { readonly drifted: Statement<ChangePredicate> })[];
};

/** With the entries of the drifts that are over. An unmanaged object that the scan could not have seen is not gone. */
async function believed({ closed, ...standing }: Standing, scan: Scan, read: EntryReader): Promise<Believed> {
  const over: Believed['closed'][number][] = [];
  const carried = [...standing.carried];
  for (const one of closed) {
    const drifted = await driftEntry(read, one.open);
    const { driftKind, resource } = drifted.predicate.change;
    const unseen = one.why === 'gone' && driftKind === 'unmanaged';
    if (unseen && !couldSeeUnmanaged(scan, one.workspace, resource.type)) carried.push(one.open);
    else over.push({ ...one, drifted });
  }
  return { ...standing, closed: over, carried };
}

/** Signs the entries of one recording, in the order in which they go into the log. */
class Batch {
  readonly frame: Frame;
  readonly documents: LedgerDocument[] = [];
  readonly entries: SealedEntry[] = [];
  readonly #ledger: Ledger;
  readonly #size: number;

  constructor(ledger: Ledger, scan: Scan, now: Date, head: Head) {
    this.#ledger = ledger;
    this.#size = head.checkpoint.size;
    const entryId = (): string => `urn:uuid:${uuidV7(now, ledger.random(10))}`;
    this.frame = { origin: ledger.origin, recordedAt: now.toISOString(), entryId, scan };
  }

  addChange(statement: Statement<ChangePredicate>): Promise<EntryPlace> {
    return this.#add(detachChange(statement, this.documents));
  }

  addScan(open: readonly OpenDrift[], resolved: readonly string[]): Promise<EntryPlace> {
    const statement = scanStatement({ ...this.frame, scan: this.#listing() }, open, resolved);
    return this.#add(detachScan(statement, this.documents));
  }

  /** No waiver and no rule stands in our own batch: lists that held up to its beginning hold up to its end. */
  #listing(): Scan {
    const { scan } = this.frame;
    const size = this.#size + this.entries.length + 1;
    return {
      ...scan,
      ...(scan.waivers?.size === this.#size ? { waivers: { ...scan.waivers, size } } : {}),
      ...(scan.rules?.size === this.#size ? { rules: { ...scan.rules, size } } : {}),
    };
  }

  async #add(statement: Statement<unknown>): Promise<EntryPlace> {
    const sealed = await seal(payloadOf(statement), this.#ledger.signer);
    this.entries.push(sealed);
    return { index: this.#size + this.entries.length - 1, digest: sealed.digest };
  }
}

/** The entry behind an open drift, proven to be in the log and to be the one that the list names. */
async function driftEntry(read: EntryReader, open: OpenDrift): Promise<Statement<ChangePredicate>> {
  const entry = await read(open.index);
  if (entry === undefined) throw corrupt(`entry ${open.index} was erased while its drift is open`);
  if (entry.kind !== 'drift' || entry.digest !== open.entry) {
    throw corrupt(`entry ${open.index} is not the drift of ${open.address} that the last scan names`);
  }
  return entry.statement;
}

function newsOf(standing: Pick<Standing, 'fresh' | 'closed'>): Whereabouts[] {
  const fresh = standing.fresh.map(({ workspaceKey, scanned }) => ({
    workspaceKey,
    address: scanned.drift.resource.address,
  }));
  return [...fresh, ...standing.closed.map((one) => one.open)];
}

function byIndex(a: OpenDrift, b: OpenDrift): number {
  return a.index - b.index;
}
