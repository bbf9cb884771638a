import type { AuditRecord, JsonMap, RecordOrigin, ShapedRecord } from '../port.ts';
import { callKey, type RecordFields } from './record-fields.ts';
import type { ShapeBook } from './shape-book.ts';

/** How many records stay parsed: those that were looked at last are looked at again. */
const MOST_PARSED = 16;

/** A record whose text is kept, and parsed when it is looked at: thousands of parsed ones would not fit. */
export class StoredRecord implements AuditRecord {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventTime: string;
  readonly region: string;
  readonly account: string;
  readonly origin: RecordOrigin;
  readonly sharedEventId: string | null;
  /** Access key that signed the call. */
  readonly callerKey: string | null;
  // No weak references: what one was asked for stays in memory until the work at hand is done, and that may be all of it.
  static readonly #parsedLast: (StoredRecord | undefined)[] = [];
  static #next = 0;
  readonly #bytes: Buffer;
  readonly #shapes: ShapeBook;
  #parsed: JsonMap | undefined;

  constructor(fields: RecordFields, bytes: Buffer, origin: RecordOrigin, shapes: ShapeBook) {
    this.eventId = fields.eventId;
    this.eventName = fields.eventName;
    this.eventSource = fields.eventSource;
    this.eventTime = fields.eventTime;
    this.region = fields.region;
    this.account = fields.account;
    this.origin = origin;
    this.sharedEventId = fields.sharedEventId;
    this.callerKey = fields.callerKey;
    this.#bytes = bytes;
    this.#shapes = shapes;
  }

  shaped(): ShapedRecord | undefined {
    const call = callKey(this);
    return this.#shapes.read(call, this.#bytes, 0, this.#bytes.length) ?? this.#shapes.learn(call, this.#bytes, this);
  }

  get json(): JsonMap {
    if (this.#parsed !== undefined) return this.#parsed;
    // The text was parsed once when it was read: it is JSON, and an object.
    const parsed = JSON.parse(this.#bytes.toString('utf8')) as JsonMap;
    const last = StoredRecord.#parsedLast;
    const oldest = last[StoredRecord.#next];
    if (oldest !== undefined) oldest.#parsed = undefined;
    last[StoredRecord.#next] = this;
    StoredRecord.#next = (StoredRecord.#next + 1) % MOST_PARSED;
    this.#parsed = parsed;
    return parsed;
  }
}
