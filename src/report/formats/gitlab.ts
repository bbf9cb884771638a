import { cut } from '../text/width.ts';
import { changeLines, driftTitle, gapTitle, unlinked, violationLines, violationTitle } from './sheet-parts.ts';
import { ruleIdOf } from './sarif-rules.ts';
import { distinct, isBadScan, idOf, type Sheet, type SheetPlace, type SheetSeverity } from './sheet.ts';

const SEVERITIES: Readonly<Record<SheetSeverity, string>> = {
  critical: 'blocker',
  high: 'critical',
  unclassified: 'critical',
  medium: 'major',
  unranked: 'major',
  low: 'minor',
  info: 'info',
};

const LONGEST = 500;

interface Remark {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly text: string;
  readonly place: SheetPlace;
}

/**
 * GitLab's code quality file: a list of remarks. Of equal fingerprints only the first is shown, so each is one of its
 * own; a drift keeps its fingerprint over scans. Waived drifts and gaps are `info`; what is over is left out, because
 * GitLab takes what is in the list for a fault, and what is gone for mended.
 */
export function gitlab(sheet: Sheet): string {
  const place = { file: 'driftbom.yaml', line: 1 };
  const remarks: Remark[] = [
    ...sheet.drifts
      .filter(({ state }) => state !== 'over')
      .map((drift) => ({
        id: drift.key,
        name: ruleIdOf(drift),
        severity: drift.state === 'waived' ? 'info' : SEVERITIES[drift.severity],
        text: `${drift.state === 'waived' ? 'waived, ' : ''}${driftTitle(drift)}: ${changeLines(drift).join('; ')}`,
        place: drift.place,
      })),
    ...sheet.violations.map((violation) => ({
      id: violation.id,
      name: `rule/${violation.rule}`,
      severity: SEVERITIES[violation.severity],
      text: [violationTitle(violation), ...violationLines(violation)].join('; '),
      place: violation.place,
    })),
    ...sheet.rules.flatMap(({ id, notAssessed }) =>
      notAssessed.map(({ text }) => ({
        id: idOf('not-assessed', id, text),
        name: `rule-not-assessed/${id}`,
        severity: 'info',
        text: `not assessed by ${id}: ${text}`,
        place,
      })),
    ),
    ...sheet.gaps.map((gap) => ({
      id: gap.id,
      name: `gap/${gap.reason}`,
      severity: 'info',
      text: `${gapTitle(gap)}: ${gap.message}`,
      place: gap.place,
    })),
    ...sheet.scans.filter(isBadScan).map(({ id, standing, text }) => ({
      id,
      name: `scan/${standing}`,
      severity: 'critical',
      text,
      place,
    })),
    ...sheet.checks
      .filter(({ standing }) => standing === 'fail')
      .map(({ id, title, because }) => ({
        id: idOf('test', id),
        name: `test/${id}`,
        severity: 'major',
        text: `${id} ${title}: ${because}`,
        place,
      })),
  ];
  const list = distinct(remarks).map(({ id, name, severity, text, place: { file, line } }) => ({
    description: cut(unlinked(text), LONGEST),
    check_name: name,
    fingerprint: id,
    severity,
    location: { path: file, lines: { begin: line } },
  }));
  return `${JSON.stringify(list, null, 1)}\n`;
}
