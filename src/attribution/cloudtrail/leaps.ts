/**
 * Tells where texts of two to six bytes may begin, and leaps over bytes that cannot be part of one. Source: S. Wu and
 * U. Manber, "A fast algorithm for multi-pattern searching" (1994).
 */
export class Leaps {
  /** How many bytes of each text are looked at: as many as the shortest has. */
  readonly #beginning: number;
  /** By two bytes: how far the search may leap when they stand where a text's beginning would end. */
  readonly #leaps: Uint8Array;

  /** One character for each byte. */
  constructor(texts: readonly string[]) {
    this.#beginning = Math.min(...texts.map(({ length }) => length));
    const most = this.#beginning - 1;
    this.#leaps = new Uint8Array(1 << 16).fill(most);
    for (const text of texts) {
      for (let i = 1; i <= most; i++) {
        const pair = (text.charCodeAt(i - 1) << 8) | text.charCodeAt(i);
        this.#leaps[pair] = Math.min(this.#leaps[pair] as number, most - i);
      }
    }
  }

  /** The next place, at `from` or later, where a text may begin that ends at `end` or before; -1 where there is none. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const leaps = this.#leaps;
    const back = this.#beginning - 1;
    for (let i = from + back; i < end; ) {
      const leap = leaps[((bytes[i - 1] as number) << 8) | (bytes[i] as number)] as number;
      if (leap === 0) return i - back;
      i += leap;
    }
    return -1;
  }
}
