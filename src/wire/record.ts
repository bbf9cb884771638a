import { TICKET_PATTERN, ticketsIn } from '../attribution/why/tickets.ts';
import type { IndexedChanges } from '../ledger/key-history.ts';
import { keyWorkspaceKey } from '../ledger/key-value.ts';
import { indexesOf } from '../ledger/query/find.ts';
import { type HandedIn, type Recording, recordChanges } from '../ledger/record-change.ts';
import { DriftbomError } from '../model/error.ts';
import type { Value } from '../model/value.ts';
import { type Defaults, readChange, type WrittenChange } from '../record/change.ts';
import { type Fault, faultsError } from '../record/fault.ts';
import { type Identity, identityOf } from '../record/identity.ts';
import { maskKeyValue } from '../record/mask.ts';
import { jsonRows, type Rows, tableRows } from '../record/rows.ts';
import { readValue } from '../record/value.ts';
import { decodeText } from '../terraform/text.ts';
import { readEvidence } from './evidence.ts';
import { type OpenedLedger, openForWriting } from './ledger.ts';
import { openQuery } from './query.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';

export interface RecordRequest {
  readonly key?: string;
  readonly old?: string;
  readonly new?: string;
  readonly at?: string;
  /** A file of changes; `-` is standard input. */
  readonly from?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly workspace: string;
  readonly sensitive?: boolean;
  readonly evidence: readonly string[];
  readonly force?: boolean;
  readonly ledger?: string;
  readonly config?: string;
}

/** What was recorded. */
export interface Recorded {
  readonly recordings: readonly Recording[];
  /** Keys whose value was masked although nobody said that it is a secret. */
  readonly masked: readonly string[];
  /** Where the name of who did it was taken from the environment. */
  readonly identity: Identity | undefined;
  readonly shown: string;
  readonly size: number;
}

/**
 * `driftbom record`. Everything is checked before anything is written. Errors: E_USAGE, E_RECORD with every fault, E_CONFIG,
 * and those of opening and appending to a ledger.
 */
export async function wireRecord(request: RecordRequest, io: WireIo): Promise<Recorded> {
  checkTogether(request);
  const identity = request.by === undefined ? identityOf(io.env) : undefined;
  const defaults: Defaults = {
    by: request.by ?? identity?.name,
    workspace: request.workspace,
    reason: request.reason ?? null,
    sensitive: request.sensitive === true,
    now: io.clock().toISOString(),
  };
  const where = request.from === undefined ? 'the change' : request.from === '-' ? 'standard input' : request.from;
  const written = checked(await rowsOf(request, io), defaults, where);
  const evidence = await readEvidence(request.evidence, io);
  const opened = await openForWriting(request, true, io);
  const { ledger, config, shown } = opened;
  const tickets = config.attribution?.ticketPattern;
  const pattern = tickets === undefined ? TICKET_PATTERN : new RegExp(tickets);
  const masked = new Set<string>();
  const handedIn = written.map((one): HandedIn => {
    const mask = (value: Value): Value => {
      const safe = maskKeyValue(one.key, value, one.sensitive, ledger.redact);
      if (safe !== value && !one.sensitive) masked.add(one.key);
      return safe;
    };
    const { key, workspace, reason, by, at } = one;
    return {
      ...{ key, workspace, reason, by, at },
      references: reason === null ? [] : ticketsIn(reason, pattern),
      before: one.old === undefined ? undefined : mask(one.old),
      after: mask(one.new),
    };
  });
  const indexed = await indexedChanges(handedIn, opened, io);
  const options = { clock: io.clock, version: io.version, force: request.force === true, evidence, indexed };
  const { recordings, appended } = await recordChanges(ledger, handedIn, options);
  const used = identity !== undefined && written.some((one) => one.by === identity.name);
  return {
    ...{ recordings, shown, masked: [...masked] },
    identity: used ? identity : undefined,
    size: appended.checkpoint.size,
  };
}

/** Asking the index for each of more keys than these costs more than to read the log once. */
const MOST_ASKED = 64;

async function indexedChanges(
  changes: readonly HandedIn[],
  { ledger, folders }: OpenedLedger,
  io: WireIo,
): Promise<IndexedChanges | undefined> {
  const places = new Map(changes.map(({ key, workspace }) => [JSON.stringify([key, workspace]), { key, workspace }]));
  if (places.size > MOST_ASKED) return undefined;
  const query = await openQuery(folders, ledger.store, io);
  const found = [...places.values()].map(({ key, workspace }) =>
    indexesOf(query, { address: key, workspaceKey: keyWorkspaceKey(workspace) }),
  );
  return { head: query.head, indexes: (await Promise.all(found)).flat() };
}

function checkTogether({ from, key, old, at, ...rest }: RecordRequest): void {
  const cure = 'Give --key and --new for one change, or --from FILE for many.';
  const alone = [key, old, rest.new, at].some((one) => one !== undefined);
  if (from !== undefined && alone) {
    throw new DriftbomError('E_USAGE', '--from goes with none of --key, --old, --new and --at', cure);
  }
  if (from === undefined && (key === undefined || rest.new === undefined)) {
    throw new DriftbomError('E_USAGE', 'there is nothing to record', cure);
  }
}

/** The changes as they are written: on the command line, or in a file that is a table or has one JSON object a line. */
async function rowsOf(request: RecordRequest, io: WireIo): Promise<Rows> {
  const { from } = request;
  if (from === undefined) {
    const { key = '', old, new: after = '', at } = request;
    const fields: [string, Value][] = [
      ['key', key],
      ['new', readValue(after)],
    ];
    if (old !== undefined) fields.push(['old', readValue(old)]);
    if (at !== undefined) fields.push(['at', at]);
    return { rows: [{ line: null, fields: new Map(fields) }], faults: [] };
  }
  const text = decodeText(await bytesOf(from, io), from === '-' ? 'standard input' : from, 'E_RECORD');
  return /\.csv$/i.test(from) ? tableRows(text) : jsonRows(text);
}

function bytesOf(from: string, io: WireIo): Promise<Uint8Array> {
  if (from === '-') return io.stdin();
  return readGiven(from, 'E_RECORD', io, 'Check --from.');
}

/** All changes, or one error that lists every fault. */
function checked({ rows, faults }: Rows, defaults: Defaults, where: string): WrittenChange[] {
  const all: Fault[] = [...faults];
  const changes: WrittenChange[] = [];
  for (const row of rows) {
    const read = readChange(row, defaults);
    if ('change' in read) changes.push(read.change);
    else all.push(...read.faults.map((message) => ({ line: row.line, message })));
  }
  if (all.length > 0)
    throw faultsError(
      where,
      all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    );
  if (changes.length === 0) throw faultsError(where, [{ line: null, message: 'no change stands in it' }]);
  return changes;
}
