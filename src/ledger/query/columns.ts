import { VERDICTS } from '../../model/attribution.ts';
import { ENTRY_KINDS } from '../../model/entry.ts';
import { RELATIONS } from './facts.ts';

/** Entries of one segment of an index, 128 payload files; entries are numbered in 16 bits within it. */
export const SEGMENT_WIDTH = 32_768;

/** Code of what has no verdict, no subject. */
export const NO_VERDICT = 255;
export const NO_SUBJECT = 0xffff_ffff;
/** Kind of an entry whose payload was erased: only its digest is known. */
export const ERASED = 255;

/**
 * The columns of a segment and what they are made of. Per entry: kind, verdict, from and to (when it happened), recorded,
 * digest (32 bytes), entryId (16 bytes), subject. Subjects by number: their address, type and workspace key. Paths and
 * actors: pairs of an entry and a name. Links: the earlier entry (log index), the entry that links, relation, time.
 * Entries are numbered within the segment.
 */
export const COLUMNS = {
  kind: Uint8Array,
  verdict: Uint8Array,
  from: Float64Array,
  to: Float64Array,
  recorded: Float64Array,
  digest: Uint8Array,
  entryId: Uint8Array,
  subject: Uint32Array,
  addresses: 'names',
  types: 'names',
  workspaceKeys: 'names',
  paths: 'names',
  pathEntry: Uint16Array,
  pathName: Uint32Array,
  actors: 'names',
  actorEntry: Uint16Array,
  actorName: Uint32Array,
  linkTarget: Uint32Array,
  linkSource: Uint16Array,
  linkRelation: Uint8Array,
  linkTime: Float64Array,
} as const;

export type ColumnName = keyof typeof COLUMNS;
type Made<T> = T extends 'names' ? readonly string[] : T extends new (...args: never[]) => infer I ? I : never;
/** A column as it is worked with. */
export type Column<N extends ColumnName> = Made<(typeof COLUMNS)[N]>;

export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

export const KIND_CODES = codes(ENTRY_KINDS);
export const VERDICT_CODES = codes(VERDICTS);
export const RELATION_CODES = codes(RELATIONS);

function codes<T extends string>(names: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<T, number>;
}

/** A column's bytes, as they stand in a file: numbers as this machine writes them, names as JSON. */
export function columnBytes(column: readonly string[] | ArrayBufferView): Uint8Array {
  if (Array.isArray(column)) return Buffer.from(JSON.stringify(column));
  const view = column as ArrayBufferView;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The inverse of columnBytes; `bytes` has to begin at a multiple of 8 of its buffer. */
export function columnOf<N extends ColumnName>(name: N, bytes: Uint8Array): Column<N> {
  const made = COLUMNS[name];
  if (made === 'names') return JSON.parse(Buffer.from(bytes).toString('utf8')) as Column<N>;
  return new made(
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    bytes.byteLength / made.BYTES_PER_ELEMENT,
  ) as Column<N>;
}
