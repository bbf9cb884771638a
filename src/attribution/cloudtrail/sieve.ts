import type { AuditQuestion, JsonMap } from '../port.ts';
import { textAt } from '../who/fields.ts';
import { failed, ISSUING_CALLS, mayWrite, namesWrite, SIGN_IN, SWITCH_CALLS, SWITCH_SOURCE } from './calls.ts';
import { Finder } from './finder.ts';
import { Findings, Shelf } from './findings.ts';
import { NeedleIndex } from './needle-index.ts';
import { ownText } from './own-text.ts';
import { COMPLETING, isRecord, readFields, type RecordFields } from './record.ts';
import { recordMentions, tooDeep } from './spellings.ts';
import { inPlace, type Scope, timeText } from './window.ts';

/** What all objects of a log are asked. */
export interface SieveQuestion {
  readonly scope: Scope;
  readonly needles: NeedleIndex;
  /** The needles, and what marks records that matter without them. */
  readonly marks: NeedleIndex;
  readonly shelf: Shelf;
  /** RFC 3339: what is dated later tells nothing of how far the log reaches. Undefined: there is no such time. */
  readonly latest: string | undefined;
  /** Set on a second reading: only calls that issued one of these keys are wanted. */
  readonly onlyIssued?: ReadonlySet<string>;
}

/** By how much the clocks of the log and of this machine may differ. */
const SKEW = 5 * 60_000;

/** Bytes of calls that issued credentials which are kept until it is known which of them are behind a write. */
const SHELF_BYTES = 32 << 20;

/** Makes a question ready to be asked of many objects. */
export function sieveQuestion({ needles }: AuditQuestion, scope: Scope, now?: number): SieveQuestion {
  return {
    scope,
    latest: now === undefined ? undefined : timeText(now + SKEW),
    needles: new NeedleIndex(needles),
    marks: new NeedleIndex([...needles, COMPLETING]),
    shelf: new Shelf(SHELF_BYTES),
  };
}

/** A record's place in a text that holds more: the same text twice, as bytes and with one character for each byte. */
export interface Cut {
  readonly text: string;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** The record's place among those of its file. */
  readonly index: number;
}

/** Thrown where the text is not laid out as CloudTrail lays it out: the object must be read the exact way. */
export class Unfamiliar extends Error {}

/** Looks at the records of one object and keeps what matters to a question. */
export class Sieve {
  readonly findings: Findings;
  readonly #name: string;
  readonly #scope: Scope;
  readonly #needles: NeedleIndex;
  readonly #marks: NeedleIndex;
  readonly #shelf: Shelf;
  readonly #onlyIssued: ReadonlySet<string> | undefined;
  /** RFC 3339: texts of times compare as times. */
  readonly #reach: string;
  readonly #account: string | undefined;
  readonly #time = new Finder('"event', 'Time":"');
  readonly #readOnly = new Finder('"read', 'Only":');
  readonly #recipient = new Finder('"recipient', 'AccountId":"');
  readonly #escape = new Finder('', '\\');
  readonly #percent = new Finder('', '%');
  readonly #accessKey = new Finder('"accessKey', 'Id":"');

  /** `account`: whose log it is, where the object's name tells. */
  constructor(name: string, account: string | undefined, question: SieveQuestion) {
    this.findings = new Findings(question.latest);
    this.#name = name;
    this.#account = account;
    this.#scope = question.scope;
    this.#needles = question.needles;
    this.#marks = question.marks;
    this.#shelf = question.shelf;
    this.#onlyIssued = question.onlyIssued;
    this.#reach = timeText(Math.max(0, question.scope.reach));
  }

  /**
   * Looks at the text of one record, laid out as CloudTrail does, without parsing it unless it may matter. Throws
   * Unfamiliar where it cannot be sure what it sees.
   */
  glance(cut: Cut): void {
    const { text, start, end } = cut;
    const at = this.#time.next(text, start);
    const head = at < end ? headAt(text, at) : undefined;
    if (head === undefined) {
      this.#parse(cut);
      return;
    }
    // Two times: this is more than one record, or one that holds another.
    if (this.#time.next(text, at + 1) < end) throw new Unfamiliar();
    const write = !this.#isRead(text, at, end) || namesWrite(head.name);
    // The caller stands before the time. What only the caller's name mentions, the call did nothing to.
    if (head.name === SIGN_IN || (write && this.#matters(cut, at, head))) this.#parse(cut);
    else if (ISSUING_CALLS.has(head.name) && head.time >= this.#reach) this.#glanceIssued(cut, at, head);
    else this.#seen(cut, at, head, write);
  }

  /** Credentials that were issued, put by under their key: most are never asked for. */
  #glanceIssued(cut: Cut, at: number, head: Head): void {
    const { text, start, end } = cut;
    const caller = this.#accessKey.next(text, start);
    const callerKey = caller < at ? textFrom(text, caller + ACCESS_KEY.length) : null;
    const issued = this.#accessKey.next(text, at);
    if (issued < end && !text.startsWith(CREDENTIALS, issued - CREDENTIALS.length)) {
      this.#parse(cut);
      return;
    }
    this.#seen(cut, at, head, false);
    if (issued < end) this.#shelve(textFrom(text, issued + ACCESS_KEY.length), callerKey, cut.index, () => copyOf(cut));
  }

  #seen({ text, end }: Cut, at: number, head: Head, write: boolean): void {
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
    const matters = recordMentions(json, this.#needles);
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
    this.#shelve(issuedKey, fields.callerKey, text.index, () => text.bytes);
  }

  #shelve(issuedKey: string, callerKey: string | null, index: number, text: () => Buffer): void {
    if (this.#onlyIssued !== undefined && !this.#onlyIssued.has(issuedKey)) return;
    this.findings.issued.push({ issuedKey, callerKey, index, bytes: this.#shelf.keep(text) });
  }

  #between({ eventTime }: RecordFields, from: number): boolean {
    const time = Date.parse(eventTime);
    return time >= from && time <= this.#scope.to;
  }

  #matters({ text, bytes, end }: Cut, from: number, { source, name }: Head): boolean {
    return (
      isSwitch(source, name) ||
      // Escaped or encoded, a needle looks different: only the parsed record tells.
      this.#escape.next(text, from) < end ||
      this.#percent.next(text, from) < end ||
      this.#marks.occursIn(bytes, from, end)
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

  #parse(cut: Cut): void {
    const bytes = copyOf(cut);
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString('utf8'));
    } catch {
      throw new Unfamiliar();
    }
    this.take(json, bytes, cut.index);
  }

  #gap(index: number, message: string): void {
    this.findings.fault(this.#name, index, message);
  }
}

const ACCESS_KEY = '"accessKeyId":"';
const CREDENTIALS = '"credentials":{';

/** The text of a JSON string without escapes that begins here. */
function textFrom(text: string, at: number): string {
  return ownText(text.slice(at, text.indexOf('"', at)));
}

function copyOf({ bytes, start, end }: Cut): Buffer {
  return Buffer.from(bytes.subarray(start, end));
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
