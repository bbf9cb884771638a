/** Files of an export, piece by piece: pieces of one file follow each other. */
export interface ExportPiece {
  readonly file: string;
  readonly content: string | Uint8Array;
}

/** Entries that the export does not carry, how many, and why. */
export interface LeftOut {
  /** Kind of entry, or `erased`. */
  readonly what: string;
  readonly count: number;
  readonly why: string;
}

/** Counts what goes into an export and what stays out of it: nothing is left out in silence. */
export class Tally {
  /** Entries that the selection named. */
  selected = 0;
  /** Entries that the export carries. */
  exported = 0;
  readonly #leftOut = new Map<string, { count: number; why: string }>();

  leaveOut(what: string, why: string): void {
    const known = this.#leftOut.get(what) ?? { count: 0, why };
    known.count++;
    this.#leftOut.set(what, known);
  }

  get leftOut(): LeftOut[] {
    return [...this.#leftOut].map(([what, { count, why }]) => ({ what, count, why }));
  }
}

/** Counts every entry that passes. */
export async function* counted<T>(entries: AsyncIterable<T>, tally: Tally): AsyncGenerator<T> {
  for await (const entry of entries) {
    tally.selected++;
    yield entry;
  }
}
