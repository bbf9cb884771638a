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
  /** A record that has begun and not ended. */
  #rest = Buffer.alloc(0);
  #index = 0;
  #opened = false;

  constructor(sieve: Sieve) {
    this.#sieve = sieve;
  }

  /** Takes the next part of the file. */
  push(part: Buffer): void {
    let at = 0;
    if (this.#rest.length > 0) {
      const head = Buffer.concat([this.#rest, part.subarray(0, SPAN)]);
      at = this.#look(head) - this.#rest.length;
      if (at < 0) {
        // Nothing in it ended after what was there before.
        this.#keep(head.subarray(at + this.#rest.length));
        if (part.length > SPAN) this.push(part.subarray(SPAN));
        return;
      }
    }
    for (let length = SPAN; at < part.length; ) {
      const end = at + length;
      const done = this.#look(part.subarray(at, end));
      at += done;
      if (end >= part.length) break;
      // Nothing done: a record that is longer than what was looked at.
      length = done === 0 ? 2 * length : SPAN;
    }
    this.#keep(part.subarray(at));
  }

  /** Takes the last record. */
  end(): void {
    const bytes = this.#rest;
    const text = bytes.toString('latin1').trimEnd();
    if (!this.#opened || !text.endsWith('}]}')) throw new Unfamiliar();
    // What looked like a record when the text ended, and was put off, is none.
    if (text.includes(RECORD, 1)) throw new Unfamiliar();
    this.#sieve.glance({ text, bytes, start: 0, end: text.length - 2, index: this.#index });
  }

  #keep(bytes: Buffer): void {
    if (bytes.length > LONGEST_RECORD) throw new Unfamiliar();
    this.#rest = Buffer.from(bytes);
  }

  /** Looks at what begins with a record, or with the file. Gives how much of it is done with. */
  #look(bytes: Buffer): number {
    const text = bytes.toString('latin1');
    let start = 0;
    if (!this.#opened) {
      if (text.length < OPENING.length + LOOK_AHEAD) return 0;
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
    return start;
  }
}

function beginsRecord(text: string, at: number): boolean {
  if (!text.startsWith(RECORD, at)) return false;
  const version = text.indexOf('"', at + RECORD.length);
  return version < at + RECORD.length + 8 && text.startsWith(SECOND, version + 2);
}
