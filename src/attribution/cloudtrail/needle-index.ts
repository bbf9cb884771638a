import { endianness } from 'node:os';
import { Leaps } from './leaps.ts';

/** What is sampled of a text at once: four bytes that begin at a multiple of four in memory. */
const WORD = 4;
/** Shorter needles may hold no sampled word. */
const SAMPLED = 2 * WORD - 1;
/** From this length on every second word is enough. */
const SELDOM = 3 * WORD - 1;
/** Words of needles are known by this many bits of a hash: sparse enough, and small enough for a processor's cache. */
const LEAST_BITS = 12;
const MOST_BITS = 20;
/** In which order the bytes of a word lie in memory. */
const LITTLE_ENDIAN = endianness() === 'LE';

/**
 * Finds out whether any of many texts stands in a longer one, at word boundaries: `sg-1` is in `a/sg-1:b`, not in
 * `sg-12`. One pass over the text, whether there are ten needles or a hundred thousand: of every four or eight bytes one
 * word is looked at, since a needle that stands anywhere covers one of them whole. Few words are of a needle, and only
 * there the text is compared.
 */
export class NeedleIndex {
  /** One character for each byte of UTF-8. */
  readonly #needles = new Set<string>();
  /** By the first two bytes of needles: the lengths of all that begin so, shortest first. */
  readonly #lengths = new Map<number, number[]>();
  readonly #short: Leaps | undefined;
  /** How far apart the sampled words are, in words; 0: no needle is long enough to be sampled. */
  readonly #step: number;
  /** By the hash of a word: where in needles it stands, one bit for each distance from their beginning. */
  readonly #places: Uint8Array;
  readonly #shift: number;
  #words: Int32Array = new Int32Array(0);

  /** Needles of a single byte are left out: they stand everywhere. */
  constructor(needles: Iterable<string>) {
    for (const needle of needles) this.#add(byteText(needle));
    for (const lengths of this.#lengths.values()) lengths.sort((a, b) => a - b);
    const long = [...this.#needles].filter((needle) => needle.length >= SAMPLED);
    const short = [...this.#needles].filter((needle) => needle.length < SAMPLED);
    this.#short = short.length > 0 ? new Leaps(short) : undefined;
    this.#step = long.length === 0 ? 0 : long.every((needle) => needle.length >= SELDOM) ? 2 : 1;
    const bits = Math.min(
      MOST_BITS,
      Math.max(LEAST_BITS, Math.ceil(Math.log2(long.length * WORD * this.#step + 1)) + 5),
    );
    this.#shift = 32 - bits;
    this.#places = new Uint8Array(1 << bits);
    for (const needle of long) this.#sample(needle);
  }

  #add(needle: string): void {
    if (needle.length < 2) return;
    this.#needles.add(needle);
    const pair = pairAt(needle, 0);
    const lengths = this.#lengths.get(pair);
    if (lengths === undefined) this.#lengths.set(pair, [needle.length]);
    else if (!lengths.includes(needle.length)) lengths.push(needle.length);
  }

  #sample(needle: string): void {
    const bytes = Buffer.from(needle, 'latin1');
    for (let place = 0; place < WORD * this.#step; place++) {
      const hash = hashOf(LITTLE_ENDIAN ? bytes.readInt32LE(place) : bytes.readInt32BE(place)) >>> this.#shift;
      this.#places[hash] = (this.#places[hash] as number) | (1 << place);
    }
  }

  /** Whether any needle stands in UTF-8 between `start` and `end`. */
  occursIn(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      (this.#step > 0 && this.#sampledIn(bytes, start, end)) ||
      (this.#short !== undefined && this.#shortIn(bytes, start, end, this.#short))
    );
  }

  /** Whether a text is a needle, as a whole and in ASCII: a quick answer that is often enough. */
  has(text: string): boolean {
    return this.#needles.has(text) && isAscii(text);
  }

  /** Whether any needle stands in a text. */
  occursInText(text: string): boolean {
    if (this.#needles.size === 0) return false;
    const bytes = Buffer.from(text, 'utf8');
    return this.occursIn(bytes, 0, bytes.length);
  }

  #sampledIn(bytes: Uint8Array, start: number, end: number): boolean {
    const words = this.#wordsOf(bytes.buffer);
    const places = this.#places;
    const shift = this.#shift;
    const step = this.#step;
    const base = bytes.byteOffset;
    const last = Math.min((base + end) >>> 2, words.length);
    for (let i = (base + start + 3) >>> 2; i < last; i += step) {
      const known = places[hashOf(words[i] as number) >>> shift] as number;
      if (known !== 0 && this.#standsAbout(bytes, i * 4 - base, known, start, end)) return true;
    }
    return false;
  }

  #shortIn(bytes: Uint8Array, start: number, end: number, leaps: Leaps): boolean {
    for (let at = leaps.next(bytes, start, end); at !== -1; at = leaps.next(bytes, at + 1, end)) {
      if (this.#standsAt(bytes, at, start, end)) return true;
    }
    return false;
  }

  /** Whether a needle stands so that the word at `at` is one of the given places in it. */
  #standsAbout(bytes: Uint8Array, at: number, places: number, start: number, end: number): boolean {
    for (let place = 0; places >> place !== 0; place++) {
      if ((places >> place) & 1 && this.#standsAt(bytes, at - place, start, end)) return true;
    }
    return false;
  }

  #standsAt(bytes: Uint8Array, at: number, start: number, end: number): boolean {
    if (at < start || !boundary(bytes, at, start, end)) return false;
    const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    for (const length of this.#lengths.get(pair) ?? []) {
      if (at + length > end) return false;
      if (boundary(bytes, at + length, start, end) && this.#needles.has(textOf(bytes, at, at + length))) return true;
    }
    return false;
  }

  /** The memory as words. Parts of a file and short texts share theirs with those before. */
  #wordsOf(memory: ArrayBufferLike): Int32Array {
    if (this.#words.buffer !== memory) this.#words = new Int32Array(memory, 0, memory.byteLength >>> 2);
    return this.#words;
  }
}

/** Knuth's multiplicative hash (The Art of Computer Programming, volume 3, section 6.4): its first bits are the best. */
function hashOf(word: number): number {
  // No constant of the module: engines look those up each time, and here that would be most of the work.
  return Math.imul(word, -1640531535);
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
const OF_NAMES = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x80 || /[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether a name can begin or end between the byte before `at` and the one at it. */
function boundary(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  return at <= start || at >= end || OF_NAMES[bytes[at - 1] as number] === 0 || OF_NAMES[bytes[at] as number] === 0;
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
