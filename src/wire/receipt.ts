import { annotate } from '../ledger/annotate.ts';
import { findHit } from '../ledger/query/find.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isChange } from '../ledger/query/merged.ts';
import { DriftbomError } from '../model/error.ts';
import type { ChangeEntry, ScanEntry } from '../model/history.ts';
import { readTime } from '../model/moment.ts';
import type { Picture } from '../model/picture.ts';
import { RECEIPT_TOPIC, type Receipt } from '../model/receipt.ts';
import type { Identity } from '../record/identity.ts';
import { checkText, speaker } from './annotate.ts';
import type { WireIo } from './io.ts';
import { openForWriting } from './ledger.ts';
import { openQuery } from './query.ts';

export interface ReceiptRequest {
  /** Drift entries; empty: those that a scan found new. */
  readonly entries: readonly string[];
  /** `latest`, or a scan's entry. */
  readonly scan: string;
  readonly via: string;
  readonly id: string;
  readonly to?: string;
  /** RFC 3339. */
  readonly at?: string;
  readonly by?: string;
  readonly ledger?: string;
  readonly config?: string;
}

/** What became of a receipt. nothing-new: the scan found no new drift, so that nobody need have been told. */
export interface RecordedReceipt {
  readonly standing: 'written' | 'there-already' | 'nothing-new';
  readonly receipt: Receipt;
  readonly by: string;
  readonly identity: Identity | undefined;
  readonly about: readonly ChangeEntry[];
  readonly scan: number | undefined;
  readonly entry: { readonly index: number; readonly digest: string } | undefined;
  readonly shown: string;
}

/** Clocks of two machines may differ by so much. */
const CLOCK_SLACK_MS = 300_000;

/**
 * `driftbom receipt`: records that somebody was told of drifts, and what the channel answered. Errors: E_USAGE, E_NOT_FOUND,
 * E_RECORD, E_CONFIG, and those of opening and appending to a ledger.
 */
export async function wireReceipt(request: ReceiptRequest, io: WireIo): Promise<RecordedReceipt> {
  const { via, id, to } = request;
  checkText('--via', via, false);
  checkText('--id', id, false);
  checkText('--to', to, false);
  const { by, identity } = speaker(request.by, io);
  const { ledger, folders, shown } = await openForWriting(request, false, io);
  const query = await openQuery(folders, ledger.store, io);
  const scan = request.entries.length > 0 ? undefined : await scanOf(request.scan, query);
  const drifts = scan === undefined ? await namedDrifts(request.entries, query) : await newDrifts(scan, query);
  const receipt: Receipt = { via, receipt: id, to: to ?? null };
  const about = drifts.map(({ entry }) => entry);
  const common = { receipt, by, identity, about, scan: scan?.index, shown };
  if (drifts.length === 0) return { ...common, standing: 'nothing-new', entry: undefined };
  checkTime(request.at, about, io);
  const there = drifts.map(({ said }) => said.find((one) => tells(one.statement.predicate.annotation, receipt)));
  const [first] = there;
  if (first !== undefined && there.every((one) => one !== undefined)) {
    return { ...common, standing: 'there-already', entry: { index: first.index, digest: first.digest } };
  }
  const text = `alert: told ${to ?? 'whom the channel reaches'} by ${via}, receipt ${id}`;
  const saying = {
    annotation: { kind: 'note', by, text, topic: RECEIPT_TOPIC, facts: { ...receipt } },
    about,
    ...(request.at === undefined ? {} : { statedAt: request.at }),
  } as const;
  const { entries } = await annotate(ledger, [saying], { clock: io.clock, version: io.version });
  return { ...common, standing: 'written', entry: entries[0] };
}

async function scanOf(word: string, query: LedgerQuery): Promise<ScanEntry> {
  const { newest } = query.standings;
  if (word === 'latest') {
    if (newest !== undefined) return newest;
    throw new DriftbomError('E_NOT_FOUND', 'the ledger holds no scan', 'Scan first, or name the entries.');
  }
  const { entry } = (await findHit(query, word)).picture;
  if (entry.kind === 'scan') return entry;
  const cure = 'Name a scan by its index, digest or urn:uuid, or write latest.';
  throw new DriftbomError('E_NOT_FOUND', `entry ${entry.index} is a ${entry.kind} and no scan`, cure);
}

/** The drift entries that the scan itself wrote. */
async function newDrifts({ statement }: ScanEntry, query: LedgerQuery): Promise<Picture<ChangeEntry>[]> {
  const { scan, recordedAt } = statement.predicate;
  const fresh = scan.open.filter((one) => one.seen && one.firstSeen === recordedAt).map(({ index }) => index);
  const pictures = await query.pictures(fresh);
  return pictures.filter(({ entry }) => entry.statement.predicate.scan?.id === scan.id);
}

async function namedDrifts(words: readonly string[], query: LedgerQuery): Promise<Picture<ChangeEntry>[]> {
  const drifts = new Map<number, Picture<ChangeEntry>>();
  for (const word of words) {
    const { picture } = await findHit(query, word);
    const { entry } = picture;
    if (!isChange(entry) || entry.kind !== 'drift') {
      const cure = 'Name drift entries; driftbom log --kind drift lists them.';
      throw new DriftbomError(
        'E_USAGE',
        `entry ${entry.index} is a ${entry.kind}, and no drift of which one is told`,
        cure,
      );
    }
    drifts.set(entry.index, picture as Picture<ChangeEntry>);
  }
  return [...drifts.values()];
}

/** Nobody is told of a drift before it was seen, nor after now. */
function checkTime(at: string | undefined, about: readonly ChangeEntry[], io: WireIo): void {
  const told = at === undefined ? undefined : readTime(at);
  if (told === undefined) return;
  if (told > io.clock().getTime() + CLOCK_SLACK_MS) {
    throw new DriftbomError('E_USAGE', `--at ${at} is still to come`, 'Give the time at which they were told.');
  }
  const early = about.find(({ statement }) => told < Date.parse(statement.predicate.when.observedAt) - CLOCK_SLACK_MS);
  if (early === undefined) return;
  const seen = early.statement.predicate.when.observedAt;
  const cure = 'Give the time at which they were told, or name the entries that they were told of.';
  throw new DriftbomError('E_USAGE', `--at ${at} is before the drift of entry ${early.index} was seen (${seen})`, cure);
}

function tells(
  { topic, facts = {} }: { readonly topic?: string; readonly facts?: { readonly [name: string]: unknown } },
  { via, receipt }: Receipt,
): boolean {
  return topic === RECEIPT_TOPIC && facts.via === via && facts.receipt === receipt;
}
