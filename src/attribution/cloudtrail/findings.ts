import type { CoverageGap, JsonMap } from '../port.ts';
import { ownText } from './own-text.ts';
import type { RecordFields } from './record.ts';

/** A record that was kept, before it is known how trustworthy its file is. */
export interface Draft {
  readonly fields: RecordFields;
  readonly bytes: Buffer;
  readonly index: number;
}

/** A call that issued credentials. Its text may have been put down again where there were too many of them. */
export interface IssuedDraft {
  readonly issuedKey: string;
  readonly callerKey: string | null;
  readonly index: number;
  readonly bytes: Buffer | undefined;
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

/** What one object of the log held. */
export class Findings {
  #lastPlace: PlaceTimes | undefined;
  readonly writes: Draft[] = [];
  /** Records that complete others and mention no needle themselves. */
  readonly addenda: Draft[] = [];
  readonly signIns: Draft[] = [];
  readonly issued: IssuedDraft[] = [];
  readonly switches: SwitchCall[] = [];
  readonly places = new Map<string, PlaceTimes>();
  readonly gaps: CoverageGap[] = [];
  records = 0;
  /** Records that are dated in the future, and the latest time that they give. */
  future = 0;
  futureTo = '';
  #faults = 0;
  readonly #latest: string;

  /** `latest`: RFC 3339; records that are dated later are counted, and say nothing of what the log covers. */
  constructor(latest: string | undefined) {
    this.#latest = latest ?? '~';
  }

  /** Notes a record that could not be used. A file full of them is named, not listed. */
  fault(name: string, index: number, message: string): void {
    this.#faults++;
    if (this.#faults < MOST_FAULTS) this.gaps.push({ what: name, message: `record ${index} ${message}` });
    if (this.#faults === MOST_FAULTS) this.gaps.push({ what: name, message: 'more records could not be used' });
  }

  /** Notes that the log has a record of this time and place. */
  spot(account: string, region: string, time: string, write: boolean): void {
    if (time === '') return;
    if (time > this.#latest) {
      this.future++;
      if (time > this.futureTo) this.futureTo = ownText(time);
      return;
    }
    const last = this.#lastPlace;
    const place = last?.account === account && last.region === region ? last : this.#placeOf(account, region, time);
    this.#lastPlace = place;
    if (time < place.oldest) place.oldest = time;
    if (time > place.newest) place.newest = time;
    if (write) place.writes.add(Math.floor(Date.parse(time) / WRITE_SPAN));
  }

  #placeOf(account: string, region: string, time: string): PlaceTimes {
    const key = `${account}|${region}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = { account, region, oldest: time, newest: time, writes: new Set<number>() };
    this.places.set(key, place);
    return place;
  }
}

/** How many bytes of text may be kept of calls that issued credentials, until it is known which of them matter. */
export class Shelf {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** The text's bytes, or undefined where there is no room: then the object is read again, should they be asked for. */
  keep(text: () => Buffer): Buffer | undefined {
    if (this.#left <= 0) return undefined;
    const bytes = text();
    this.#left -= bytes.length;
    return bytes;
  }
}

/** A call that issued credentials, with the place of its object in the caller's list. */
export interface Issued extends IssuedDraft {
  readonly file: number;
}
