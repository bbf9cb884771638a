import { DriftbomError } from '../../model/error.ts';
import { type EntryName, parseEntryName } from '../find-entry.ts';
import { type ExportedLog, type LoggedEntry, loggedEntries, recordedAtOf } from './logged.ts';

/** Which entries are exported: some by name, or the range recorded in a period; all where nothing is said. */
export interface Selection {
  /** Index, digest prefix (6 hex digits or more) or urn:uuid. */
  readonly names: readonly string[];
  /** RFC 3339; `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Chosen log indexes, rising. */
export interface Chosen {
  readonly indexes: readonly number[];
  /** The range [start, end) that they fill without a gap; undefined for entries chosen by name. */
  readonly range: readonly [number, number] | undefined;
}

/**
 * Finds the entries that a selection names. A period gives the smallest range of the log that holds every entry recorded
 * in it, without a gap: a population that a sample is drawn from must be complete. Throws E_USAGE, E_NOT_FOUND.
 */
export async function choose(log: ExportedLog, selection: Selection): Promise<Chosen> {
  if (selection.names.length > 0) return { indexes: await named(log, selection.names), range: undefined };
  const [start, end] = await rangeOf(log, selection);
  return { indexes: Array.from({ length: end - start }, (_, at) => start + at), range: [start, end] };
}

async function rangeOf(log: ExportedLog, { from, to }: Selection): Promise<readonly [number, number]> {
  const { size } = log.head;
  if (from === undefined && to === undefined) return [0, size];
  const [after, before] = [momentOf(from) ?? Number.NEGATIVE_INFINITY, momentOf(to) ?? Number.POSITIVE_INFINITY];
  let start: number | undefined;
  let end = 0;
  for await (const { index, signed } of loggedEntries(log, upTo(size))) {
    const at = signed === undefined ? Number.NaN : Date.parse(recordedAtOf(signed));
    if (!(at >= after && at < before)) continue;
    start ??= index;
    end = index + 1;
  }
  return [start ?? 0, start === undefined ? 0 : end];
}

function momentOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

async function named(log: ExportedLog, words: readonly string[]): Promise<number[]> {
  const { size } = log.head;
  const wanted = words.map((word) => ({ word, name: nameOf(word), found: [] as number[] }));
  for (const { name, found } of wanted) if (name.kind === 'index' && name.index < size) found.push(name.index);
  if (wanted.some(({ name }) => name.kind !== 'index')) {
    for await (const entry of loggedEntries(log, upTo(size))) {
      for (const { name, found } of wanted) if (fits(name, entry)) found.push(entry.index);
    }
  }
  for (const { word, found } of wanted) {
    if (found.length === 1) continue;
    const [message, cure] =
      found.length === 0
        ? [`no entry is named ${word}`, `The ledger holds ${size} entries; name one by index, digest or urn:uuid.`]
        : [`${word} is the beginning of entries ${found.slice(0, 8).join(', ')}`, 'Give more digits, or the index.'];
    throw new DriftbomError('E_NOT_FOUND', message, cure);
  }
  return [...new Set(wanted.flatMap(({ found }) => found))].sort((a, b) => a - b);
}

function nameOf(word: string): EntryName {
  const name = parseEntryName(word);
  if (name !== undefined) return name;
  const cure = 'Give an index (12), the beginning of a statement digest (6 hex digits or more) or an urn:uuid.';
  throw new DriftbomError('E_USAGE', `${JSON.stringify(word)} names no entry`, cure);
}

function fits(name: EntryName, { line, signed }: LoggedEntry): boolean {
  if (name.kind === 'index') return false;
  if (name.kind === 'id') return signed?.statement.predicate.entryId === name.id;
  const digest = line.kind === 'erased' ? line.tombstone.payloadSha256 : line.digest;
  return digest.startsWith(name.prefix);
}

/** 0 up to, and not including, `end`. */
export function* upTo(end: number): Generator<number> {
  for (let index = 0; index < end; index++) yield index;
}
