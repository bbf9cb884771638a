import { Leaps } from './leaps.ts';
import {
  addLength,
  bitsFor,
  hasBit,
  hashOf,
  NeedleSamples,
  pairIn,
  setBit,
  stretchOf,
  WORD,
} from './needle-samples.ts';

/** Shorter needles may hold no sampled word. */
const SAMPLED = stretchOf(WORD, 1);
/** From this length on every second word is enough. */
const SELDOM = stretchOf(2 * WORD, 1);

/**
 * Finds out whether any of many texts stands in a longer one, at word boundaries: `sg-1` is in `a/sg-1:b`, not in
 * `sg-12`. One pass over the text, whether there are ten needles or a hundred thousand: of every four or eight bytes one
 * word is looked at, since a needle that stands anywhere covers one of them whole. Few words are of a needle, and only
 * there the text is compared.
 */
export class NeedleIndex {
  /** One character for each byte of UTF-8. */
  readonly #needles = new Set<string>();
  /** Lengths of short needles, by their first two bytes, shortest first. */
  readonly #short = new Map<number, number[]>();
  readonly #leaps: Leaps | undefined;
  /** How far apart the sampled words are, in words; 0: no needle is long enough to be sampled. */
  readonly #step: number;
  readonly #byOne: NeedleSamples;
  readonly #byTwo: NeedleSamples;
  /** By the hash of a word, one bit: whether it may begin a sample. As small as can be, for the processor's cache. */
  readonly #begins: Uint8Array;
  readonly #shift: number;
  #words: Int32Array = new Int32Array(0);

  /** Needles of a single byte are left out: they stand everywhere. */
  constructor(needles: Iterable<string>) {
    for (const needle of needles) {
      const bytes = byteText(needle);
      if (bytes.length > 1) this.#needles.add(bytes);
    }
    const all = [...this.#needles];
    const long = all.filter((needle) => needle.length >= SAMPLED);
    this.#leaps = this.#leapsOf(all.filter((needle) => needle.length < SAMPLED));
    const step = long.every((needle) => needle.length >= SELDOM) ? 2 : 1;
    this.#step = long.length === 0 ? 0 : step;
    const apart = step * WORD;
    const bits = bitsFor(long.length * apart);
    this.#begins = new Uint8Array(1 << (bits - 3));
    this.#shift = 32 - bits;
    const tell = (word: number): void => setBit(this.#begins, hashOf(word) >>> this.#shift);
    const isByTwo = (needle: string): boolean => needle.length >= stretchOf(apart, 2);
    this.#byOne = new NeedleSamples(
      long.filter((needle) => !isByTwo(needle)),
      apart,
      1,
      tell,
    );
    this.#byTwo = new NeedleSamples(long.filter(isByTwo), apart, 2, tell);
  }

  #leapsOf(short: readonly string[]): Leaps | undefined {
    for (const needle of short) addLength(this.#short, pairIn(Buffer.from(needle, 'latin1'), 0), needle.length);
    return short.length > 0 ? new Leaps(short) : undefined;
  }

  /** Whether any needle stands in UTF-8 between `start` and `end`. */
  occursIn(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      (this.#step > 0 && this.#sampledIn(bytes, start, end)) ||
      (this.#leaps !== undefined && this.#shortIn(bytes, start, end, this.#leaps))
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
    const begins = this.#begins;
    const shift = this.#shift;
    const step = this.#step;
    const base = bytes.byteOffset;
    const last = Math.min((base + end) >>> 2, words.length);
    for (let i = (base + start + 3) >>> 2; i < last; i += step) {
      const hash = hashOf(words[i] as number) >>> shift;
      if (hasBit(begins, hash) && this.#standsAbout(bytes, i, start, end)) return true;
    }
    return false;
  }

  #shortIn(bytes: Uint8Array, start: number, end: number, leaps: Leaps): boolean {
    for (let at = leaps.next(bytes, start, end); at !== -1; at = leaps.next(bytes, at + 1, end)) {
      if (this.#beginsAt(bytes, at, start, end, this.#short.get(pairIn(bytes, at)))) return true;
    }
    return false;
  }

  /** Whether a needle stands so that the word `i` of memory begins one of its samples. */
  #standsAbout(bytes: Uint8Array, i: number, start: number, end: number): boolean {
    const word = this.#words[i] as number;
    const next = i + 1 < this.#words.length ? (this.#words[i + 1] as number) : 0;
    const two = this.#byTwo.placesOf(word, next);
    const one = this.#byOne.placesOf(word, next);
    const at = i * WORD - bytes.byteOffset;
    return (
      (two !== 0 && this.#hasSample(bytes, at, this.#byTwo, two, start, end)) ||
      (one !== 0 && this.#hasSample(bytes, at, this.#byOne, one, start, end))
    );
  }

  #hasSample(bytes: Uint8Array, at: number, of: NeedleSamples, places: number, start: number, end: number): boolean {
    for (let place = 0; places >> place !== 0; place++) {
      if (((places >> place) & 1) === 0) continue;
      const from = at - place;
      const to = from + of.stretch;
      if (from < start || to > end) continue;
      if (this.#beginsAt(bytes, from, start, end, of.beginningWith(pairIn(bytes, from)))) return true;
      if (this.#endsAt(bytes, to, start, end, of.endingWith(pairIn(bytes, to - 2)))) return true;
    }
    return false;
  }

  #beginsAt(
    bytes: Uint8Array,
    at: number,
    start: number,
    end: number,
    lengths: readonly number[] | undefined,
  ): boolean {
    if (lengths === undefined || !boundary(bytes, at, start, end)) return false;
    for (const length of lengths) {
      if (at + length > end) return false;
      if (boundary(bytes, at + length, start, end) && this.#needles.has(textOf(bytes, at, at + length))) return true;
    }
    return false;
  }

  #endsAt(bytes: Uint8Array, at: number, start: number, end: number, lengths: readonly number[] | undefined): boolean {
    if (lengths === undefined || !boundary(bytes, at, start, end)) return false;
    for (const length of lengths) {
      if (at - length < start) return false;
      if (boundary(bytes, at - length, start, end) && this.#needles.has(textOf(bytes, at - length, at))) return true;
    }
    return false;
  }

  /** The memory as words. Parts of a file and short texts share theirs with those before. */
  #wordsOf(memory: ArrayBufferLike): Int32Array {
    if (this.#words.buffer !== memory) this.#words = new Int32Array(memory, 0, memory.byteLength >>> 2);
    return this.#words;
  }
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
