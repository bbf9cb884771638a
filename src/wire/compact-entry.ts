import type { Descriptor, Entry, OpenDrift } from '../model/entry.ts';

/** Longer values are mostly one entry's own. */
const LONGEST = 600;
/** Values that are remembered at a time. */
const MOST = 50_000;
const NOTHING: readonly Descriptor[] = [];
const NO_STATE: Descriptor = { name: '', digest: { sha256: '' } };

/**
 * Gives entries in a form of which hundreds of thousands fit into memory: parts that are equal in many of them (resource,
 * answer, times of one scan) are one object, and what names documents of states is let go. That is for who verifies the
 * ledger in the same pass: no report looks at it again.
 */
export function compactor(): (entry: Entry) => Entry {
  const shared = sharing();
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
  return (entry) => {
    const digest = shared(entry.digest);
    if (entry.kind === 'scan') {
      const { predicate } = entry.statement;
      const { scan } = predicate;
      const lists = { open: scan.open.map(open), resolved: scan.resolved.map((one) => shared(one)) };
      const statement = { ...entry.statement, predicate: { ...predicate, scan: { ...scan, ...lists } } };
      return { ...entry, digest, statement };
    }
    const { predicate } = entry.statement;
    if (!('change' in predicate)) return { ...entry, digest } as Entry;
    const { change } = predicate;
    const compact = {
      ...predicate,
      ledger: shared(predicate.ledger),
      change: {
        ...change,
        driftKey: shared(change.driftKey),
        fingerprint: shared(change.fingerprint),
        resource: shared(change.resource),
        before: NO_STATE,
        paths: change.paths.map((path) => shared(path)),
      },
      who: shared(predicate.who),
      when: shared(predicate.when),
      why: shared(predicate.why),
      evidence: predicate.evidence.length === 0 ? NOTHING : predicate.evidence,
      scan: shared(predicate.scan),
      detector: shared(predicate.detector),
      supersedes: shared(predicate.supersedes),
    };
    const { _type, predicateType } = entry.statement;
    const statement = { _type, predicateType: shared(predicateType), subject: NOTHING, predicate: compact };
    return { ...entry, digest, statement } as Entry;
  };
}

/** Gives the first of equal values in place of each. */
function sharing(): <T>(value: T) => T {
  let known = new Map<unknown, unknown>();
  return <T>(value: T): T => {
    const key = typeof value === 'string' ? value : JSON.stringify(value);
    if (key.length > LONGEST) return value;
    const first = known.get(key);
    if (first !== undefined && typeof first === typeof value) return first as T;
    if (known.size >= MOST) known = new Map();
    known.set(key, value);
    return value;
  };
}
