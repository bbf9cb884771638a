import protobuf from 'protobufjs/minimal.js';

export type Reader = protobuf.Reader;

/** What to do with each field of a message, by field number. Fields that are not named are skipped. */
export interface Fields {
  readonly [number: number]: (reader: Reader) => void;
}

/**
 * Walks the fields of one protobuf message in the order in which they were sent. Unknown fields are skipped, as the
 * protocol's later versions demand. Throws on bytes that are no message. Source: protobuf encoding, proto3.
 */
export function walk(bytes: Uint8Array, fields: Fields): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const take = fields[tag >>> 3];
    if (take === undefined) reader.skipType(tag & 7);
    else take(reader);
  }
}

/** An int64 that is known to be small: versions and counts. */
export function smallInt(reader: Reader): number {
  return Number(String(reader.int64()));
}

/** Writes one message field by field; what is undefined or empty is left out, as proto3 does. */
export class Message {
  readonly #writer = protobuf.Writer.create();

  text(field: number, value: string): this {
    if (value !== '') this.#writer.uint32((field << 3) | 2).string(value);
    return this;
  }

  bytes(field: number, value: Uint8Array | undefined): this {
    if (value !== undefined && value.length > 0) this.#writer.uint32((field << 3) | 2).bytes(value);
    return this;
  }

  /** A nested message is written even where it is empty: then it says "there, with defaults". */
  message(field: number, value: Message | undefined): this {
    if (value !== undefined) this.#writer.uint32((field << 3) | 2).bytes(value.finish());
    return this;
  }

  int(field: number, value: number): this {
    if (value !== 0) this.#writer.uint32(field << 3).int64(value);
    return this;
  }

  flag(field: number, value: boolean | undefined): this {
    if (value === true) this.#writer.uint32(field << 3).bool(true);
    return this;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}
