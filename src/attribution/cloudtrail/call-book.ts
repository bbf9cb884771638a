import { ByteText } from './byte-text.ts';
import { ISSUING_CALLS, namesWrite, SIGN_IN, SWITCH_CALLS, SWITCH_SOURCE } from './calls.ts';
import { ownText } from './own-text.ts';
import { callKey } from './record-fields.ts';

/** What the head of a record says of its call, and what follows from it. */
export interface KnownCall {
  /** As callKey has it. */
  readonly key: string;
  readonly region: string;
  /** The call's name says that it writes, whatever `readOnly` says. */
  readonly namesWrite: boolean;
  /** May switch a log off or on. */
  readonly switches: boolean;
  readonly signsIn: boolean;
  readonly issues: boolean;
}

interface Page {
  /** `ec2.amazonaws.com","eventName":"CreateTags","awsRegion":"eu-west-1"` */
  readonly head: ByteText;
  readonly call: KnownCall;
}

const TIME = '"eventTime":"'.length;
/** `2026-01-01T00:0`: what a time has in common with those of the same ten minutes. */
const TENS = 15;
const AFTER_TIME = new ByteText('","eventSource":"');
const SOURCE = TIME + '2026-01-01T00:00:00Z'.length + AFTER_TIME.length;
const HEAD = /^([^"\\]*)","eventName":"([^"\\]*)","awsRegion":"([^"\\]*)"/;
const LONGEST_HEAD = 400;
/** How much of a head its page is found by: from a short source on, the beginning of the name. */
const TELLING = 56;
/** Names come from the log: it shall not fill the memory with them. */
const MOST_PAGES = 4096;

/**
 * Reads the members that CloudTrail writes one after the other at the head of a record: time, source, name and region. A
 * log has few calls: the head of each is read once, and known again by its bytes.
 */
export class CallBook {
  readonly #pages = new Map<number, Page[]>();
  #size = 0;
  #tens = new ByteText('no time is known');
  #tensTime = 0;
  /** Of the head that was read last: milliseconds since 1970. */
  time = 0;

  /** The call whose `"eventTime":"` stands at `at`; undefined where the members do not follow in CloudTrail's way. */
  read(bytes: Buffer, view: DataView, at: number): KnownCall | undefined {
    const source = at + SOURCE;
    if (source + TELLING > bytes.length || !this.#readTime(bytes, view, at + TIME)) return undefined;
    if (!AFTER_TIME.standsAt(view, source - AFTER_TIME.length)) return undefined;
    const key = keyAt(view, source);
    const pages = this.#pages.get(key);
    if (pages !== undefined) {
      for (const { head, call } of pages) if (head.standsAt(view, source)) return call;
    }
    return this.#meet(bytes, source, key);
  }

  #meet(bytes: Buffer, source: number, key: number): KnownCall | undefined {
    const match = HEAD.exec(bytes.toString('utf8', source, source + LONGEST_HEAD));
    if (match === null) return undefined;
    const call = callOf(match);
    if (this.#size++ < MOST_PAGES) {
      const page = { head: new ByteText(match[0]), call };
      const pages = this.#pages.get(key);
      if (pages === undefined) this.#pages.set(key, [page]);
      else pages.push(page);
    }
    return call;
  }

  /** False where no time stands there as CloudTrail writes it: then the exact reading tells. */
  #readTime(bytes: Buffer, view: DataView, at: number): boolean {
    if (!this.#tens.standsAt(view, at) && !this.#turnTo(bytes, at)) return false;
    const minute = (bytes[at + 15] as number) - 0x30;
    const ten = (bytes[at + 17] as number) - 0x30;
    const second = (bytes[at + 18] as number) - 0x30;
    if (bytes[at + 16] !== 0x3a || bytes[at + 19] !== 0x5a) return false;
    if (minute < 0 || minute > 9 || ten < 0 || ten > 5 || second < 0 || second > 9) return false;
    this.time = this.#tensTime + (minute * 60 + ten * 10 + second) * 1000;
    return true;
  }

  #turnTo(bytes: Buffer, at: number): boolean {
    const tens = bytes.toString('latin1', at, at + TENS);
    const time = Date.parse(`${tens}0:00Z`);
    if (Number.isNaN(time) || new Date(time).toISOString() !== `${tens}0:00.000Z`) return false;
    this.#tens = new ByteText(tens);
    this.#tensTime = time;
    return true;
  }
}

function keyAt(view: DataView, at: number): number {
  let key = view.getInt32(at, true);
  for (let place = 32; place < TELLING; place += 4) key = Math.imul(key, 31) ^ view.getInt32(at + place, true);
  return key;
}

function callOf([, source = '', name = '', region = '']: readonly string[]): KnownCall {
  return {
    key: ownText(callKey({ eventSource: source, eventName: name, region })),
    region: ownText(region),
    namesWrite: namesWrite(name),
    switches: source === SWITCH_SOURCE && SWITCH_CALLS.has(name),
    signsIn: name === SIGN_IN,
    issues: ISSUING_CALLS.has(name),
  };
}
