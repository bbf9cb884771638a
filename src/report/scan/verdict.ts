import type { Scan, ScanSummary } from '../../model/scan.ts';
import { between, span } from '../text/time.ts';
import { count } from '../text/plural.ts';

/**
 * drift: something differs. violation: live breaks a rule, and nothing differs or active waivers cover all of it. waived:
 * something differs, and active waivers cover all of it. in-sync: all was read and nothing differs. incomplete: nothing
 * differs in what was read, and not all was read, or a rule could not be assessed. unread: nothing could be read at all, so
 * nothing is known.
 */
export type Verdict = 'drift' | 'violation' | 'waived' | 'in-sync' | 'incomplete' | 'unread';

export function verdictOf(summary: ScanSummary): Verdict {
  const { waived = 0, violations = 0, minorViolations = 0 } = summary;
  if (driftsIn(summary) > waived) return 'drift';
  if (violations > minorViolations) return 'violation';
  if (waived > 0) return 'waived';
  if (summary.resources > 0 && summary.unread === summary.resources) return 'unread';
  return summary.gaps + (summary.notAssessed ?? 0) > 0 ? 'incomplete' : 'in-sync';
}

function driftsIn({ changed, missing, unmanaged }: ScanSummary): number {
  return changed + missing + unmanaged;
}

const WORDS: Readonly<Record<Verdict, string>> = {
  drift: 'DRIFT',
  violation: 'RULE VIOLATION',
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
  const { waived = 0, changed, missing, unmanaged } = summary;
  const drifts = driftsIn(summary);
  const ofThese = waived === 0 ? '' : `${waived === drifts ? 'all' : waived} of these waived, `;
  const differs = drifts > 0 ? `${changed} changed, ${missing} missing, ${unmanaged} unmanaged, ${ofThese}` : '';
  const rest = `${count(summary.gaps, 'gap')}, ${summary.inSync} of ${summary.resources} in sync`;
  return `driftbom: ${WORDS[verdictOf(summary)]} ${differs}${rulesIn(summary)}${rest} (${durationOf(scan)})`;
}

function rulesIn({ violations = 0, notAssessed = 0 }: ScanSummary): string {
  const broken = violations === 0 ? '' : `${count(violations, 'rule violation')}, `;
  return `${broken}${notAssessed === 0 ? '' : `${notAssessed} not assessed by a rule, `}`;
}

/** The verdict as a person would say it. */
export function headline(summary: ScanSummary): string {
  const { waived = 0, violations = 0 } = summary;
  const broken = violations === 0 ? '' : `, ${count(violations, 'rule violation')}`;
  switch (verdictOf(summary)) {
    case 'drift':
      return `${count(driftsIn(summary) - waived, 'resource')} drifted${waived > 0 ? `, ${waived} more waived` : ''}${broken}`;
    case 'violation':
      return `${count(violations, 'rule violation')}, ${waived > 0 ? 'all drift is waived' : 'no drift'}`;
    case 'waived':
      return `All drift is waived: ${count(waived, 'resource')}${broken}`;
    case 'in-sync':
      return `Everything declared is in sync${broken}`;
    case 'incomplete':
      return `In sync, as far as could be ${summary.gaps > 0 ? 'read' : 'assessed'}${broken}`;
    case 'unread':
      return 'Nothing could be read';
  }
}

export function durationOf(scan: Scan): string {
  return span(between(scan.startedAt, scan.finishedAt) ?? 0);
}
