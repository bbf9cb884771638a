import { LONGEST_RECORD } from './cutter.ts';

/** Members of an outer object that hold a list of records: trail files, LookupEvents, CloudWatch Logs. */
const CONTAINER = /"(?:Records|Events|events|logEvents)"\s*:\s*$/;
/** What CloudWatch Logs puts before each line when it exports them. */
const TIMESTAMPS = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Nesting from which a unit is not even parsed. */
const DEEPEST_UNIT = 1000;

/** One object of a list, of a line, or the whole text. */
export interface Unit {
  readonly index: number;
  /** Byte string; undefined where the unit could not be taken, and `fault` says why. */
  readonly text: string | undefined;
  readonly fault?: string;
}

/**
 * Finds the objects in any layout of JSON by its brackets alone: a list, one object a line or after another, a single
 * object, or an object with a list of records in it. The whole text is never held, however long its lines are.
 */
export class UnitScanner {
  readonly #take: (unit: Unit) => void;
  #index = 0;
  #depth = 0;
  /** Depth at which units open; Infinity after a container's list, until its outer object ends. */
  #unitDepth = 0;
  #inString = false;
  #skip = false;
  #open = false;
  #deepest = 0;
  #held = '';
  #tooLong = false;
  #between = '';
  #stray = false;

  constructor(take: (unit: Unit) => void) {
    this.#take = take;
  }

  /** Takes the next part of the text, as a byte string. */
  push(part: string): void {
    let at = 0;
    /** From where on the part is not yet held or left behind. */
    let from = 0;
    if (this.#skip) {
      at = 1;
      this.#skip = false;
    }
    const mark = /["\\{}[\]]/g;
    const quote = /["\\]/g;
    while (at < part.length) {
      const pattern = this.#inString ? quote : mark;
      pattern.lastIndex = at;
      const sign = pattern.exec(part);
      if (sign === null) break;
      at = sign.index + 1;
      if (sign[0] === '\\' && this.#inString) at++;
      else if (sign[0] === '"') this.#inString = !this.#inString;
      else from = this.#bracket(sign[0], part, from, sign.index);
    }
    this.#skip = at > part.length;
    this.#hold(part, from, part.length);
  }

  /** Ends the text. Returns what was wrong with it as a whole, in words. `cut`: the source ended too early. */
  end(cut: boolean): readonly string[] {
    this.#settleBetween();
    const faults: string[] = [];
    if (this.#stray) faults.push('holds text that is no JSON');
    if (this.#open || this.#depth > 0 || this.#inString) {
      faults.push(`ends in the middle of record ${this.#index}: it is cut off`);
    } else if (cut) {
      faults.push(`is cut off after ${this.#index} records`);
    }
    return faults;
  }

  /** How many units there were. */
  get units(): number {
    return this.#index;
  }

  /** Takes what stands at `at` outside of texts. Gives from where on the part is not yet held or left behind. */
  #bracket(sign: string, part: string, from: number, at: number): number {
    if (sign === '{' || sign === '[') return this.#opens(sign, part, from, at);
    return sign === '\\' ? from : this.#closes(part, from, at + 1);
  }

  #opens(sign: '{' | '[', part: string, from: number, at: number): number {
    const outer = this.#depth++;
    if (this.#open) {
      this.#deepest = Math.max(this.#deepest, this.#depth - this.#unitDepth);
      if (sign === '{' || this.#unitDepth > 0 || outer !== 1) return from;
      if (!CONTAINER.test((this.#held.slice(-64) + part.slice(Math.max(from, at - 64), at)).slice(-64))) return from;
      // What was taken for a record is what holds the records.
      this.#close();
      this.#unitDepth = 2;
      return at + 1;
    }
    if (outer !== this.#unitDepth) return from;
    this.#depth--;
    this.#hold(part, from, at);
    this.#depth++;
    this.#settleBetween();
    if (sign === '{') {
      this.#open = true;
      return at;
    }
    if (outer === 0) this.#unitDepth = 1;
    else this.#stray = true;
    return at + 1;
  }

  #closes(part: string, from: number, at: number): number {
    if (this.#depth === 0) {
      this.#stray = true;
      return from;
    }
    if (this.#open) {
      this.#depth--;
      if (this.#depth > this.#unitDepth) return from;
      this.#hold(part, from, at);
      this.#emit();
      return at;
    }
    const ended = this.#depth === this.#unitDepth;
    if (ended) {
      this.#hold(part, from, at - 1);
      this.#settleBetween();
    }
    this.#depth--;
    if (this.#depth === 0) this.#unitDepth = 0;
    else if (ended) this.#unitDepth = Number.POSITIVE_INFINITY;
    return ended || this.#depth === 0 ? at : from;
  }

  #emit(): void {
    const index = this.#index++;
    if (this.#tooLong) this.#take({ index, text: undefined, fault: 'is longer than 1 MB: left out' });
    else if (this.#deepest > DEEPEST_UNIT) {
      this.#take({ index, text: undefined, fault: 'nests deeper than any record of the log does: left out' });
    } else this.#take({ index, text: this.#held });
    this.#close();
  }

  #close(): void {
    this.#open = false;
    this.#held = '';
    this.#tooLong = false;
    this.#deepest = 0;
  }

  #hold(part: string, from: number, to: number): void {
    if (!this.#open) {
      if (this.#unitDepth === this.#depth && this.#between.length < 256) {
        this.#between += part.slice(from, Math.min(to, from + 256));
      }
      return;
    }
    if (this.#tooLong) return;
    if (this.#held.length + to - from > LONGEST_RECORD) {
      this.#tooLong = true;
      this.#held = '';
    } else this.#held += part.slice(from, to);
  }

  /** Between units stand commas, space, and times in an export of log lines; anything else is no log. */
  #settleBetween(): void {
    if (!/^(?:\xef\xbb\xbf)?[\s,]*$/.test(this.#between.replace(TIMESTAMPS, ''))) this.#stray = true;
    this.#between = '';
  }
}
