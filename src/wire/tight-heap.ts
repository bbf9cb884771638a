import { setFlagsFromString } from 'node:v8';

/** Entries from which on the memory of a report is worth some of its time. */
const MANY = 20_000;

/**
 * Lets the heap grow by no more than 40 % before it is cleared up. Left alone, V8 lets it grow to four times of what is in use
 * while a report of a large ledger is put together: most of its peak would be what nobody needs any more.
 */
export function keepHeapTight(entries: number): void {
  if (entries >= MANY) setFlagsFromString('--heap-growing-percent=40');
}
