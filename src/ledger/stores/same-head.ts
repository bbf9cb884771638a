import { sameBytes } from '../bytes.ts';

/** Whether two heads are the same: byte for byte, or both absent. */
export function isSameHead(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}
