import { concatBytes } from '../bytes.ts';

const NEWLINE = 0x0a;
/** How the line of an erased payload begins, in the only spelling that it has. */
const TOMBSTONE = Buffer.from('{"authorisedBy":');

/**
 * Two versions of a payload file as one: every line that either has; where both have it, the tombstone if one of them is
 * erased, else that of `wanted`. Whoever joins last, and however often, the outcome is the same: a late writer can
 * neither shorten a file nor bring back what was erased.
 */
export function joinPayloads(present: Uint8Array, wanted: Uint8Array): Uint8Array {
  const old = linesOf(present);
  const lines = linesOf(wanted).map((line, at) => {
    const before = old[at];
    return before !== undefined && isTombstone(before) ? before : line;
  });
  return concatBytes([...lines, ...old.slice(lines.length)]);
}

/** Whole lines, each with its newline. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end + 1));
    start = end + 1;
  }
  return lines;
}

function isTombstone(line: Uint8Array): boolean {
  return Buffer.compare(line.subarray(0, TOMBSTONE.byteLength), TOMBSTONE) === 0;
}
