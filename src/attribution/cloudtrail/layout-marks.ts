import { ByteText } from './byte-text.ts';

/** Where a record begins: with its version, as CloudTrail writes it. */
export const BEGIN = 0;
export const TIME = 1;
export const READ_ONLY = 2;

const MARKS = ['{"eventVersion":"', '"eventTime":"', '"readOnly":'].map((text) => new ByteText(text));

/** Of a text, every other word of memory is looked at: eight bytes from one to the next, four that are compared. */
const WORD = 4;
const STEP = 2;
const STRIDE = WORD * STEP;
/**
 * By the hash of a word: which mark it may be of, and where in it (`mark * 16 + place + 1`). Wherever a mark of eleven
 * bytes or more stands in memory, it covers one of the words that are looked at, so eight words of each are known.
 */
const KNOWN = new Uint8Array(1 << 14);
for (const [mark, text] of MARKS.entries()) {
  const word = new Int32Array(1);
  for (let residue = 0; residue < STRIDE; residue++) {
    // The later of two, unless it holds what ends every member's name.
    const place = residue + STRIDE + WORD <= text.length - 2 ? residue + STRIDE : residue;
    text.bytes.copy(new Uint8Array(word.buffer), 0, place, place + WORD);
    KNOWN[hashOf(word[0] as number)] = mark * 16 + place + 1;
  }
}

/** Finds the marks of CloudTrail's layout, one after the other, in one pass over the bytes. */
export class LayoutMarks {
  readonly #view: DataView;
  readonly #words: Int32Array;
  readonly #last: number;
  readonly #offset: number;
  #word: number;
  /** Where the mark that was found last begins. */
  at = -1;

  constructor(bytes: Buffer, view: DataView) {
    this.#view = view;
    this.#offset = bytes.byteOffset;
    this.#words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >>> 2);
    this.#word = (bytes.byteOffset + WORD - 1) >>> 2;
    this.#last = (bytes.byteOffset + bytes.length) >>> 2;
  }

  /** Which mark stands next: BEGIN, TIME or READ_ONLY; -1 where none does. */
  next(): number {
    const words = this.#words;
    const last = this.#last;
    for (let i = wordOfMark(words, this.#word, last); i !== -1; i = wordOfMark(words, i + 2, last)) {
      const known = (KNOWN[hashOf(words[i] as number)] as number) - 1;
      const at = i * 4 - this.#offset - (known & 15);
      if (!(MARKS[known >> 4] as ByteText).standsAt(this.#view, at)) continue;
      this.#word = i + 2;
      this.at = at;
      return known >> 4;
    }
    this.#word = last;
    return -1;
  }
}

/** The next word that may be of a mark; -1 where there is none before `last`. */
function wordOfMark(words: Int32Array, from: number, last: number): number {
  const known = KNOWN;
  let i = from;
  // Four at a time, since most are of no mark.
  for (const most = last - 6; i < most; i += 8) {
    const some =
      (known[hashOf(words[i] as number)] as number) |
      (known[hashOf(words[i + 2] as number)] as number) |
      (known[hashOf(words[i + 4] as number)] as number) |
      (known[hashOf(words[i + 6] as number)] as number);
    if (some !== 0) break;
  }
  for (; i < last; i += 2) if (known[hashOf(words[i] as number)] !== 0) return i;
  return -1;
}

/** Knuth's multiplicative hash (The Art of Computer Programming, volume 3, section 6.4), its first fourteen bits. */
function hashOf(word: number): number {
  // No constants of the module: engines look those up each time, and here that would be most of the work.
  return Math.imul(word, -1640531535) >>> 18;
}
