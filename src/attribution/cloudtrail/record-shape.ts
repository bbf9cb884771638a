import { FAILURE_LISTS } from '../../resources/aws/audit-words.ts';
import { canonicalText } from '../../terraform/canonical.ts';
import type { Json, JsonMap } from '../port.ts';
import { isJsonMap, memberAt } from '../who/fields.ts';
import { wireLeaves, writesMarks } from '../wire-shape.ts';
import type { NeedleIndex } from './needle-index.ts';
import { endOfNumber, endOfSwitch, endOfText, NUMBER, SWITCH, TEXT, tokensOf } from './shape-tokens.ts';
import { type Places, type Shape, type ShapedLeaf, ShapedText } from './shaped-text.ts';
import { recordMentions, tooDeep } from './spellings.ts';

/** Members that change what a record means, or how it is read: a record that has one is read whole. */
const TELLING: ReadonlySet<string> = new Set([
  ...['errorCode', 'errorMessage', 'ErrorCode', 'ErrorMessage', 'error', 'dryRun', 'DryRun', 'omitted', 'addendum'],
  ...['Statement', 'tag', ...FAILURE_LISTS],
]);

/** Stands for a text while a shape is made, with the place of the value that it stands for. */
const STAND_IN = /^\ue000(\d+)\ue000$/;
/** The same for numbers and switches. */
const NUMBERED = 9_000_000_000_000;
const STAND_INS = /\ue000(\d+)\ue000|9000000(\d{6})/g;
/** What a stand-in for a number begins with; a member's name that holds it would be taken for one. */
const NUMBER_MARK = '9000000';
/** No call is so large that its shape is worth keeping. */
const MOST_VALUES = 1000;

/**
 * The shape of a record: all of its text but the values. A log has millions of records and few shapes. What follows from
 * the shape alone (which value is the event's id, what stands where, in which order the digest has it) is worked out once,
 * by reading one such record with stand-ins for its values; of each further record only the values are taken.
 */
export class RecordShape implements Shape {
  readonly call: Shape['call'];
  readonly kinds: readonly number[];
  readonly places: Places;
  readonly leaves: readonly ShapedLeaf[];
  readonly texts: readonly number[];
  readonly canonical: Shape['canonical'];
  readonly length: number;
  /** A record with stand-ins for its values. */
  readonly #skeleton: JsonMap;
  readonly #named = new WeakMap<NeedleIndex, boolean>();
  readonly #literal: Buffer;
  /** By value: where in #literal that ends which stands before it. */
  readonly #ends: readonly number[];

  private constructor(kinds: readonly number[], between: readonly string[], json: JsonMap, call: Shape['call']) {
    const { eventName, eventSource, region } = call;
    this.call = { eventName, eventSource, region };
    this.kinds = kinds;
    this.#literal = Buffer.from(between.join(''), 'latin1');
    this.length = this.#literal.length;
    let end = 0;
    this.#ends = between.map(({ length }) => (end += length));
    this.places = placesIn(json);
    this.#skeleton = json;
    this.texts = Object.keys(json).flatMap((name) => (name === 'userIdentity' ? [] : textsIn(json[name] as Json)));
    this.leaves = leavesOf(json, eventSource);
    this.canonical = canonicalOf(json);
  }

  /** The shape of a record, given its text and what was read of it; undefined where such records must be read whole. */
  static of(bytes: Buffer, call: Shape['call']): RecordShape | undefined {
    const tokens = tokensOf(bytes);
    if (tokens === undefined || tokens.kinds.length > MOST_VALUES) return undefined;
    if (writesMarks(call.eventSource)) return undefined;
    const { kinds, between } = tokens;
    if (between.some((text) => text.includes(NUMBER_MARK))) return undefined;
    const standIn = (i: number): string =>
      i === kinds.length ? '' : kinds[i] === TEXT ? `\ue000${i}\ue000` : String(NUMBERED + i);
    const json = JSON.parse(between.map((text, i) => text + standIn(i)).join('')) as JsonMap;
    if (tooDeep(json) || isTelling(json)) return undefined;
    const shape = new RecordShape(kinds, between, json, call);
    const { eventId, eventTime, eventType, readOnly, done } = shape.places;
    const isSwitch = (place: number): boolean => place === -1 || kinds[place] === SWITCH;
    const known = [eventId, eventTime, eventType, readOnly].every((place) => place !== -1);
    return known && isSwitch(readOnly) && isSwitch(done) && shape.read(bytes, 0, bytes.length) ? shape : undefined;
  }

  isNamedBy(needles: NeedleIndex): boolean {
    const known = this.#named.get(needles) ?? recordMentions(this.#skeleton, needles);
    this.#named.set(needles, known);
    return known;
  }

  /** Reads a record; undefined where it has another shape, or is no plain call: then it must be read whole. */
  read(bytes: Buffer, start: number, end: number): ShapedText | undefined {
    const literal = this.#literal;
    const ends = this.#ends;
    const { kinds } = this;
    const values = kinds.length;
    const spans = new Array<number>(2 * values);
    let at = start;
    let from = 0;
    for (let i = 0; ; i++) {
      const to = ends[i] as number;
      if (at + to - from > end) return undefined;
      while (from < to) if (literal[from++] !== bytes[at++]) return undefined;
      if (i === values) break;
      spans[2 * i] = at;
      at = endOf(kinds[i] as number, bytes, at, end);
      if (at === -1) return undefined;
      spans[2 * i + 1] = at;
    }
    if (at !== end) return undefined;
    const text = new ShapedText(this, bytes, spans);
    return text.isPlainCall() ? text : undefined;
  }
}

function endOf(kind: number, bytes: Buffer, at: number, end: number): number {
  if (kind === TEXT) return endOfText(bytes, at, end);
  return kind === NUMBER ? endOfNumber(bytes, at) : endOfSwitch(bytes, at);
}

function placesIn(json: JsonMap): Places {
  const caller = memberAt(json, 'userIdentity');
  return {
    eventId: placeAt(json, 'eventID'),
    eventName: placeAt(json, 'eventName'),
    eventSource: placeAt(json, 'eventSource'),
    eventTime: placeAt(json, 'eventTime'),
    eventType: placeAt(json, 'eventType'),
    region: placeAt(json, 'awsRegion'),
    recipient: placeAt(json, 'recipientAccountId'),
    callerKey: placeAt(caller, 'accessKeyId'),
    callerAccount: placeAt(caller, 'accountId'),
    callerArn: placeAt(caller, 'arn'),
    callerName: placeAt(caller, 'userName'),
    sharedEventId: placeAt(json, 'sharedEventID'),
    readOnly: placeOf(memberAt(json, 'readOnly')),
    done: placeOf(memberAt(json, 'responseElements', '_return')),
  };
}

/** The place of a text among the values. */
function placeAt(json: Json | undefined, name: string): number {
  const value = memberAt(json, name);
  return typeof value === 'string' ? placeOf(value) : -1;
}

function placeOf(value: unknown): number {
  if (typeof value === 'number') return value - NUMBERED;
  const place = typeof value === 'string' ? STAND_IN.exec(value)?.[1] : undefined;
  return place === undefined ? -1 : Number(place);
}

function textsIn(json: Json): number[] {
  if (typeof json === 'string') return [placeOf(json)];
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).flatMap((member) => textsIn(member as Json));
}

function isTelling(json: Json): boolean {
  if (typeof json !== 'object' || json === null) return false;
  if (isJsonMap(json) && Object.keys(json).some((name) => TELLING.has(name) || name.startsWith('xmlns'))) return true;
  return Object.values(json).some((member) => isTelling(member as Json));
}

function leavesOf(json: JsonMap, eventSource: string): readonly ShapedLeaf[] {
  return wireLeaves({ json, eventSource }).map((leaf) => ({
    leaf,
    value: placeOf(leaf.value),
    key: leaf.pair ? placeOf(leaf.names.at(-1)) : -1,
  }));
}

function canonicalOf(json: JsonMap): Shape['canonical'] {
  const text = canonicalText(json as Parameters<typeof canonicalText>[0]) ?? '';
  const between: Buffer[] = [];
  const order: number[] = [];
  let from = 0;
  for (const match of text.matchAll(STAND_INS)) {
    between.push(Buffer.from(text.slice(from, match.index), 'latin1'));
    order.push(Number(match[1] ?? match[2]));
    from = match.index + match[0].length;
  }
  return { between: [...between, Buffer.from(text.slice(from), 'latin1')], order };
}
