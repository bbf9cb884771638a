import type { ChangePredicate, Descriptor, Entry, OpenDrift, ScanPredicate, Statement } from '../model/entry.ts';
import { sameValue, type Value } from '../model/value.ts';

/** Longer values are mostly one entry's own. */
const LONGEST = 600;
/** Values that are remembered at a time. */
const MOST = 50_000;
const NOTHING: readonly Descriptor[] = [];
const NO_STATE: Descriptor = { name: '', digest: { sha256: '' } };

/**
 * Makes entries small, so that hundreds of thousands fit into memory: parts that are equal in many of them (resource, answer,
 * times of one scan) become one object, and what names documents of states is let go. The entry that is given is altered.
 * That is for who verifies the ledger in the same pass: no report looks at those documents again.
 */
export function compactor(): (entry: Entry) => Entry {
  const shared = sharing();
  const shareParts = partSharing(shared);
  const open = (one: OpenDrift): OpenDrift => ({
    ...one,
    driftKey: shared(one.driftKey),
    fingerprint: shared(one.fingerprint),
    address: shared(one.address),
    workspace: shared(one.workspace),
    workspaceKey: shared(one.workspaceKey),
    entry: shared(one.entry),
    firstSeen: shared(one.firstSeen),
  });
  return (given) => {
    const entry: Writable<Entry> = given;
    entry.digest = shared(entry.digest);
    if (entry.kind === 'scan') {
      const scan: Writable<ScanPredicate['scan']> = entry.statement.predicate.scan;
      scan.open = scan.open.map(open);
      scan.resolved = scan.resolved.map((one) => shared(one));
    } else if ('change' in entry.statement.predicate) {
      const statement: Writable<Statement<unknown>> = entry.statement;
      statement.subject = NOTHING;
      shareParts(entry.statement.predicate);
      compactChange(entry.statement.predicate, shared);
    }
    return given;
  };
}

function compactChange(predicate: Writable<ChangePredicate>, shared: Sharing): void {
  const change: Writable<ChangePredicate['change']> = predicate.change;
  change.driftKey = shared(change.driftKey);
  change.fingerprint = shared(change.fingerprint);
  change.resource = shared(change.resource, `${change.resource.workspaceKey}\n${change.resource.address}`);
  change.before = NO_STATE;
  predicate.supersedes = shared(predicate.supersedes);
  if (predicate.evidence.length === 0) predicate.evidence = NOTHING;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Sharing = <T>(value: T, key?: string) => T;

/** Parts that are mostly equal in all entries of one scan: held against the entry before, which is quicker than a key for each. */
function partSharing(shared: Sharing): (predicate: Writable<ChangePredicate>) => void {
  let before: ChangePredicate | undefined;
  const part = <T>(last: T | undefined, value: T): T =>
    last !== undefined && sameValue(last as Value, value as Value) ? last : shared(value);
  return (predicate) => {
    predicate.ledger = part(before?.ledger, predicate.ledger);
    predicate.who = part(before?.who, predicate.who);
    predicate.when = part(before?.when, predicate.when);
    predicate.why = part(before?.why, predicate.why);
    predicate.scan = part(before?.scan, predicate.scan);
    predicate.detector = part(before?.detector, predicate.detector);
    before = predicate;
  };
}

/** Gives the first of equal values in place of each. `key` is a cheap one that equal values have in common. */
function sharing(): Sharing {
  let known = new Map<string, unknown>();
  return <T>(value: T, key = typeof value === 'string' ? value : JSON.stringify(value)): T => {
    if (key.length > LONGEST) return value;
    const first = known.get(key);
    if (first !== undefined && sameValue(first as Value, value as Value)) return first as T;
    if (known.size >= MOST) known = new Map();
    known.set(key, value);
    return value;
  };
}
