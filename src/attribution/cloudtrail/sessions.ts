import type { JsonMap } from '../port.ts';
import type { Collection } from './collection.ts';
import type { Issued } from './findings.ts';
import type { Found } from './fold.ts';
import { unpackIssued } from './issued-pack.ts';
import { readFields } from './record-fields.ts';
import type { StoredRecord } from './record.ts';

/**
 * Of all calls that issued credentials, those behind the given writes: the call that issued the key which signed a write,
 * the call that issued the key which signed that one, and so on.
 */
export function issuedBehind(writes: readonly StoredRecord[], collection: Collection): readonly Issued[] {
  const found: Issued[] = [];
  const wanted = new Set(writes.flatMap(({ callerKey }) => callerKey ?? []));
  // Chains of roles are short: looking through the calls once a link takes less than putting all of them in order.
  for (let asked: ReadonlySet<string> = new Set(wanted); asked.size > 0; ) {
    const callers = new Set<string>();
    for (const { file, calls } of collection.issued) {
      for (const call of unpackIssued(calls, asked)) {
        found.push({ ...call, file });
        if (call.callerKey !== null && !wanted.has(call.callerKey)) callers.add(call.callerKey);
      }
    }
    for (const key of callers) wanted.add(key);
    asked = callers;
  }
  return found;
}

/** The record of a call that issued credentials; none where its text was not kept. */
export function foundIssued({ bytes, index, file }: Issued, collection: Collection): readonly Found[] {
  if (bytes === undefined) return [];
  const fields = readFields(JSON.parse(bytes.toString('utf8')) as JsonMap, bytes);
  // A copy: what lay beside it on the shelf need not be kept.
  return [{ fields, bytes: Buffer.from(bytes), index, origin: { ...collection.originOf(file), index } }];
}
