import type { Change, Drift } from '../model/drift.ts';
import { sha256Hex } from './bytes.ts';
import { canonicalBytes, canonicalJson } from './jcs.ts';
import { toJson } from './json-value.ts';

/** Names a resource over all scans: SHA-256 over canonical JSON of its workspace's key and its address, hex. */
export function driftKey(workspaceKey: string, address: string): string {
  return sha256Hex(canonicalBytes(toJson({ workspace: workspaceKey, address })));
}

/** The changes that make a drift; the provider's own bookkeeping (class `computed`) does not. */
export function signedChanges(drift: Drift): Change[] {
  return drift.changes.filter((change) => change.class === 'declared');
}

/**
 * Names what differs: SHA-256 over canonical JSON of the drift's kind and changes, hex. Causes are left out (they may be
 * understood better later) and so is order, so that the same drift seen again has the same fingerprint.
 */
export function fingerprint(drift: Drift): string {
  const changes = signedChanges(drift)
    .map(({ path, op, before, after }) => canonicalJson({ path, op, before: toJson(before), after: toJson(after) }))
    .sort();
  return sha256Hex(canonicalBytes({ kind: drift.kind, changes }));
}
