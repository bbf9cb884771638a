import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { LedgerReader } from './port.ts';
import { provenReader, readEntries } from './read.ts';

/** What a user wrote to name one entry. */
export type EntryName =
  | { readonly kind: 'index'; readonly index: number }
  /** Lower-case hex, at least 6 digits. */
  | { readonly kind: 'digest'; readonly prefix: string }
  /** `urn:uuid:` and lower-case hex. */
  | { readonly kind: 'id'; readonly id: string };

const UUID = /^(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Reads the name of an entry: a log index (`12`, `#12`), the beginning of a statement digest (6 hex digits or more), or an
 * entry id (`urn:uuid:...` or the bare UUID). Digits alone are an index up to eleven of them, a digest from twelve on: that
 * is how long digests are printed. Undefined where it is none of these: then it may be an address.
 */
export function parseEntryName(word: string): EntryName | undefined {
  if (/^#?\d{1,11}$/.test(word)) return { kind: 'index', index: Number(word.replace('#', '')) };
  if (/^[0-9a-f]{6,64}$/i.test(word)) return { kind: 'digest', prefix: word.toLowerCase() };
  const uuid = UUID.exec(word)?.[1];
  return uuid === undefined ? undefined : { kind: 'id', id: `urn:uuid:${uuid.toLowerCase()}` };
}

/** Whether the name fits the entry; a digest prefix may fit several. */
export function namesEntry(name: EntryName, entry: Entry): boolean {
  if (name.kind === 'index') return entry.index === name.index;
  if (name.kind === 'digest') return entry.digest.startsWith(name.prefix);
  return entry.statement.predicate.entryId === name.id;
}

/**
 * The one entry of that name, proven to be in the log. By index it costs one read; by digest or id the whole log is read.
 * Throws E_NOT_FOUND (none, erased, or a prefix of several) and E_LEDGER_CORRUPT.
 */
export async function findEntry(reader: LedgerReader, head: Checkpoint, name: EntryName): Promise<Entry> {
  const proven = provenReader(reader, head);
  if (name.kind === 'index') {
    if (name.index >= head.size) throw notFound(`there is no entry ${name.index}`, head);
    const entry = await proven(name.index);
    if (entry === undefined) throw notFound(`the payload of entry ${name.index} was erased`, head);
    return entry;
  }
  const found: number[] = [];
  for await (const entry of readEntries(reader)) if (namesEntry(name, entry)) found.push(entry.index);
  const [first] = found;
  const entry = first === undefined ? undefined : await proven(first);
  const word = name.kind === 'digest' ? name.prefix : name.id;
  if (entry === undefined) throw notFound(`no entry is named ${word}`, head);
  if (found.length > 1) {
    const cure = 'Give more digits of the digest, or the index.';
    throw new DriftbomError('E_NOT_FOUND', `${word} is the beginning of entries ${found.slice(0, 8).join(', ')}`, cure);
  }
  return entry;
}

function notFound(message: string, head: Checkpoint): DriftbomError {
  const range = head.size === 0 ? 'is empty' : `holds entries 0 to ${head.size - 1}`;
  return new DriftbomError('E_NOT_FOUND', message, `The ledger ${range}; name one by index, digest or urn:uuid.`);
}
