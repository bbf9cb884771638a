import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';

/** How much is unpacked at a time: large enough that what each part costs does not count. */
const PART = 1 << 18;
/** A file of 50 MB, CloudTrail's largest, unpacks to a tenth of this. What unpacks to more is made to do harm. */
const MOST_BYTES = 4 * 2 ** 30;

/**
 * Unpacks what is gzip by its first bytes, whatever its name, and passes on the rest. Unpacking runs beside us, on
 * another thread. Throws what zlib says of damaged data, after all that could be unpacked.
 */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  const parts = source[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done === true) return;
  const whole = Readable.from(again(first.value, parts), { objectMode: false, highWaterMark: PART });
  const packed = first.value[0] === 0x1f && first.value[1] === 0x8b;
  let total = 0;
  for await (const part of packed ? gunzip(whole) : whole) {
    total += (part as Buffer).length;
    if (total > MOST_BYTES) throw new Error('unpacks to more than 4 GiB');
    yield part as Buffer;
  }
}

/** Short enough that the engine makes and drops such texts at no cost; longer ones take five times as long. */
const SHORT = 1 << 16;

/** The part as byte strings: one character for each byte. */
export function* byteStrings(part: Buffer): Generator<string, void, undefined> {
  for (let at = 0; at < part.length; at += SHORT) yield part.toString('latin1', at, at + SHORT);
}

function gunzip(source: Readable): Readable {
  const unpacking = createGunzip({ chunkSize: PART });
  // Whatever goes wrong destroys `unpacking`, and whoever reads from it is told.
  pipeline(source, unpacking, () => undefined);
  return unpacking;
}

async function* again(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** UTF-8 bytes of a text in UTF-16, which PowerShell's `>` writes; other texts are passed on as they are. */
export async function* asUtf8(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let decoder: TextDecoder | undefined;
  let begun = false;
  for await (const part of source) {
    if (!begun) {
      begun = true;
      const encoding = utf16(part);
      if (encoding !== undefined) decoder = new TextDecoder(encoding);
    }
    yield decoder === undefined ? part : Buffer.from(decoder.decode(part, { stream: true }));
  }
}

function utf16(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[1] === 0 && start[0] !== 0)) return 'utf-16le';
  if ((start[0] === 0xfe && start[1] === 0xff) || (start[0] === 0 && start[1] !== 0)) return 'utf-16be';
  return undefined;
}
