import { byCodeUnit } from '../../model/order.ts';
import type { FoldedRecords, RecordOrigin } from '../port.ts';
import type { Draft } from './findings.ts';
import { StoredRecord } from './record.ts';
import { ShapeBook } from './shape-book.ts';

/** A draft, and where it was read. */
export interface Found extends Draft {
  readonly origin: RecordOrigin;
}

/**
 * Of several records of one action, keeps one: of equal event ids, of the copies that several accounts got of one call
 * (sharedEventID), and of a record and the later one that completes it (addendum). Which one is kept does not depend on
 * the order in which they were read. `addenda` are records that complete others and matter for nothing else.
 */
export function fold(
  found: readonly Found[],
  addenda: readonly Found[],
): { readonly records: readonly StoredRecord[]; readonly folded: FoldedRecords } {
  const single = onePerEvent(found);
  const completed = new Set([...found, ...addenda].flatMap(({ fields }) => fields.completes ?? []));
  const current = single.filter(({ fields }) => !completed.has(fields.eventId));
  const actions = new Map<string, Found[]>();
  for (const one of current) {
    const action = sharedAction(one) ?? eventKey(one);
    actions.set(action, [...(actions.get(action) ?? []), one]);
  }
  const shapes = new ShapeBook();
  const records = [...actions.values()].map((copies) => storedCopy(copies, shapes)).sort(byTime);
  return {
    records,
    folded: {
      duplicates: found.length - single.length,
      superseded: single.length - current.length,
      shared: current.length - records.length,
    },
  };
}

/** Sorted by time, then by event id. Events of one second have no order that the log knows. */
export function byTime(a: StoredRecord, b: StoredRecord): number {
  return (
    byCodeUnit(a.eventTime, b.eventTime) || byCodeUnit(a.eventId, b.eventId) || byCodeUnit(a.origin.file, b.origin.file)
  );
}

/** One record for each event id. */
export function unrepeated(found: readonly Found[]): readonly StoredRecord[] {
  const shapes = new ShapeBook();
  return onePerEvent(found)
    .map((one) => stored(one, shapes))
    .sort(byTime);
}

function onePerEvent(found: readonly Found[]): readonly Found[] {
  const kept = new Map<string, Found>();
  for (const one of found) {
    const key = eventKey(one);
    const known = kept.get(key);
    if (known === undefined || bySource(one, known) < 0) kept.set(key, one);
  }
  return [...kept.values()];
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** CloudTrail's event ids are GUIDs. Who wrote anything else may have used it for many events: then the text tells. */
function eventKey({ fields: { eventId }, bytes }: Found): string {
  return GUID.test(eventId) ? `event ${eventId}` : `text ${bytes.toString('latin1')}`;
}

function sharedAction({ fields: { sharedEventId } }: Found): string | undefined {
  return sharedEventId !== null && GUID.test(sharedEventId) ? `shared ${sharedEventId}` : undefined;
}

/** A file is there for others to read again; a look-up passes. */
const WITNESSES: readonly RecordOrigin['digestChain'][] = ['verified', 'not-verified', 'lookup-only'];

/** The best witnessed first, then by where it was read. */
function bySource(a: Found, b: Found): number {
  const rank = ({ origin }: Found): number => WITNESSES.indexOf(origin.digestChain);
  return rank(a) - rank(b) || byCodeUnit(a.origin.file, b.origin.file) || a.index - b.index;
}

/**
 * The copy that says who called; the other account's copy hides that where the caller is a stranger to it. It stands for
 * what was done in the account that is not the caller's.
 */
function storedCopy(copies: readonly Found[], shapes: ShapeBook): StoredRecord {
  const [first, ...rest] = [...copies].sort(
    (a, b) => Number(b.fields.namesCaller) - Number(a.fields.namesCaller) || bySource(a, b),
  ) as [Found, ...Found[]];
  if (rest.length === 0) return stored(first, shapes);
  const owner = copies
    .map(({ fields }) => fields)
    .filter(({ account, callerAccount }) => account !== callerAccount)
    .map(({ account }) => account)
    .sort()[0];
  return stored(owner === undefined ? first : { ...first, fields: { ...first.fields, account: owner } }, shapes);
}

function stored({ fields, bytes, origin }: Found, shapes: ShapeBook): StoredRecord {
  return new StoredRecord(fields, bytes, origin, shapes);
}
