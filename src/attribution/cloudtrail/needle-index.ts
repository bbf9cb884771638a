/** Longer beginnings would make no longer leaps: texts of a log are not that long. */
const LONGEST_BEGINNING = 32;

/**
 * Finds out whether any of many texts stands in a longer one, at word boundaries: `sg-1` is in `a/sg-1:b`, not in
 * `sg-12`. One pass over the bytes of the text, whether there are ten needles or a hundred thousand; it leaps over bytes
 * that cannot be part of a needle. Source: S. Wu and U. Manber, "A fast algorithm for multi-pattern searching" (1994).
 */
export class NeedleIndex {
  /** One character for each byte of UTF-8. */
  readonly #needles = new Set<string>();
  /** By the first two bytes of needles: the lengths of all that begin so, shortest first. */
  readonly #lengths = new Map<number, number[]>();
  /** How many bytes of each needle are looked at first: as many as the shortest has. */
  readonly #beginning: number;
  /** By two bytes of the text: how far the search may leap when they stand where a needle's beginning would end. */
  readonly #leaps: Uint8Array;

  /** Needles of a single byte are left out: they stand everywhere. */
  constructor(needles: Iterable<string>) {
    let shortest = LONGEST_BEGINNING;
    for (const needle of needles) shortest = Math.min(shortest, this.#add(byteText(needle)));
    this.#beginning = shortest;
    this.#leaps = new Uint8Array(1 << 16).fill(shortest - 1);
    for (const needle of this.#needles) {
      for (let i = 1; i < shortest; i++) {
        const pair = pairAt(needle, i - 1);
        this.#leaps[pair] = Math.min(this.#leaps[pair] as number, shortest - 1 - i);
      }
    }
    for (const lengths of this.#lengths.values()) lengths.sort((a, b) => a - b);
  }

  /** Gives the needle's length, or no bound where it is left out. */
  #add(needle: string): number {
    if (needle.length < 2) return LONGEST_BEGINNING;
    this.#needles.add(needle);
    const pair = pairAt(needle, 0);
    const lengths = this.#lengths.get(pair);
    if (lengths === undefined) this.#lengths.set(pair, [needle.length]);
    else if (!lengths.includes(needle.length)) lengths.push(needle.length);
    return needle.length;
  }

  /** Whether any needle stands in UTF-8 between `start` and `end`. */
  occursIn(bytes: Uint8Array, start: number, end: number): boolean {
    const leaps = this.#leaps;
    const back = this.#beginning - 1;
    for (let i = start + back; i < end; ) {
      const leap = leaps[((bytes[i - 1] as number) << 8) | (bytes[i] as number)] as number;
      if (leap > 0) {
        i += leap;
      } else {
        if (this.#standsAt(bytes, i - back, start, end)) return true;
        i++;
      }
    }
    return false;
  }

  /** Whether a text is a needle, as a whole and in ASCII: a quick answer that is often enough. */
  has(text: string): boolean {
    return this.#needles.has(text) && isAscii(text);
  }

  /** Whether any needle stands in a text. */
  occursInText(text: string): boolean {
    if (text.length * 3 < this.#beginning) return false;
    const bytes = Buffer.from(text, 'utf8');
    return this.occursIn(bytes, 0, bytes.length);
  }

  #standsAt(bytes: Uint8Array, at: number, start: number, end: number): boolean {
    if (!boundary(bytes, at, start, end)) return false;
    const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    for (const length of this.#lengths.get(pair) ?? []) {
      if (at + length > end) return false;
      if (boundary(bytes, at + length, start, end) && this.#needles.has(textOf(bytes, at, at + length))) return true;
    }
    return false;
  }
}

function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 8) | text.charCodeAt(at + 1);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** One character for each byte of the text's UTF-8. */
function byteText(text: string): string {
  // Most identifiers are ASCII: they are their own bytes.
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Letters, digits, `-`, `_` and all that is not ASCII: what names are made of. */
const WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x80 || /[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether a name can begin or end between the byte before `at` and the one at it. */
function boundary(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  return at <= start || at >= end || WORD[bytes[at - 1] as number] === 0 || WORD[bytes[at] as number] === 0;
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
