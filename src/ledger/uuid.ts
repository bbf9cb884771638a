import { toHex } from './bytes.ts';

/**
 * A UUID version 7 (RFC 9562 section 5.7). `random` must hold at least 10 bytes; the time is taken in milliseconds.
 */
export function uuidV7(time: Date, random: Uint8Array): string {
  if (random.byteLength < 10) throw new RangeError('a UUID needs 10 random bytes');
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(time.getTime(), 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
