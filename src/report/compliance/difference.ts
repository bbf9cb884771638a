import { createHash } from 'node:crypto';
import type { Chunks } from '../text/chunks.ts';
import type { ReportCheck } from './check.ts';

const LINE_FEED = 0x0a;
/** Bytes of a line that are looked at. */
const LONGEST = 4096;

/** Holds a file against the same report made again, piece by piece: SHA-256 of the latter, and the first line that differs. */
export function heldAgainst(
  given: Buffer,
  again: Chunks,
): { readonly digest: string; readonly difference: ReportCheck['difference'] } {
  const hash = createHash('sha256');
  let at = 0;
  /** Of the report made again: the line in which the next piece begins, as far as it is known. */
  let line = Buffer.alloc(0);
  let found: { readonly start: number; line: Buffer } | undefined;
  for (const text of again) {
    const piece = Buffer.from(text);
    hash.update(piece);
    if (found !== undefined) {
      if (!found.line.includes(LINE_FEED)) found.line = Buffer.concat([found.line, piece.subarray(0, LONGEST)]);
    } else {
      const same = piece.equals(given.subarray(at, at + piece.length));
      const whole = Buffer.concat([line, piece]);
      const start = at - line.length;
      if (!same) found = differing(given, whole, start);
      line = whole.subarray(whole.lastIndexOf(LINE_FEED) + 1);
    }
    at += piece.length;
  }
  if (found === undefined && at < given.length) found = { start: at - line.length, line };
  return { digest: hash.digest('hex'), difference: found === undefined ? null : shown(given, found) };
}

/** The line of the first byte that differs; `whole` is text made again that begins with a line, at `start` of the report. */
function differing(given: Buffer, whole: Buffer, start: number): { start: number; line: Buffer } {
  const other = given.subarray(start, start + whole.length);
  const byte = whole.findIndex((one, i) => one !== other[i]);
  const begin = whole.lastIndexOf(LINE_FEED, byte - 1) + 1;
  return { start: start + (byte === 0 ? 0 : begin), line: whole.subarray(byte === 0 ? 0 : begin) };
}

function shown(given: Buffer, { start, line }: { start: number; line: Buffer }): ReportCheck['difference'] {
  let number = 1;
  for (let at = given.indexOf(LINE_FEED); at >= 0 && at < start; at = given.indexOf(LINE_FEED, at + 1)) number++;
  const rest = given.subarray(start);
  if (rest.length === 0 || line.length === 0 || lineOf(rest) !== lineOf(line)) return lines(number, rest, line);
  // Only one of the two lines has an end: the other text stops there.
  const next = Buffer.byteLength(lineOf(line)) + 1;
  return lines(number + 1, rest.subarray(next), line.subarray(next));
}

function lines(line: number, given: Buffer, again: Buffer): ReportCheck['difference'] {
  return {
    line,
    given: given.length === 0 ? '(the file ends)' : lineOf(given),
    again: again.length === 0 ? '(it ends here)' : lineOf(again),
  };
}

function lineOf(bytes: Buffer): string {
  const end = bytes.indexOf(LINE_FEED);
  return bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, LONGEST)).toString('utf8');
}
