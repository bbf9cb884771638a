import type { Found } from './fold.ts';

/** A call that issued credentials, with its object; `draft` is undefined where its text was put down again. */
export interface Issued {
  readonly issuedKey: string;
  readonly callerKey: string | null;
  readonly file: number;
  readonly found: Found | undefined;
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
