import { endianness } from 'node:os';

/** What is sampled of a text at once: four bytes that begin at a multiple of four in memory. */
export const WORD = 4;
/** Words are known by this many bits of a hash: sparse enough, and small enough for a processor's cache. */
const LEAST_BITS = 12;
const MOST_BITS = 20;
/** In which order the bytes of a word lie in memory. */
const LITTLE_ENDIAN = endianness() === 'LE';

/** How many bytes hold a sample in any case, where samples lie `apart` bytes from each other. */
export function stretchOf(apart: number, words: 1 | 2): number {
  return apart - 1 + words * WORD;
}

/** How many bits of a hash tell so many words apart, mostly. */
export function bitsFor(words: number): number {
  return Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.ceil(Math.log2(words + 1)) + 5));
}

/** Knuth's multiplicative hash (The Art of Computer Programming, volume 3, section 6.4): its first bits are the best. */
export function hashOf(word: number): number {
  // No constant of the module: engines look those up each time, and here that would be most of the work.
  return Math.imul(word, -1640531535);
}

export function setBit(bits: Uint8Array, at: number): void {
  bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7));
}

export function hasBit(bits: Uint8Array, at: number): boolean {
  return (((bits[at >>> 3] as number) >>> (at & 7)) & 1) === 1;
}

/** Notes the length of a needle with the two bytes by which it is known; of each two, every length once, shortest first. */
export function addLength(lengths: Map<number, number[]>, pair: number, length: number): void {
  const known = lengths.get(pair);
  if (known === undefined) lengths.set(pair, [length]);
  else if (!known.includes(length)) known.splice(known.findLastIndex((one) => one < length) + 1, 0, length);
}

/** Two bytes as one number. */
export function pairIn(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/**
 * Samples of needles, and where in them they stand. A needle that stands in a text covers one sample of that text whole;
 * which part of it that is depends on where in memory it begins. So of each needle a stretch is kept that is long enough
 * for any: at its beginning or at its end, wherever it has less in common with the others. ARNs begin alike and names often
 * end alike; what all share stands in most records, and would have each of them compared.
 */
export class NeedleSamples {
  readonly stretch: number;
  readonly #apart: number;
  readonly #words: 1 | 2;
  /** By the hash of a sample: where in stretches it stands, one bit for each distance from their beginning. */
  readonly #places: Uint8Array;
  /** By the same hash, one bit: whether it stands anywhere. Asked first, since it is small. */
  readonly #known: Uint8Array;
  readonly #shift: number;
  /** Lengths of needles whose stretch is at their beginning: by their first two bytes, shortest first. */
  readonly #beginning = new Map<number, number[]>();
  /** Lengths of needles whose stretch is at their end: by their last two bytes, shortest first. */
  readonly #ending = new Map<number, number[]>();

  /**
   * `needles`: one character for each byte, none shorter than a stretch. `words`: how many a sample has. Of hexadecimal
   * digits there are few different words: ids are told apart by two. `tell` is called with the first word of each sample.
   */
  constructor(needles: readonly string[], apart: number, words: 1 | 2, tell: (word: number) => void) {
    this.stretch = stretchOf(apart, words);
    this.#apart = apart;
    this.#words = words;
    const bits = bitsFor(needles.length * apart);
    this.#shift = 32 - bits;
    this.#places = new Uint8Array(1 << bits);
    this.#known = new Uint8Array(1 << (bits - 3));
    this.#add(needles, tell);
  }

  /** Where in a stretch a word of a text may stand, and the one after it: one bit for each distance from its beginning. */
  placesOf(word: number, next: number): number {
    const hash = this.#hash(word, next);
    return hasBit(this.#known, hash) ? (this.#places[hash] as number) : 0;
  }

  /** Lengths of the needles that begin with two bytes and are known by how they begin. */
  beginningWith(pair: number): readonly number[] | undefined {
    return this.#beginning.get(pair);
  }

  /** Lengths of the needles that end with two bytes and are known by how they end. */
  endingWith(pair: number): readonly number[] | undefined {
    return this.#ending.get(pair);
  }

  #add(needles: readonly string[], tell: (word: number) => void): void {
    const bytes = Buffer.from(needles.join(''), 'latin1');
    const words = wordsOf(bytes);
    const hashes = words.map((word, at) => this.#hash(word, words[at + WORD] ?? 0));
    const uses = this.#usesIn(hashes, needles);
    const sum = (stretch: number): number => {
      let all = 0;
      for (let place = 0; place < this.#apart; place++) all += uses[hashes[stretch + place] as number] as number;
      return all;
    };
    let from = 0;
    for (const { length } of needles) {
      const ending = from + length - this.stretch;
      const atEnd = sum(ending) < sum(from);
      const stretch = atEnd ? ending : from;
      for (let place = 0; place < this.#apart; place++) {
        const hash = hashes[stretch + place] as number;
        this.#places[hash] = (this.#places[hash] as number) | (1 << place);
        setBit(this.#known, hash);
        tell(words[stretch + place] as number);
      }
      if (atEnd) addLength(this.#ending, pairIn(bytes, from + length - 2), length);
      else addLength(this.#beginning, pairIn(bytes, from), length);
      from += length;
    }
  }

  /** By hash, how often such a sample stands at either end of a needle. */
  #usesIn(hashes: Int32Array, needles: readonly string[]): Uint32Array {
    const uses = new Uint32Array(this.#places.length);
    let from = 0;
    for (const { length } of needles) {
      const ending = from + length - this.stretch;
      for (let place = 0; place < this.#apart; place++) {
        const [first, last] = [hashes[from + place] as number, hashes[ending + place] as number];
        uses[first] = (uses[first] as number) + 1;
        uses[last] = (uses[last] as number) + 1;
      }
      from += length;
    }
    return uses;
  }

  #hash(word: number, next: number): number {
    return hashOf(this.#words === 2 ? hashOf(word) ^ next : word) >>> this.#shift;
  }
}

/** The words that begin at each byte, as memory has them. */
function wordsOf(bytes: Buffer): Int32Array {
  const words = new Int32Array(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + WORD <= bytes.length; at++) words[at] = view.getInt32(at, LITTLE_ENDIAN);
  return words;
}
