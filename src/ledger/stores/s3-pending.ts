import { concatBytes, decodeUtf8, encodeUtf8, sha256Hex } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { asObject, parseStrictJson } from '../strict-json.ts';
import type { StoredObject } from '../port.ts';
import { ledgerKey } from './ledger-key.ts';

/** Where appends are written ahead. */
export const PENDING = '.pending/';

/** What an append is named by: the head that it would make, and the head that it goes on from. */
export interface PendingName {
  readonly next: string;
  readonly base: string;
}

/** A head as it stands in names: the SHA-256 of its bytes. */
export function headName(head: Uint8Array | undefined): string {
  return head === undefined ? 'none' : sha256Hex(head);
}

export function pendingKey({ next, base }: PendingName): string {
  return `${PENDING}${next}.${base}`;
}

/** Undefined where the key is none of pendingKey's. */
export function parsePendingKey(key: string): PendingName | undefined {
  const [, next, base] = /^\.pending\/([0-9a-f]{64})\.([0-9a-f]{64}|none)$/.exec(key) ?? [];
  return next === undefined || base === undefined ? undefined : { next, base };
}

/** Objects as one: a line of JSON that tells their keys and lengths, then their bytes one after the other. */
export function packObjects(objects: readonly StoredObject[]): Uint8Array {
  const table = objects.map(({ key, bytes }) => ({ key, length: bytes.byteLength }));
  return concatBytes([encodeUtf8(`${JSON.stringify({ objects: table })}\n`), ...objects.map(({ bytes }) => bytes)]);
}

/** Strict inverse of packObjects; only payload files and tiles are ever packed. Throws FormatError. */
export function unpackObjects(pack: Uint8Array): StoredObject[] {
  const end = pack.indexOf(0x0a);
  const { objects } = asObject(parseStrictJson(decodeUtf8(pack.subarray(0, Math.max(end, 0)))), 'the append');
  if (!Array.isArray(objects)) throw new FormatError('the append names no objects');
  let at = end + 1;
  const unpacked = objects.map((one): StoredObject => {
    const { key, length } = asObject(one, 'the append');
    if (typeof key !== 'string' || !/^(tile|dsse)\//.test(key) || !Number.isSafeInteger(length)) {
      throw new FormatError('the append names no objects of a log');
    }
    at += length as number;
    return { key: ledgerKey(key), bytes: pack.subarray(at - (length as number), at) };
  });
  if (at !== pack.byteLength) throw new FormatError('the append is cut off');
  return unpacked;
}
