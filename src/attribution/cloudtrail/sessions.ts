import type { IssuedDraft } from './findings.ts';

/** A call that issued credentials, with the place of its object in the caller's list. */
export interface Issued extends IssuedDraft {
  readonly file: number;
}

/**
 * Of all calls that issued credentials, those behind the given access keys: the call that issued the key, the call that
 * issued the key which signed that one, and so on.
 */
export function behind(keys: Iterable<string>, issued: readonly Issued[]): readonly Issued[] {
  const byKey = new Map<string, Issued[]>();
  for (const one of issued) {
    const known = byKey.get(one.issuedKey);
    if (known === undefined) byKey.set(one.issuedKey, [one]);
    else known.push(one);
  }
  const wanted = new Set(keys);
  const found: Issued[] = [];
  // A set is walked to its end, also where the walk adds to it.
  for (const key of wanted) {
    for (const one of byKey.get(key) ?? []) {
      found.push(one);
      if (one.callerKey !== null) wanted.add(one.callerKey);
    }
  }
  return found;
}
