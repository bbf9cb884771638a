import type { Scan, ScanSummary } from '../../model/scan.ts';
import { between, span } from '../text/time.ts';
import { count } from '../text/plural.ts';

/**
 * drift: something differs. waived: something differs, and active waivers cover all of it. in-sync: all was read and nothing differs. incomplete: nothing differs in what was read, and
 * not all was read. unread: nothing could be read at all, so nothing is known.
 */
export type Verdict = 'drift' | 'waived' | 'in-sync' | 'incomplete' | 'unread';

export function verdictOf(summary: ScanSummary): Verdict {
  const { waived = 0 } = summary;
  if (driftsIn(summary) > waived) return 'drift';
  if (waived > 0) return 'waived';
  if (summary.resources > 0 && summary.unread === summary.resources) return 'unread';
  return summary.gaps > 0 ? 'incomplete' : 'in-sync';
}

function driftsIn({ changed, missing, unmanaged }: ScanSummary): number {
  return changed + missing + unmanaged;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  drift: 'DRIFT',
  waived: 'WAIVED',
  'in-sync': 'IN SYNC',
  incomplete: 'IN SYNC (INCOMPLETE)',
  unread: 'NOTHING READ',
};

export function verdictWord(verdict: Verdict): string {
  return WORDS[verdict];
}

/** The last line of a scan, made to be grepped: `driftbom: DRIFT 3 changed, 1 missing, ... (2.1 s)`. */
export function verdictLine(scan: Scan): string {
  const { summary } = scan;
  const verdict = verdictOf(summary);
  const { waived = 0 } = summary;
  const ofThese = waived === 0 ? '' : `${verdict === 'waived' ? 'all' : waived} of these waived, `;
  const drifts = `${summary.changed} changed, ${summary.missing} missing, ${summary.unmanaged} unmanaged, ${ofThese}`;
  const rest = `${count(summary.gaps, 'gap')}, ${summary.inSync} of ${summary.resources} in sync`;
  return `driftbom: ${WORDS[verdict]} ${driftsIn(summary) > 0 ? drifts : ''}${rest} (${durationOf(scan)})`;
}

/** The verdict as a person would say it. */
export function headline(summary: ScanSummary): string {
  const { waived = 0 } = summary;
  switch (verdictOf(summary)) {
    case 'drift':
      return `${count(driftsIn(summary) - waived, 'resource')} drifted${waived > 0 ? `, ${waived} more waived` : ''}`;
    case 'waived':
      return `All drift is waived: ${count(waived, 'resource')}`;
    case 'in-sync':
      return 'Everything declared is in sync';
    case 'incomplete':
      return 'In sync, as far as could be read';
    case 'unread':
      return 'Nothing could be read';
  }
}

export function durationOf(scan: Scan): string {
  return span(between(scan.startedAt, scan.finishedAt) ?? 0);
}
