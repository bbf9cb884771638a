import type { JsonMap } from '../port.ts';
import type { Collection } from './collection.ts';
import type { Issued } from './findings.ts';
import type { Found } from './fold.ts';
import { readFields, type StoredRecord } from './record.ts';

/**
 * Of all calls that issued credentials, those behind the given writes: the call that issued the key which signed a write,
 * the call that issued the key which signed that one, and so on.
 */
export function issuedBehind(writes: readonly StoredRecord[], collection: Collection): readonly Issued[] {
  const byKey = new Map<string, Issued[]>();
  for (const one of collection.issued) {
    const known = byKey.get(one.issuedKey);
    if (known === undefined) byKey.set(one.issuedKey, [one]);
    else known.push(one);
  }
  const wanted = new Set(callerKeys(writes, collection));
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

function callerKeys(writes: readonly StoredRecord[], collection: Collection): readonly string[] {
  const keys = new Map(collection.writes.map(({ fields }) => [fields.eventId, fields.callerKey]));
  return writes.flatMap(({ eventId }) => keys.get(eventId) ?? []);
}

/** The record of a call that issued credentials; none where its text was not kept. */
export function foundIssued({ bytes, index, file }: Issued, collection: Collection): readonly Found[] {
  if (bytes === undefined) return [];
  const fields = readFields(JSON.parse(bytes.toString('utf8')) as JsonMap, bytes);
  return [{ fields, bytes, index, origin: { ...collection.originOf(file), index } }];
}
