import { hash } from 'node:crypto';
import type { Value } from '../../model/value.ts';
import type { AuditRecord, ShapedRecord } from '../port.ts';
import { LONGEST_FIELD } from '../who/fields.ts';
import type { WireLeaf } from '../wire-shape.ts';
import type { NeedleIndex } from './needle-index.ts';
import { type RecordFields, wholeSeconds } from './record-fields.ts';
import { NUMBER, TEXT } from './shape-tokens.ts';

/** Places of values among those of a record; -1: it has no such member. */
export interface Places {
  readonly eventId: number;
  readonly eventName: number;
  readonly eventSource: number;
  readonly eventTime: number;
  readonly eventType: number;
  readonly region: number;
  readonly recipient: number;
  readonly callerKey: number;
  readonly callerAccount: number;
  readonly callerArn: number;
  readonly callerName: number;
  readonly sharedEventId: number;
  readonly readOnly: number;
  /** `_return` of EC2's answers. */
  readonly done: number;
}

/** A leaf that every record of a shape has. */
export interface ShapedLeaf {
  /** With stand-ins in place of its value and of a pair's key. */
  readonly leaf: WireLeaf;
  /** Places of what they stand for; -1: nothing. */
  readonly value: number;
  readonly key: number;
}

/** What a record's shape tells of its text. */
export interface Shape {
  /** Of the call, which all records of the shape are of. */
  readonly call: Pick<AuditRecord, 'eventName' | 'eventSource' | 'region'>;
  /** By value: TEXT, NUMBER or SWITCH. */
  readonly kinds: readonly number[];
  readonly places: Places;
  readonly leaves: readonly ShapedLeaf[];
  /** Places of texts, but for those of who called. */
  readonly texts: readonly number[];
  /** The canonical JSON: what stands before each value and after the last, and in which order they come. */
  readonly canonical: { readonly between: readonly Buffer[]; readonly order: readonly number[] };
  /** Of all that stands between values, in bytes. */
  readonly length: number;
  /** Whether a needle is the name of a member, but for those of who called. */
  isNamedBy(needles: NeedleIndex): boolean;
}

/** Of a text that was cut out of a longer one, engines keep the longer one in memory from this length on. */
const LEAST_PART = 13;

/** Where canonical JSON is put together. */
let scratch = Buffer.alloc(1 << 16);

/** A record's text, taken apart by its shape. */
export class ShapedText implements ShapedRecord {
  readonly #shape: Shape;
  readonly #bytes: Buffer;
  /** By value: where it begins and where it ends. */
  readonly #spans: readonly number[];

  constructor(shape: Shape, bytes: Buffer, spans: readonly number[]) {
    this.#shape = shape;
    this.#bytes = bytes;
    this.#spans = spans;
  }

  /** Whether it is of the shape's call, says all that the shape has a member for, and neither failed nor is another event. */
  isPlainCall(): boolean {
    const { places, call } = this.#shape;
    const { eventId, eventTime, recipient, callerKey, callerAccount, callerArn, callerName, sharedEventId } = places;
    for (const place of [eventId, eventTime, recipient, callerKey, callerAccount, callerArn, callerName, sharedEventId])
      if (place !== -1 && !this.#isField(place)) return false;
    return (
      this.#is(places.eventType, 'AwsApiCall') &&
      this.#is(places.eventName, call.eventName) &&
      this.#is(places.eventSource, call.eventSource) &&
      this.#is(places.region, call.region) &&
      (places.done === -1 || this.#is(places.done, 'true'))
    );
  }

  get readOnly(): boolean {
    return this.#is(this.#shape.places.readOnly, 'true');
  }

  /** As readFields has them. */
  fields(): RecordFields {
    const { places, call } = this.#shape;
    const callerAccount = this.#textOrNull(places.callerAccount);
    return {
      eventId: this.#text(places.eventId),
      eventName: call.eventName,
      eventSource: call.eventSource,
      eventTime: wholeSeconds(this.#text(places.eventTime)),
      region: call.region,
      account: this.#textOrNull(places.recipient) ?? callerAccount ?? '',
      callerKey: this.#textOrNull(places.callerKey),
      callerAccount,
      namesCaller: places.callerArn !== -1 || places.callerName !== -1,
      sharedEventId: this.#textOrNull(places.sharedEventId),
      completes: null,
    };
  }

  /** As recordMentions: whether it mentions a needle anywhere but in who called. */
  mentions(needles: NeedleIndex): boolean {
    if (this.#shape.isNamedBy(needles)) return true;
    for (const place of this.#shape.texts) {
      if (needles.occursIn(this.#bytes, this.#from(place), this.#to(place))) return true;
    }
    return false;
  }

  leaves(): readonly WireLeaf[] {
    const first = this.#from(0);
    const whole = this.#bytes.toString('latin1', first, this.#spans.at(-1));
    const textOf = (place: number): string => {
      const [from, to] = [this.#from(place), this.#to(place)];
      return to - from < LEAST_PART ? whole.slice(from - first, to - first) : this.#text(place);
    };
    const valueAt = (place: number): Value => {
      const text = textOf(place);
      const kind = this.#shape.kinds[place];
      return kind === TEXT ? text : kind === NUMBER ? Number(text) : text === 'true';
    };
    return this.#shape.leaves.map(({ leaf, value, key }) =>
      value === -1 && key === -1
        ? leaf
        : leaf.with(value === -1 ? null : valueAt(value), key === -1 ? undefined : textOf(key)),
    );
  }

  sha256(): string {
    const { between, order } = this.#shape.canonical;
    const most = this.#shape.length + (this.#spans.at(-1) as number);
    if (scratch.length < most) scratch = Buffer.alloc(most);
    let end = 0;
    for (let i = 0; i < between.length; i++) {
      end = append(between[i] as Buffer, 0, (between[i] as Buffer).length, end);
      const place = order[i];
      if (place !== undefined) end = append(this.#bytes, this.#from(place), this.#to(place), end);
    }
    return hash('sha256', scratch.subarray(0, end), 'hex');
  }

  #from(place: number): number {
    return this.#spans[2 * place] as number;
  }

  #to(place: number): number {
    return this.#spans[2 * place + 1] as number;
  }

  #text(place: number): string {
    return this.#bytes.toString('latin1', this.#from(place), this.#to(place));
  }

  #textOrNull(place: number): string | null {
    return place === -1 ? null : this.#text(place);
  }

  #isField(place: number): boolean {
    const length = this.#to(place) - this.#from(place);
    return length > 0 && length <= LONGEST_FIELD;
  }

  #is(place: number, text: string): boolean {
    if (place === -1) return text === '';
    const from = this.#from(place);
    if (this.#to(place) - from !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#bytes[from + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}

/** Copies bytes to the end of what is put together. Most are few: copying them here takes less time than asking for it. */
function append(bytes: Buffer, from: number, to: number, end: number): number {
  const into = scratch;
  let at = end;
  for (let i = from; i < to; i++) into[at++] = bytes[i] as number;
  return at;
}
