import type { OpenDrift } from '../model/entry.ts';
import { type Scan, type ScannedDrift, workspaceKeys } from '../model/scan.ts';
import { driftKey, fingerprint } from './fingerprint.ts';

/** A drift that this scan is the first to see. */
export interface FreshDrift {
  readonly scanned: ScannedDrift;
  readonly workspaceKey: string;
  readonly driftKey: string;
  readonly fingerprint: string;
  /** The open drift of the same resource that moved on to this one. */
  readonly supersedes: OpenDrift | undefined;
}

export interface ClosedDrift {
  readonly open: OpenDrift;
  /** What this scan calls the workspace. */
  readonly workspace: string;
  /** agrees: compared, no drift. gone: no longer declared in a workspace that was scanned. moved-on: drifts otherwise. */
  readonly why: 'agrees' | 'gone' | 'moved-on';
}

/** What a scan means for the drifts that were open before it. Every open drift and every scanned one is in one list. */
export interface Standing {
  readonly fresh: readonly FreshDrift[];
  /** Seen again with the same values. */
  readonly still: readonly { readonly scanned: ScannedDrift; readonly open: OpenDrift }[];
  readonly closed: readonly ClosedDrift[];
  /** The scan could not look: a gap, or a workspace that it did not read. */
  readonly carried: readonly OpenDrift[];
}

/** Joins a scan with the drifts that were open before it. */
export function standingOf(scan: Scan, open: readonly OpenDrift[]): Standing {
  const left = new Set(open);
  const byKey = new Map<string, OpenDrift[]>();
  for (const drift of open) byKey.set(drift.driftKey, [...(byKey.get(drift.driftKey) ?? []), drift]);
  const take = (driftKey: string, fingerprint?: string): OpenDrift | undefined => {
    const found = byKey
      .get(driftKey)
      ?.find((drift) => left.has(drift) && (fingerprint === undefined || drift.fingerprint === fingerprint));
    if (found !== undefined) left.delete(found);
    return found;
  };
  const keyOf = workspaceKeys(scan.inputs);
  const keyed = scan.drifts.map((scanned) => {
    const { workspace, address } = scanned.drift.resource;
    const workspaceKey = keyOf(workspace);
    return {
      scanned,
      workspaceKey,
      driftKey: driftKey(workspaceKey, address),
      fingerprint: fingerprint(scanned.drift),
    };
  });
  const still: { scanned: ScannedDrift; open: OpenDrift }[] = [];
  const unknown: typeof keyed = [];
  for (const one of keyed) {
    const same = take(one.driftKey, one.fingerprint);
    if (same === undefined) unknown.push(one);
    else still.push({ scanned: one.scanned, open: same });
  }
  const fresh = unknown.map((one) => ({ ...one, supersedes: take(one.driftKey) }));

  const closed: ClosedDrift[] = [];
  const carried: OpenDrift[] = [];
  const coverage = coverageOf(scan);
  const names = new Map(scan.scope.workspaces.map((name) => [keyOf(name), name]));
  const drifting = new Set(keyed.map((one) => one.driftKey));
  for (const drift of left) {
    const workspace = names.get(drift.workspaceKey);
    if (workspace === undefined) {
      carried.push(drift);
      continue;
    }
    const looked = drifting.has(drift.driftKey) ? 'moved-on' : coverage(workspace, drift.address);
    if (looked === 'unread') carried.push(drift);
    else closed.push({ open: drift, workspace, why: looked });
  }
  return { fresh, still, closed, carried };
}

/**
 * Whether a scan could have seen an object that nobody declares: it is in no list of what was read, so that something of its
 * workspace had to be read, and everything of its type.
 */
export function couldSeeUnmanaged(scan: Scan, workspace: string, type: string): boolean {
  const { compared } = scan.scope;
  const isRead = compared.some((one) => one.workspace === workspace && one.addresses.length > 0);
  const unread = scan.gaps.filter((gap) => gap.workspace === workspace && gap.path === undefined);
  return isRead && !unread.some(({ address }) => `.${address}`.includes(`.${type}.`));
}

/** What the scan says about a resource that it reports no drift of. A resource that was compared outweighs its gaps. */
function coverageOf(scan: Scan): (workspace: string, address: string) => 'agrees' | 'gone' | 'unread' {
  const nameOf = (workspace: string, address: string): string => JSON.stringify([workspace, address]);
  const gaps = new Set(scan.gaps.map((gap) => nameOf(gap.workspace, gap.address)));
  const compared = new Set(
    scan.scope.compared.flatMap((one) => one.addresses.map((address) => nameOf(one.workspace, address))),
  );
  return (workspace, address) => {
    const name = nameOf(workspace, address);
    if (compared.has(name)) return 'agrees';
    return gaps.has(name) ? 'unread' : 'gone';
  };
}
