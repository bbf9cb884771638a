import { type Sieve, Unfamiliar } from './sieve.ts';

/** No record of the log comes near: CloudTrail cuts them at 256 KB. */
export const LONGEST_RECORD = 1 << 20;

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
  #rest = '';
  #index = 0;
  #opened = false;

  constructor(sieve: Sieve) {
    this.#sieve = sieve;
  }

  /** Takes the next part of the file, as a byte string. */
  push(part: string): void {
    const text = this.#rest + part;
    let start = 0;
    if (!this.#opened) {
      if (text.length < OPENING.length + LOOK_AHEAD) {
        this.#rest = text;
        return;
      }
      if (!text.startsWith(OPENING) || !beginsRecord(text, OPENING.length)) throw new Unfamiliar();
      this.#opened = true;
      start = OPENING.length;
    }
    for (let next = text.indexOf(RECORD, start + 1); next !== -1; next = text.indexOf(RECORD, start + 1)) {
      if (next + LOOK_AHEAD > text.length) break;
      if (text[next - 1] !== ',' || text[next - 2] !== '}' || !beginsRecord(text, next)) throw new Unfamiliar();
      this.#sieve.glance(text, start, next - 1, this.#index++);
      start = next;
    }
    if (text.length - start > LONGEST_RECORD) throw new Unfamiliar();
    this.#rest = text.slice(start);
  }

  /** Takes the last record. */
  end(): void {
    const text = this.#rest.trimEnd();
    if (!this.#opened || !text.endsWith('}]}')) throw new Unfamiliar();
    // What looked like a record when the text ended, and was put off, is none.
    if (text.includes(RECORD, 1)) throw new Unfamiliar();
    this.#sieve.glance(text, 0, text.length - 2, this.#index);
  }
}

function beginsRecord(text: string, at: number): boolean {
  if (!text.startsWith(RECORD, at)) return false;
  const version = text.indexOf('"', at + RECORD.length);
  return version < at + RECORD.length + 8 && text.startsWith(SECOND, version + 2);
}
