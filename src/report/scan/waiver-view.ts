import type { DriftWaiver, WaiverNote } from '../../model/scan.ts';
import { utc } from '../text/time.ts';

/** What the waivers of the ledger say of a drift: a sentence each. Empty where none speaks of it. */
export function waiverLines(waiver: DriftWaiver | undefined): string[] {
  if (waiver === undefined) return [];
  const { active, expired, complete, uncovered } = waiver;
  const part = complete ? '' : ' in part';
  return [
    ...active.map(
      (one) => `waived${part} until ${utc(one.until)} by ${one.approvedBy}, entry #${one.index}${scope(one)}`,
    ),
    ...(active.length > 0 && uncovered.length > 0 ? [`not waived: ${uncovered.join(', ')}`] : []),
    ...expired.map((one) => `waiver of entry #${one.index} expired on ${utc(one.until)}${scope(one)}`),
  ];
}

function scope({ path, reason }: WaiverNote): string {
  return `${path === null ? '' : ` (${path})`}${reason === null ? '' : `: ${reason}`}`;
}

/** The same for JSON; null where no waiver speaks of the drift. */
export function waiverDocument(waiver: DriftWaiver | undefined): object | null {
  if (waiver === undefined) return null;
  const { complete, active, expired, uncovered } = waiver;
  return { complete, active: active.map(noteDocument), expired: expired.map(noteDocument), uncovered };
}

function noteDocument({ index, digest, ...terms }: WaiverNote): object {
  return { entry: { index, digest }, ...terms };
}
