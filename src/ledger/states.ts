import type { ChangeEntry } from '../model/history.ts';
import { STATE_MEDIA_TYPE } from '../model/entry.ts';
import { isMap, type Value } from '../model/value.ts';
import type { DocumentSource } from './attach.ts';
import { parsing } from './faults.ts';

/** The masked attributes of a resource on both sides of a change; null where there was no object. */
export interface StatesOfEntry {
  readonly before: Value;
  readonly after: Value;
}

/** Reads both state documents of a drift or resolved entry. Throws E_LEDGER_CORRUPT where one is missing or altered. */
export async function statesOf({ index, statement }: ChangeEntry, source: DocumentSource): Promise<StatesOfEntry> {
  const { subject, predicate } = statement;
  const { before } = predicate.change;
  const after = subject.find(({ mediaType }) => mediaType === STATE_MEDIA_TYPE);
  const read = async (sha256: string | undefined): Promise<Value> => {
    if (sha256 === undefined) return null;
    const document = (await parsing(`entry ${index}`, () => source(sha256))) as Value;
    return isMap(document) ? (document.attributes ?? null) : null;
  };
  return {
    before: await read(before.mediaType === STATE_MEDIA_TYPE ? before.digest.sha256 : undefined),
    after: await read(after?.digest.sha256),
  };
}
