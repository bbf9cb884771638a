import type { Scan, ScannedDrift, WaiverList } from '../model/scan.ts';
import { coverOf, type Waiver } from '../model/waiver.ts';

/** The waivers that the ledger holds, as a scan takes them. */
export interface KnownWaivers extends WaiverList {
  readonly waivers: readonly Waiver[];
}

/**
 * Says of each drift which waivers speak of it. A drift that is covered stays a drift: it is counted apart and recorded
 * all the same. Judged at the moment at which the scan began.
 */
export function applyWaivers(scan: Scan, known: KnownWaivers | undefined): Scan {
  if (known === undefined) return { ...scan, summary: { ...scan.summary, waived: 0 } };
  const drifts = scan.drifts.map((one): ScannedDrift => {
    const waiver = coverOf(one.drift, known.waivers, scan.startedAt);
    return waiver === undefined ? one : { ...one, waiver };
  });
  const waived = drifts.filter((one) => one.waiver?.complete === true).length;
  const { size, standing } = known;
  return { ...scan, drifts, waivers: { size, standing }, summary: { ...scan.summary, waived } };
}
