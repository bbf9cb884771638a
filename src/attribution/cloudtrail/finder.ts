/**
 * Finds the next place of a pattern, and asks for it once: places only move forward while the text is the same, and one
 * that lies beyond the record at hand is remembered for the next.
 */
export class Finder {
  readonly #before: string;
  readonly #pattern: string;
  #text = '';
  #from = 0;
  #at = -1;

  /**
   * Looks for `before` and `pattern`, one after the other. Engines search for a pattern's first character first: a
   * pattern that begins with a rare one is found several times faster, and quotes are everywhere in JSON.
   */
  constructor(before: string, pattern: string) {
    this.#before = before;
    this.#pattern = pattern;
  }

  /** Where `before` begins, at `from` or later; Infinity where it does not. */
  next(text: string, from: number): number {
    // The same object, as a rule: then this compares no characters.
    if (text !== this.#text || from < this.#from) {
      this.#text = text;
      this.#at = -1;
    }
    this.#from = from;
    if (this.#at < from) this.#at = this.#search(text, from);
    return this.#at;
  }

  #search(text: string, from: number): number {
    const ahead = this.#before.length;
    for (let at = from + ahead; ; at++) {
      at = text.indexOf(this.#pattern, at);
      if (at === -1) return Number.POSITIVE_INFINITY;
      if (text.startsWith(this.#before, at - ahead)) return at - ahead;
    }
  }
}
