import type { Entry } from '../model/entry.ts';
import type { WaiverList } from '../model/scan.ts';
import { type Waiver, waiversOf } from '../model/waiver.ts';
import { corrupt } from './faults.ts';
import { lastScan } from './last-look.ts';
import type { EntryReader } from './read.ts';

/** Waivers that ended longer ago are not told of by scans any more; lists and reports read the whole log. */
const TOLD_MS = 90 * 24 * 3_600_000;

/** The waivers of a log that may matter to a scan, each read from an entry that is proven to be in it. */
export interface ReadWaivers extends WaiverList {
  readonly waivers: readonly Waiver[];
}

/**
 * Reads the waivers that stand: not taken back, and not over for long at `now` (RFC 3339). Begins at the list that the
 * last scan left, so that what it costs does not grow with the log. Throws E_LEDGER_CORRUPT.
 */
export async function readWaivers(read: EntryReader, size: number, now: string): Promise<ReadWaivers> {
  const list = (await lastScan(read, size, (scan) => scan.waivers !== undefined))?.waivers;
  const entries: (Entry | undefined)[] = [];
  for (const { index, entry } of list?.standing ?? []) {
    const waiver = await read(index);
    if (waiver === undefined) continue;
    if (waiver.digest !== entry) throw corrupt(`entry ${index} is not the waiver that the last scan names`);
    entries.push(waiver);
  }
  for (let index = list?.size ?? 0; index < size; index++) {
    const entry = await read(index);
    if (entry?.kind === 'waiver') entries.push(entry);
  }
  const oldest = Date.parse(now) - TOLD_MS;
  const waivers = waiversOf(entries.filter((entry) => entry !== undefined)).filter(
    ({ revoked, terms }) => revoked === undefined && Date.parse(terms.until) >= oldest,
  );
  return { size, standing: waivers.map(({ index, digest }) => ({ index, entry: digest })), waivers };
}
