import { isAnnotation, mergedPicture } from '../ledger/query/merged.ts';
import type { Entry } from '../model/entry.ts';
import { observedAt } from '../model/history.ts';
import { isBefore } from '../model/period.ts';
import type { AnnotationEntry } from '../model/picture.ts';

/**
 * Each entry with what later ones know better in the place of what it said, as far as that was stated before `to` (RFC
 * 3339; all of it where left out). Entries of which nothing is said are the same objects.
 */
export function asReadNow(entries: readonly Entry[], to?: string): readonly Entry[] {
  const about = new Map<string, AnnotationEntry[]>();
  const replacing = new Map<string, AnnotationEntry[]>();
  for (const entry of entries) {
    if (!isAnnotation(entry) || (to !== undefined && !isBefore(observedAt(entry), to))) continue;
    const { annotation, supersedes } = entry.statement.predicate;
    if (supersedes !== null) put(replacing, supersedes, entry);
    for (const digest of annotation.about) put(about, digest, entry);
  }
  if (about.size === 0) return entries;
  return entries.map((entry) => {
    const said = about.get(entry.digest);
    if (said === undefined) return entry;
    const later = said.flatMap((one) => replacing.get(one.digest) ?? []);
    return mergedPicture(entry, [...new Set([...said, ...later])]).entry;
  });
}

function put(lists: Map<string, AnnotationEntry[]>, key: string, entry: AnnotationEntry): void {
  const there = lists.get(key);
  if (there === undefined) lists.set(key, [entry]);
  else there.push(entry);
}
