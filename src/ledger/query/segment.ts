import { type Column, COLUMN_NAMES, type ColumnName, columnBytes, columnOf } from './columns.ts';

/** What is known of a segment before any of its columns is read. */
export interface SegmentOutline {
  /** Log index of its first entry. */
  readonly start: number;
  readonly count: number;
  /** The latest moment at which anything in it may have happened or was recorded, milliseconds; null: no end is known. */
  readonly latest: number | null;
  readonly latestRecorded: number | null;
  /** How many of its links are corrections. */
  readonly corrections: number;
}

/** A run of entries, column by column; a column is read when it is first asked for. */
export class Segment {
  readonly outline: SegmentOutline;
  readonly #source: (name: ColumnName) => Promise<Uint8Array>;
  readonly #kept = new Map<ColumnName, Promise<unknown>>();

  constructor(outline: SegmentOutline, source: (name: ColumnName) => Promise<Uint8Array>) {
    this.outline = outline;
    this.#source = source;
  }

  column<N extends ColumnName>(name: N): Promise<Column<N>> {
    const kept = this.#kept.get(name) ?? this.#source(name).then((bytes) => columnOf(name, bytes));
    this.#kept.set(name, kept);
    return kept as Promise<Column<N>>;
  }

  /** All columns as bytes, for writing. */
  async blocks(): Promise<{ readonly name: ColumnName; readonly bytes: Uint8Array }[]> {
    const reading = COLUMN_NAMES.map(async (name) => ({ name, bytes: columnBytes(await this.column(name)) }));
    return Promise.all(reading);
  }
}
