import type { JsonMap } from '../port.ts';
import type { Collection } from './collection.ts';
import type { Issued } from './findings.ts';
import type { Found } from './fold.ts';
import { unpackIssued } from './issued-pack.ts';
import { readFields, type StoredRecord } from './record.ts';

/**
 * Of all calls that issued credentials, those behind the given writes: the call that issued the key which signed a write,
 * the call that issued the key which signed that one, and so on.
 */
export function issuedBehind(writes: readonly StoredRecord[], collection: Collection): readonly Issued[] {
  const wanted = new Set(callerKeys(writes, collection));
  const found: Issued[] = [];
  if (wanted.size === 0) return found;
  const byKey = new Map<string, Issued | Issued[]>();
  for (const { file, calls } of collection.issued) {
    for (const call of unpackIssued(calls)) {
      const known = byKey.get(call.issuedKey);
      const one = { ...call, file };
      // Most keys are issued once: no list for each of them.
      if (known === undefined) byKey.set(call.issuedKey, one);
      else if (Array.isArray(known)) known.push(one);
      else byKey.set(call.issuedKey, [known, one]);
    }
  }
  // A set is walked to its end, also where the walk adds to it.
  for (const key of wanted) {
    for (const one of [byKey.get(key) ?? []].flat()) {
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
  // A copy: what lay beside it on the shelf need not be kept.
  return [{ fields, bytes: Buffer.from(bytes), index, origin: { ...collection.originOf(file), index } }];
}
