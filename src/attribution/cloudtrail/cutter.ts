import { Finder } from './finder.ts';
import { type Sieve, Unfamiliar } from './sieve.ts';

/** No record of the log comes near: CloudTrail cuts them at 256 KB. */
export const LONGEST_RECORD = 1 << 20;

/**
 * How much is looked at together. Engines make and drop texts of this length at next to no cost; those of twice the
 * length take five times as long for each byte.
 */
const SPAN = 1 << 16;

const OPENING = '{"Records":[';
const RECORD = '{"eventVersion":"';
const SECOND = '"userIdentity":{';
/** How far a version and the member after it reach. */
const LOOK_AHEAD = RECORD.length + 10 + SECOND.length;

/**
 * Cuts a log file into its records where CloudTrail's own layout shows them, without parsing: one line, each record
 * beginning with its version and the caller. Throws Unfamiliar for any other layout, and wherever something looks like
 * the beginning of a record that is none: then nothing of what was seen so far may be used.
 */
export class Cutter {
  readonly #sieve: Sieve;
  readonly #begin = new Finder('{"event', 'Version":"');
  /** What is looked at: the rest of what was looked at before, and as much again as a span. */
  #bytes = Buffer.alloc(4 * SPAN);
  #length = 0;
  #index = 0;
  #opened = false;

  constructor(sieve: Sieve) {
    this.#sieve = sieve;
  }

  /** Takes the next part of the file. */
  push(part: Buffer): void {
    for (let at = 0; at < part.length; at += SPAN) this.#look(part.subarray(at, at + SPAN));
  }

  /** Takes the last record. */
  end(): void {
    const bytes = this.#bytes.subarray(0, this.#length);
    const text = bytes.toString('latin1').trimEnd();
    if (!this.#opened || !text.endsWith('}]}')) throw new Unfamiliar();
    // What looked like a record when the text ended, and was put off, is none.
    if (text.includes(RECORD, 1)) throw new Unfamiliar();
    this.#sieve.glance({ text, bytes, start: 0, end: text.length - 2, index: this.#index });
  }

  #look(part: Buffer): void {
    this.#append(part);
    const bytes = this.#bytes.subarray(0, this.#length);
    const text = bytes.toString('latin1');
    let start = 0;
    if (!this.#opened) {
      if (text.length < OPENING.length + LOOK_AHEAD) return;
      if (!text.startsWith(OPENING) || !beginsRecord(text, OPENING.length)) throw new Unfamiliar();
      this.#opened = true;
      start = OPENING.length;
    }
    for (let next = this.#begin.next(text, start + 1); next < text.length; next = this.#begin.next(text, start + 1)) {
      if (next + LOOK_AHEAD > text.length) break;
      if (text[next - 1] !== ',' || text[next - 2] !== '}' || !beginsRecord(text, next)) throw new Unfamiliar();
      this.#sieve.glance({ text, bytes, start, end: next - 1, index: this.#index++ });
      start = next;
    }
    this.#length -= start;
    this.#bytes.copyWithin(0, start, start + this.#length);
  }

  #append(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > LONGEST_RECORD + SPAN) throw new Unfamiliar();
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * length);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = length;
  }
}

function beginsRecord(text: string, at: number): boolean {
  if (!text.startsWith(RECORD, at)) return false;
  const version = text.indexOf('"', at + RECORD.length);
  return version < at + RECORD.length + 8 && text.startsWith(SECOND, version + 2);
}
