/**
 * Finds the next place of a pattern, and asks for it once: places only move forward while the bytes are the same, and one
 * that lies beyond the record at hand is remembered for the next.
 */
export class Finder {
  readonly #before: Buffer;
  readonly #pattern: Buffer;
  #bytes: Buffer | undefined;
  #from = 0;
  #at = -1;

  /**
   * Looks for `before` and `pattern`, one after the other. Engines search for a pattern's first byte first: a pattern that
   * begins with a rare one is found several times faster, and quotes are everywhere in JSON.
   */
  constructor(before: string, pattern: string) {
    this.#before = Buffer.from(before);
    this.#pattern = Buffer.from(pattern);
  }

  /** Where `before` begins, at `from` or later; Infinity where it does not. */
  next(bytes: Buffer, from: number): number {
    if (bytes !== this.#bytes || from < this.#from) {
      this.#bytes = bytes;
      this.#at = -1;
    }
    this.#from = from;
    if (this.#at < from) this.#at = this.#search(bytes, from);
    return this.#at;
  }

  #search(bytes: Buffer, from: number): number {
    const ahead = this.#before.length;
    for (let at = from + ahead; ; at++) {
      at = bytes.indexOf(this.#pattern, at);
      if (at === -1) return Number.POSITIVE_INFINITY;
      if (ahead === 0 || bytes.compare(this.#before, 0, ahead, at - ahead, at) === 0) return at - ahead;
    }
  }
}
