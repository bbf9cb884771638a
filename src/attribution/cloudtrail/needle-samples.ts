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
    for (const lengths of [...this.#beginning.values(), ...this.#ending.values()]) lengths.sort((a, b) => a - b);
  }

  /** Where in a stretch a word of a text may stand, and the one after it: one bit for each distance from its beginning. */
  placesOf(word: number, next: number): number {
    const hash = this.#hash(word, next);
    return ((this.#known[hash >>> 3] as number) >>> (hash & 7)) & 1 ? (this.#places[hash] as number) : 0;
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
    const uses = this.#usesIn(bytes, needles);
    let from = 0;
    for (const { length } of needles) {
      const ending = from + length - this.stretch;
      const atEnd = this.#sumOf(uses, bytes, ending) < this.#sumOf(uses, bytes, from);
      const stretch = atEnd ? ending : from;
      for (let place = 0; place < this.#apart; place++) {
        const hash = this.#hashIn(bytes, stretch + place);
        this.#places[hash] = (this.#places[hash] as number) | (1 << place);
        this.#known[hash >>> 3] = (this.#known[hash >>> 3] as number) | (1 << (hash & 7));
        tell(wordIn(bytes, stretch + place));
      }
      if (atEnd) addLength(this.#ending, pairIn(bytes, from + length - 2), length);
      else addLength(this.#beginning, pairIn(bytes, from), length);
      from += length;
    }
  }

  /** By hash, how often such a sample stands at either end of a needle. */
  #usesIn(bytes: Buffer, needles: readonly string[]): Uint32Array {
    const uses = new Uint32Array(this.#places.length);
    const count = (stretch: number): void => {
      for (let place = 0; place < this.#apart; place++) {
        const hash = this.#hashIn(bytes, stretch + place);
        uses[hash] = (uses[hash] as number) + 1;
      }
    };
    let from = 0;
    for (const { length } of needles) {
      count(from);
      count(from + length - this.stretch);
      from += length;
    }
    return uses;
  }

  #sumOf(uses: Uint32Array, bytes: Buffer, stretch: number): number {
    let sum = 0;
    for (let place = 0; place < this.#apart; place++) sum += uses[this.#hashIn(bytes, stretch + place)] as number;
    return sum;
  }

  #hashIn(bytes: Buffer, at: number): number {
    return this.#hash(wordIn(bytes, at), this.#words === 2 ? wordIn(bytes, at + WORD) : 0);
  }

  #hash(word: number, next: number): number {
    return hashOf(this.#words === 2 ? hashOf(word) ^ next : word) >>> this.#shift;
  }
}

/** The word that begins at a byte, as memory has it. */
function wordIn(bytes: Buffer, at: number): number {
  return LITTLE_ENDIAN ? bytes.readInt32LE(at) : bytes.readInt32BE(at);
}

function addLength(lengths: Map<number, number[]>, pair: number, length: number): void {
  const known = lengths.get(pair);
  if (known === undefined) lengths.set(pair, [length]);
  else if (!known.includes(length)) known.push(length);
}
