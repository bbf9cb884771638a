import type { JsonMap } from '../port.ts';
import { textAt } from '../who/fields.ts';
import { failed, ISSUING_CALLS, mayWrite, namesWrite, SIGN_IN, SWITCH_CALLS, SWITCH_SOURCE } from './calls.ts';
import { Findings, type Shelf } from './findings.ts';
import type { NeedleIndex } from './needle-index.ts';
import { isRecord, readFields, type RecordFields } from './record.ts';
import { mentions, tooDeep } from './spellings.ts';
import { inPlace, type Scope, timeText } from './window.ts';

/** What all objects of a log are asked. */
export interface SieveQuestion {
  readonly scope: Scope;
  readonly needles: NeedleIndex;
  readonly shelf: Shelf;
  /** Set on a second reading: only calls that issued one of these keys are wanted. */
  readonly onlyIssued?: ReadonlySet<string>;
}

/** Thrown where the text is not laid out as CloudTrail lays it out: the object must be read the exact way. */
export class Unfamiliar extends Error {}

/** Looks at the records of one object and keeps what matters to a question. */
export class Sieve {
  readonly findings = new Findings();
  readonly #name: string;
  readonly #scope: Scope;
  readonly #needles: NeedleIndex;
  readonly #shelf: Shelf;
  readonly #onlyIssued: ReadonlySet<string> | undefined;
  /** RFC 3339: texts of times compare as times. */
  readonly #reach: string;
  readonly #account: string | undefined;
  readonly #time = new Finder('"eventTime":"');
  readonly #readOnly = new Finder('"readOnly":');
  readonly #addendum = new Finder('"addendum":');
  readonly #recipient = new Finder('"recipientAccountId":"');
  readonly #escape = new Finder('\\');
  readonly #percent = new Finder('%');

  /** `account`: whose log it is, where the object's name tells. */
  constructor(name: string, account: string | undefined, question: SieveQuestion) {
    this.#name = name;
    this.#account = account;
    this.#scope = question.scope;
    this.#needles = question.needles;
    this.#shelf = question.shelf;
    this.#onlyIssued = question.onlyIssued;
    this.#reach = timeText(Math.max(0, question.scope.reach));
  }

  /**
   * Looks at the text of one record between `start` and `end`, laid out as CloudTrail does, without parsing it unless
   * it may matter. Works on byte strings. Throws Unfamiliar where it cannot be sure what it sees.
   */
  glance(text: string, start: number, end: number, index: number): void {
    const at = this.#time.next(text, start);
    const head = at < end ? headAt(text, at) : undefined;
    if (head === undefined) {
      this.#parse(text, start, end, index);
      return;
    }
    // Two times: this is more than one record, or one that holds another.
    if (this.#time.next(text, at + 1) < end) throw new Unfamiliar();
    const write = !this.#isRead(text, at, end) || namesWrite(head.name);
    if (this.#deservesParsing(text, start, end, head, write)) this.#parse(text, start, end, index);
    else this.#seen(text, at, end, head, write);
  }

  #deservesParsing(text: string, start: number, end: number, head: Head, write: boolean): boolean {
    if (ISSUING_CALLS.has(head.name)) return head.time >= this.#reach;
    return head.name === SIGN_IN || (write && this.#matters(text, start, end, head));
  }

  #seen(text: string, at: number, end: number, head: Head, write: boolean): void {
    this.findings.records++;
    this.findings.spot(this.#account ?? this.#recipientAt(text, at, end), head.region, head.time, write);
  }

  /** Takes a record that was parsed. `bytes` is its JSON, UTF-8. */
  take(json: unknown, bytes: Buffer, index: number): void {
    if (!isRecord(json as JsonMap)) {
      this.#gap(index, 'is no record of an audit log');
      return;
    }
    const record = json as JsonMap;
    this.findings.records++;
    if (tooDeep(record)) {
      this.#gap(index, 'nests deeper than any record of the log does: left out');
      return;
    }
    const fields = readFields(record, bytes);
    const write = mayWrite(record, fields.eventName);
    this.findings.spot(this.#account ?? fields.account, fields.region, fields.eventTime, write);
    this.#keep(record, fields, write, { bytes, index });
  }

  #keep(json: JsonMap, fields: RecordFields, write: boolean, text: { bytes: Buffer; index: number }): void {
    if (ISSUING_CALLS.has(fields.eventName)) {
      this.#keepIssued(json, fields, text);
      return;
    }
    if (this.#onlyIssued !== undefined) return;
    const draft = { fields, ...text };
    if (fields.eventName === SIGN_IN) {
      if (this.#between(fields, this.#scope.reach)) this.findings.signIns.push(draft);
      return;
    }
    if (!write) return;
    if (isSwitch(fields.eventSource, fields.eventName) && !failed(json)) this.findings.switches.push({ fields, json });
    const matters = mentions(json, this.#needles);
    if (!matters && fields.completes === null) return;
    if (fields.eventTime === '') {
      this.#gap(text.index, 'has no time that can be read: left out');
      return;
    }
    if (!inPlace(fields.account, fields.region, this.#scope) || !this.#between(fields, this.#scope.from)) return;
    (matters ? this.findings.writes : this.findings.addenda).push(draft);
  }

  #keepIssued(json: JsonMap, fields: RecordFields, text: { bytes: Buffer; index: number }): void {
    const issuedKey = textAt(json, 'responseElements', 'credentials', 'accessKeyId');
    if (issuedKey === null || failed(json) || !this.#between(fields, this.#scope.reach)) return;
    if (this.#onlyIssued !== undefined && !this.#onlyIssued.has(issuedKey)) return;
    const { callerKey } = fields;
    this.findings.issued.push({ issuedKey, callerKey, draft: this.#shelf.keep({ fields, ...text }) });
  }

  #between({ eventTime }: RecordFields, from: number): boolean {
    const time = Date.parse(eventTime);
    return time >= from && time <= this.#scope.to;
  }

  #matters(text: string, start: number, end: number, { source, name }: Head): boolean {
    return (
      isSwitch(source, name) ||
      this.#addendum.next(text, start) < end ||
      // Escaped or encoded, a needle looks different: only the parsed record tells.
      this.#escape.next(text, start) < end ||
      this.#percent.next(text, start) < end ||
      this.#needles.occursIn(text, start, end)
    );
  }

  /** True only for the layout in which CloudTrail writes it; `readOnly` of something within a request is no answer. */
  #isRead(text: string, from: number, end: number): boolean {
    const at = this.#readOnly.next(text, from);
    return (
      at < end && text.startsWith('true', at + 11) && text.startsWith('"eventID":"', at - 49) && text[at - 1] === ','
    );
  }

  #recipientAt(text: string, from: number, end: number): string {
    const at = this.#recipient.next(text, from) + 22;
    return at + 12 < end ? text.slice(at, at + 12) : '';
  }

  #parse(text: string, start: number, end: number, index: number): void {
    const bytes = Buffer.from(text.slice(start, end), 'latin1');
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString('utf8'));
    } catch {
      throw new Unfamiliar();
    }
    this.take(json, bytes, index);
  }

  #gap(index: number, message: string): void {
    this.findings.fault(this.#name, index, message);
  }
}

function isSwitch(source: string, name: string): boolean {
  return source === SWITCH_SOURCE && SWITCH_CALLS.has(name);
}

interface Head {
  readonly time: string;
  readonly source: string;
  readonly name: string;
  readonly region: string;
}

const HEAD =
  /"eventTime":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)","eventSource":"([^"\\]*)","eventName":"([^"\\]*)","awsRegion":"([^"\\]*)"/y;

/** The members that CloudTrail writes one after the other; undefined where they do not stand so. */
function headAt(text: string, at: number): Head | undefined {
  HEAD.lastIndex = at;
  const match = HEAD.exec(text);
  if (match === null) return undefined;
  const [, time = '', source = '', name = '', region = ''] = match;
  return { time, source, name, region };
}

/** Finds the next place of a pattern, and asks for it once: places only move forward while the text is the same. */
class Finder {
  readonly #pattern: string;
  #text = '';
  #from = 0;
  #at = -1;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Infinity where there is none. */
  next(text: string, from: number): number {
    // The same object, as a rule: then this compares no characters.
    if (text !== this.#text || from < this.#from) {
      this.#text = text;
      this.#at = -1;
    }
    this.#from = from;
    if (this.#at < from) {
      const found = text.indexOf(this.#pattern, from);
      this.#at = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#at;
  }
}
