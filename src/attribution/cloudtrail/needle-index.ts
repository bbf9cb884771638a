/**
 * Finds out whether any of many texts stands in a longer one, at word boundaries: `sg-1` is in `a/sg-1:b`, not in
 * `sg-12`. One pass over the text, whether there are ten needles or a hundred thousand.
 *
 * Works on byte strings: one character for each byte of UTF-8 (latin1), so that a log need not be decoded to be searched.
 */
export class NeedleIndex {
  readonly #needles = new Set<string>();
  /** By the first bytes of a needle: the lengths of all that begin so. */
  readonly #lengths = new Map<number, number[]>();
  /** One bit's worth for each hash of first bytes: most places of a text are done with after one look here. */
  readonly #begins = new Uint8Array(1 << 16);
  /** How many first bytes are looked at: 4, or fewer where a needle is shorter. */
  readonly #width: number;
  readonly #mask: number;

  constructor(needles: Iterable<string>) {
    for (const needle of needles) if (needle !== '') this.#needles.add(byteText(needle));
    let shortest = 4;
    for (const needle of this.#needles) shortest = Math.min(shortest, needle.length);
    this.#width = shortest;
    this.#mask = shortest === 4 ? -1 : (1 << (8 * shortest)) - 1;
    for (const needle of this.#needles) this.#add(needle);
    for (const lengths of this.#lengths.values()) lengths.sort((a, b) => a - b);
  }

  #add(needle: string): void {
    let begin = 0;
    for (let i = 0; i < this.#width; i++) begin = (begin << 8) | needle.charCodeAt(i);
    const lengths = this.#lengths.get(begin);
    if (lengths === undefined) this.#lengths.set(begin, [needle.length]);
    else if (!lengths.includes(needle.length)) lengths.push(needle.length);
    this.#begins[hashOf(begin)] = 1;
  }

  /** Whether any needle stands between `start` and `end` of a byte string. */
  occursIn(text: string, start = 0, end = text.length): boolean {
    if (this.#needles.size === 0) return false;
    const begins = this.#begins;
    const mask = this.#mask;
    const back = this.#width - 1;
    let last = 0;
    for (let i = start; i < end; i++) {
      last = (last << 8) | text.charCodeAt(i);
      const begin = last & mask;
      if (begins[hashOf(begin)] === 1 && i - back >= start && this.#standsAt(text, i - back, start, end, begin)) {
        return true;
      }
    }
    return false;
  }

  #standsAt(text: string, at: number, start: number, end: number, begin: number): boolean {
    if (!boundary(text, at, start, end)) return false;
    for (const length of this.#lengths.get(begin) ?? []) {
      if (at + length > end) return false;
      if (boundary(text, at + length, start, end) && this.#needles.has(text.slice(at, at + length))) return true;
    }
    return false;
  }
}

/** One character for each byte of the text's UTF-8. */
export function byteText(text: string): string {
  // Most identifiers are ASCII: they are their own bytes.
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function hashOf(begin: number): number {
  return Math.imul(begin, 0x9e3779b1) >>> 16;
}

/** Letters, digits, `-`, `_` and all that is not ASCII: what names are made of. */
const WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x80 || /[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether a name can begin or end between the character before `at` and the one at it. */
function boundary(text: string, at: number, start: number, end: number): boolean {
  return at <= start || at >= end || WORD[text.charCodeAt(at - 1)] === 0 || WORD[text.charCodeAt(at)] === 0;
}
