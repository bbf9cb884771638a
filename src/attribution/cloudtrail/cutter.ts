import { ByteText, viewOf } from './byte-text.ts';
import { BEGIN, LayoutMarks, READ_ONLY, TIME } from './layout-marks.ts';
import { SEVERAL, type Sieve, Unfamiliar } from './sieve.ts';

/** No record of the log comes near: CloudTrail cuts them at 256 KB. */
export const LONGEST_RECORD = 1 << 20;

/** How much of the next part is first put behind a record that has begun, so that it ends: most are shorter. */
const ENDING = 1 << 13;

const OPENING = new ByteText('{"Records":[');
const CLOSING = /\]\}\s*$/;
const RECORD = new ByteText('{"eventVersion":"');
const SECOND = new ByteText('"userIdentity":{');
/** How far a version and the member after it reach. */
const LOOK_AHEAD = RECORD.length + 10 + SECOND.length;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACE = 0x7d;

/**
 * Cuts a log file into its records where CloudTrail's own layout shows them, without parsing: one line, each record
 * beginning with its version and the caller. Throws Unfamiliar for any other layout, and wherever something looks like
 * the beginning of a record that is none: then nothing of what was seen so far may be used.
 */
export class Cutter {
  readonly #sieve: Sieve;
  /** A record that has begun and not ended. */
  #rest: Buffer = Buffer.alloc(0);
  #index = 0;
  #opened = false;
  /** Where the members of the record at hand stand, as Cut has them. */
  #time = -1;
  #readOnly = -1;

  constructor(sieve: Sieve) {
    this.#sieve = sieve;
  }

  /** Takes the next part of the file. */
  push(part: Buffer): void {
    const at = this.#rest.length === 0 ? 0 : this.#endRest(part);
    if (at === part.length) return;
    const bytes = part.subarray(at);
    this.#keep(bytes.subarray(this.#look(bytes, bytes.length)));
  }

  /** Looks at the record that has begun, with as much of the next part as it needs. Gives where in it to go on. */
  #endRest(part: Buffer): number {
    for (let length = ENDING; ; length *= 2) {
      const rest = this.#rest;
      const bytes = Buffer.concat([rest, part.subarray(0, length)]);
      const done = this.#look(bytes, rest.length);
      if (done > 0 && done >= rest.length) return done - rest.length;
      if (length >= part.length) {
        this.#keep(bytes.subarray(done));
        return part.length;
      }
      this.#rest = rest.subarray(done);
    }
  }

  /** Takes the last record. */
  end(): void {
    const bytes = this.#rest;
    const closing = CLOSING.exec(bytes.toString('latin1', Math.max(0, bytes.length - 64)));
    if (!this.#opened || closing === null) throw new Unfamiliar();
    const end = bytes.length - closing[0].length;
    const view = viewOf(bytes);
    this.#forget();
    const marks = new LayoutMarks(bytes, view);
    for (let mark = marks.next(); mark !== -1; mark = marks.next()) {
      // What looked like a record when the text ended, and was put off, is none.
      if (mark === BEGIN && marks.at > 0) throw new Unfamiliar();
      this.#note(mark, marks.at);
    }
    this.#glance(bytes, view, 0, end);
  }

  #keep(bytes: Buffer): void {
    if (bytes.length > LONGEST_RECORD) throw new Unfamiliar();
    this.#rest = Buffer.from(bytes);
  }

  /**
   * Looks at the records of bytes that begin with one, or with the file, until one begins at `enough` or later. Gives how
   * much is done with.
   */
  #look(bytes: Buffer, enough: number): number {
    const view = viewOf(bytes);
    let start = 0;
    if (!this.#opened) {
      if (bytes.length < OPENING.length + LOOK_AHEAD) return 0;
      if (!OPENING.standsAt(view, 0) || !RECORD.standsAt(view, OPENING.length)) throw new Unfamiliar();
      if (!beginsRecord(bytes, view, OPENING.length)) throw new Unfamiliar();
      this.#opened = true;
      start = OPENING.length;
    }
    this.#forget();
    const marks = new LayoutMarks(bytes, view);
    for (let mark = marks.next(); mark !== -1; mark = marks.next()) {
      const { at } = marks;
      this.#note(mark, at);
      if (mark !== BEGIN || at === start) continue;
      if (at + LOOK_AHEAD > bytes.length) break;
      if (bytes[at - 1] !== COMMA || !beginsRecord(bytes, view, at)) throw new Unfamiliar();
      this.#glance(bytes, view, start, at - 1);
      start = at;
      if (start >= enough) break;
    }
    return start;
  }

  #note(mark: number, at: number): void {
    if (mark === READ_ONLY) this.#readOnly = this.#readOnly === -1 ? at : SEVERAL;
    if (mark !== TIME) return;
    // Two times: this is more than one record, or one that holds another.
    if (this.#time !== -1) throw new Unfamiliar();
    this.#time = at;
  }

  #glance(bytes: Buffer, view: DataView, start: number, end: number): void {
    if (bytes[end - 1] !== BRACE) throw new Unfamiliar();
    this.#sieve.glance({ bytes, view, start, end, index: this.#index++, time: this.#time, readOnly: this.#readOnly });
    this.#forget();
  }

  #forget(): void {
    this.#time = -1;
    this.#readOnly = -1;
  }
}

function beginsRecord(bytes: Buffer, view: DataView, at: number): boolean {
  let version = at + RECORD.length;
  for (const most = version + 8; version < most && bytes[version] !== QUOTE; ) version++;
  return SECOND.standsAt(view, version + 2);
}
