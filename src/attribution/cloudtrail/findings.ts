import type { CoverageGap, JsonMap } from '../port.ts';
import { type IssuedDraft, type IssuedPack, packIssued } from './issued-pack.ts';
import type { RecordFields } from './record-fields.ts';
import { timeText } from './window.ts';

/** A record that was kept, before it is known how trustworthy its file is. */
export interface Draft {
  readonly fields: RecordFields;
  readonly bytes: Buffer;
  readonly index: number;
}

/** A successful call that may switch a log off or on. */
export interface SwitchCall {
  readonly fields: RecordFields;
  readonly json: JsonMap;
}

/** Times seen of one account and region. */
export interface PlaceTimes {
  readonly account: string;
  readonly region: string;
  oldest: string;
  newest: string;
  /** Spans of ten minutes since 1970 in which the log has a write: it was on then. */
  readonly writes: Set<number>;
}

export const WRITE_SPAN = 600_000;

/** How many unusable records of one object are told one by one. */
const MOST_FAULTS = 5;

/** The same, while an object is read: milliseconds since 1970. */
interface Spot {
  readonly account: string;
  readonly region: string;
  oldest: number;
  newest: number;
  /** The span in `writes` that was added last. */
  span: number;
  readonly writes: Set<number>;
}

/** What one object of the log held. */
export interface Held {
  readonly writes: readonly Draft[];
  /** Records that complete others and mention no needle themselves. */
  readonly addenda: readonly Draft[];
  readonly signIns: readonly Draft[];
  readonly issued: IssuedPack;
  readonly switches: readonly SwitchCall[];
  readonly gaps: readonly CoverageGap[];
  /** Accounts and regions of which there was a record. */
  readonly places: readonly PlaceTimes[];
  readonly records: number;
  /** Records that are dated in the future, and the latest time that they give: RFC 3339, '' where there is none. */
  readonly future: number;
  readonly futureTo: string;
}

/** Gathers what one object of the log holds. */
export class Findings {
  readonly #spots = new Map<string, Spot>();
  #lastSpot: Spot | undefined;
  readonly writes: Draft[] = [];
  readonly addenda: Draft[] = [];
  readonly signIns: Draft[] = [];
  readonly issued: IssuedDraft[] = [];
  readonly switches: SwitchCall[] = [];
  readonly gaps: CoverageGap[] = [];
  records = 0;
  #future = 0;
  #futureTo = Number.NEGATIVE_INFINITY;
  #faults = 0;
  readonly #latest: number;

  /** `latest`: milliseconds since 1970; records that are dated later are counted, and say nothing of what the log covers. */
  constructor(latest: number | undefined) {
    this.#latest = latest ?? Number.POSITIVE_INFINITY;
  }

  /** Notes a record that could not be used. A file full of them is named, not listed. */
  fault(name: string, index: number, message: string): void {
    this.#faults++;
    if (this.#faults < MOST_FAULTS) this.gaps.push({ what: name, message: `record ${index} ${message}` });
    if (this.#faults === MOST_FAULTS) this.gaps.push({ what: name, message: 'more records could not be used' });
  }

  /** Notes that the log has a record of this time and place. `time`: milliseconds since 1970; NaN where it has none. */
  spot(account: string, region: string, time: number, write: boolean): void {
    if (Number.isNaN(time)) return;
    if (time > this.#latest) {
      this.#future++;
      this.#futureTo = Math.max(this.#futureTo, time);
      return;
    }
    const last = this.#lastSpot;
    const spot = last?.account === account && last.region === region ? last : this.#spotOf(account, region, time);
    this.#lastSpot = spot;
    if (time < spot.oldest) spot.oldest = time;
    if (time > spot.newest) spot.newest = time;
    if (!write) return;
    const span = Math.floor(time / WRITE_SPAN);
    if (span === spot.span) return;
    spot.span = span;
    spot.writes.add(span);
  }

  #spotOf(account: string, region: string, time: number): Spot {
    const key = `${account}|${region}`;
    const known = this.#spots.get(key);
    if (known !== undefined) return known;
    const spot = { account, region, oldest: time, newest: time, span: -1, writes: new Set<number>() };
    this.#spots.set(key, spot);
    return spot;
  }

  /** All of it, when the object was read to its end. */
  held(): Held {
    const { issued, switches, gaps, records } = this;
    const places = [...this.#spots.values()].map(({ account, region, oldest, newest, writes: spans }) => ({
      account,
      region,
      oldest: timeText(oldest),
      newest: timeText(newest),
      writes: spans,
    }));
    const futureTo = this.#future > 0 ? timeText(this.#futureTo) : '';
    return {
      writes: together(this.writes),
      addenda: together(this.addenda),
      signIns: together(this.signIns),
      issued: packIssued(issued),
      switches,
      gaps,
      places,
      records,
      future: this.#future,
      futureTo,
    };
  }
}

/** The same with their texts in one piece of memory: in Node's own, each keeps alive what was copied beside it and dropped. */
function together(drafts: readonly Draft[]): readonly Draft[] {
  const texts = new Uint8Array(drafts.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let end = 0;
  return drafts.map(({ fields, bytes, index }) => {
    const from = end;
    texts.set(bytes, from);
    end += bytes.length;
    return { fields, index, bytes: Buffer.from(texts.buffer, from, bytes.length) };
  });
}

/** How many bytes of text may be kept of calls that issued credentials, until it is known which of them matter. */
export class Shelf {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** A copy of the bytes, or undefined where there is no room: then the object is read again, should they be asked for. */
  keep(bytes: Uint8Array): Buffer | undefined {
    if (this.#left <= 0) return undefined;
    this.#left -= bytes.length;
    return Buffer.from(bytes);
  }
}

/** Calls of one object that issued credentials, with its place in the caller's list. */
export interface IssuedIn {
  readonly file: number;
  readonly calls: IssuedPack;
}

/** A call that issued credentials, with the place of its object in the caller's list. */
export interface Issued extends IssuedDraft {
  readonly file: number;
}
