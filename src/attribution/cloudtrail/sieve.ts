import type { AuditQuestion, JsonMap } from '../port.ts';
import { textAt } from '../who/fields.ts';
import { ByteText } from './byte-text.ts';
import { CallBook, type KnownCall } from './call-book.ts';
import { failed, ISSUING_CALLS, mayWrite, SIGN_IN, SWITCH_CALLS, SWITCH_SOURCE } from './calls.ts';
import { Finder } from './finder.ts';
import { Findings, Shelf } from './findings.ts';
import { Marks } from './marks.ts';
import { isRecord, readFields, type RecordFields } from './record-fields.ts';
import { ShapeBook } from './shape-book.ts';
import { recordMentions, tooDeep } from './spellings.ts';
import { inPlace, type Scope } from './window.ts';

/** What all objects of a log are asked. */
export interface SieveQuestion {
  readonly scope: Scope;
  readonly marks: Marks;
  /** Calls that were met so far. */
  readonly calls: CallBook;
  /** Shapes of records that were met so far. */
  readonly shapes: ShapeBook;
  readonly shelf: Shelf;
  /** Milliseconds since 1970: what is dated later tells nothing of how far the log reaches. Undefined: there is no such time. */
  readonly latest: number | undefined;
  /** Set on a second reading: only calls that issued one of these keys are wanted. */
  readonly onlyIssued?: ReadonlySet<string>;
}

/** By how much the clocks of the log and of this machine may differ. */
const SKEW = 5 * 60_000;

/** Bytes of calls that issued credentials which are kept until it is known which of them are behind a write. */
export const SHELF_BYTES = 32 << 20;

/** Makes a question ready to be asked of many objects. */
export function sieveQuestion({ needles }: AuditQuestion, scope: Scope, now?: number): SieveQuestion {
  const marks = new Marks(needles);
  return {
    scope,
    latest: now === undefined ? undefined : now + SKEW,
    marks,
    shapes: new ShapeBook(),
    calls: new CallBook(),
    shelf: new Shelf(SHELF_BYTES),
  };
}

/** A record's place in bytes that hold more. */
export interface Cut {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  /** The record's place among those of its file. */
  readonly index: number;
  /** Where `"eventTime":"` stands; -1: nowhere. */
  readonly time: number;
  /** Where `"readOnly":` stands; -1: nowhere. */
  readonly readOnly: number;
}

/** In the place of one: there are several. */
export const SEVERAL = -2;

/** Thrown where the text is not laid out as CloudTrail lays it out: the object must be read the exact way. */
export class Unfamiliar extends Error {}

/** Looks at the records of one object and keeps what matters to a question. */
export class Sieve {
  readonly findings: Findings;
  readonly #name: string;
  readonly #scope: Scope;
  readonly #marks: Marks;
  readonly #calls: CallBook;
  readonly #shapes: ShapeBook;
  readonly #shelf: Shelf;
  readonly #onlyIssued: ReadonlySet<string> | undefined;
  readonly #account: string | undefined;
  readonly #recipient = new Finder('"recipient', 'AccountId":"');
  readonly #escape = new Finder('', '\\');
  readonly #percent = new Finder('', '%');
  readonly #accessKey = new Finder('"access', 'KeyId":"');

  /** `account`: whose log it is, where the object's name tells. */
  constructor(name: string, account: string | undefined, question: SieveQuestion) {
    this.findings = new Findings(question.latest);
    this.#name = name;
    this.#account = account;
    this.#scope = question.scope;
    this.#marks = question.marks;
    this.#calls = question.calls;
    this.#shapes = question.shapes;
    this.#shelf = question.shelf;
    this.#onlyIssued = question.onlyIssued;
  }

  /**
   * Looks at one record, laid out as CloudTrail does, without parsing it unless it may matter. Throws Unfamiliar where it
   * cannot be sure what it sees.
   */
  glance(cut: Cut): void {
    const call = cut.time < 0 ? undefined : this.#calls.read(cut.bytes, cut.view, cut.time);
    const readOnly = readOnlyOf(cut);
    if (call === undefined || readOnly === undefined || call.signsIn) {
      this.#parse(cut);
      return;
    }
    const { time } = this.#calls;
    const write = !readOnly || call.namesWrite;
    if (write && this.#matters(cut, call)) this.#readWrite(cut, call);
    else if (call.issues && time >= this.#scope.reach) this.#glanceIssued(cut, call, time);
    else this.#seen(cut, call, time, write);
  }

  /** Most writes have the shape of another one, and need not be parsed. */
  #readWrite(cut: Cut, { key, switches }: KnownCall): void {
    const { bytes, start, end, index } = cut;
    const usual = !switches && this.#onlyIssued === undefined;
    const known = usual ? this.#shapes.read(key, bytes, start, end) : undefined;
    if (known === undefined) {
      const before = this.findings.writes.length;
      this.#parse(cut);
      const kept = this.findings.writes[before];
      if (usual && kept !== undefined) this.#shapes.learn(key, kept.bytes, kept.fields);
      return;
    }
    const fields = known.fields();
    this.findings.records++;
    this.#spot(fields, true);
    const text = copyOf(cut);
    const matters = this.#marks.mentionedIn(text, (needles) => known.mentions(needles));
    if (matters && this.#isWanted(fields, index)) this.findings.writes.push({ fields, bytes: text, index });
  }

  #spot({ account, region, eventTime }: RecordFields, write: boolean): void {
    this.findings.spot(this.#account ?? account, region, Date.parse(eventTime), write);
  }

  /** Credentials that were issued, put by under their key: most are never asked for. */
  #glanceIssued(cut: Cut, call: KnownCall, time: number): void {
    const { bytes, view, start, end } = cut;
    const caller = this.#accessKey.next(bytes, start);
    const callerKey = caller < cut.time ? textFrom(bytes, caller + ACCESS_KEY.length) : null;
    const issued = this.#accessKey.next(bytes, cut.time);
    if (issued < end && !CREDENTIALS.standsAt(view, issued - CREDENTIALS.length)) {
      this.#parse(cut);
      return;
    }
    this.#seen(cut, call, time, false);
    if (issued < end)
      this.#shelve(textFrom(bytes, issued + ACCESS_KEY.length), callerKey, cut.index, bytes.subarray(start, end));
  }

  #seen(cut: Cut, { region }: KnownCall, time: number, write: boolean): void {
    this.findings.records++;
    this.findings.spot(this.#account ?? this.#recipientOf(cut), region, time, write);
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
    this.#spot(fields, write);
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
    const { eventSource, eventName } = fields;
    const switches = eventSource === SWITCH_SOURCE && SWITCH_CALLS.has(eventName);
    if (switches && !failed(json)) this.findings.switches.push({ fields, json });
    const matters = this.#marks.mentionedIn(text.bytes, (needles) => recordMentions(json, needles));
    if (!matters && fields.completes === null) return;
    if (this.#isWanted(fields, text.index)) (matters ? this.findings.writes : this.findings.addenda).push(draft);
  }

  /** Whether a record is of a time and place that is asked about. */
  #isWanted(fields: RecordFields, index: number): boolean {
    if (fields.eventTime === '') {
      this.#gap(index, 'has no time that can be read: left out');
      return false;
    }
    return inPlace(fields.account, fields.region, this.#scope) && this.#between(fields, this.#scope.from);
  }

  #keepIssued(json: JsonMap, fields: RecordFields, text: { bytes: Buffer; index: number }): void {
    const issuedKey = textAt(json, 'responseElements', 'credentials', 'accessKeyId');
    if (issuedKey === null || failed(json) || !this.#between(fields, this.#scope.reach)) return;
    this.#shelve(issuedKey, fields.callerKey, text.index, text.bytes);
  }

  #shelve(issuedKey: string, callerKey: string | null, index: number, text: Buffer): void {
    if (this.#onlyIssued !== undefined && !this.#onlyIssued.has(issuedKey)) return;
    this.findings.issued.push({ issuedKey, callerKey, index, bytes: this.#shelf.keep(text) });
  }

  #between({ eventTime }: RecordFields, from: number): boolean {
    const time = Date.parse(eventTime);
    return time >= from && time <= this.#scope.to;
  }

  /** The caller stands before the time. What only the caller's name mentions, the call did nothing to. */
  #matters({ bytes, time, end }: Cut, { switches }: KnownCall): boolean {
    return (
      switches ||
      // Escaped or encoded, a needle looks different: only the parsed record tells.
      this.#escape.next(bytes, time) < end ||
      this.#percent.next(bytes, time) < end ||
      this.#marks.index.occursIn(bytes, time, end)
    );
  }

  #recipientOf({ bytes, time, end }: Cut): string {
    const at = this.#recipient.next(bytes, time) + RECIPIENT.length;
    return at + 12 < end ? bytes.toString('latin1', at, at + 12) : '';
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

const READ_ONLY = '"readOnly":';
const RECIPIENT = '"recipientAccountId":"';
const ACCESS_KEY = '"accessKeyId":"';
const CREDENTIALS = new ByteText('"credentials":{');
const EVENT_ID = new ByteText('"eventID":"');
/** From the name of the event's id to what follows that id. */
const EVENT_ID_BEFORE = EVENT_ID.length + 36 + '",'.length;
const TRUE = new ByteText('true');
const FALSE = new ByteText('false');
const COMMA = 0x2c;

/**
 * What a record says of itself, in the layout in which CloudTrail writes it; undefined where it is not laid out so, or
 * something within it says `readOnly` too.
 */
function readOnlyOf({ bytes, view, time, readOnly: at }: Cut): boolean | undefined {
  const laidOut = at > time && bytes[at - 1] === COMMA && EVENT_ID.standsAt(view, at - EVENT_ID_BEFORE);
  if (!laidOut) return undefined;
  if (TRUE.standsAt(view, at + READ_ONLY.length)) return true;
  return FALSE.standsAt(view, at + READ_ONLY.length) ? false : undefined;
}

/** The text of a JSON string without escapes that begins here. */
function textFrom(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, bytes.indexOf('"', at));
}

function copyOf({ bytes, start, end }: Cut): Buffer {
  return Buffer.from(bytes.subarray(start, end));
}
