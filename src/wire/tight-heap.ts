import { setFlagsFromString } from 'node:v8';

/** Entries from which on the memory of a report is worth some of its time. */
const MANY = 20_000;

/**
 * Lets the heap grow by no more than 100 % before it is cleared up, once so many entries are kept. Left alone, V8 lets it
 * grow to four times of what is in use: most of the peak would be what nobody needs any more.
 */
export function keepHeapTight(entries: number): void {
  if (entries === MANY) setFlagsFromString('--heap-growing-percent=100');
}
