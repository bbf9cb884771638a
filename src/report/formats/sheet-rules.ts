import { counts } from '../../model/rule.ts';
import { notAssessedMeaning } from '../rule-words.ts';
import { becauseText, originText, violationValue } from '../scan/rule-view.ts';
import type { ScanReport } from '../scan/scan-report.ts';
import { distinct, idOf, type SheetPlace, type SheetRule, type SheetViolation } from './sheet.ts';

/** Where a resource is declared. */
export type PlaceOf = (workspace: string, location?: string) => SheetPlace;

/** What a scan says of rules. A rule of the ledger that cannot be read is a rule that was not met. */
export function rulesOfScan(
  { scan, ledger }: ScanReport,
  placeOf: PlaceOf,
): { readonly violations: readonly SheetViolation[]; readonly rules: readonly SheetRule[] } {
  const { judged = [], unreadable = [] } = scan.rules ?? {};
  const locations = new Map(scan.drifts.map(({ drift, location }) => [drift.resource.address, location]));
  const violations = judged.flatMap((rule) =>
    rule.violations.map((one): SheetViolation => {
      const { workspace, address, type, path } = one;
      return {
        id: idOf('rule', rule.id, workspace, address, path),
        rule: rule.id,
        title: rule.title,
        severity: rule.severity,
        counts: counts(rule),
        ...{ address, type, workspace, path },
        value: violationValue(one),
        because: becauseText(one),
        origin: originText(rule),
        entry: ledger === undefined ? null : ledger.scanEntry,
        place: placeOf(workspace, locations.get(address)),
      };
    }),
  );
  return {
    violations: distinct(violations),
    rules: [
      ...judged.map((rule): SheetRule => {
        const { id, title, severity, digest, checked, notAssessed } = rule;
        return {
          ...{ id, title, severity, digest, checked },
          origin: originText(rule),
          violations: rule.violations.length,
          notAssessed: notAssessed.map(({ reason, count, first }) => ({
            count,
            text: `${count} ${reason}: ${notAssessedMeaning(reason)}; first ${first.address} in ${first.workspace}`,
          })),
        };
      }),
      ...unreadable.map(
        ({ index, why }): SheetRule => ({
          id: `entry-${index}`,
          title: `Rule of entry ${index}, which cannot be read`,
          severity: 'medium',
          digest: '',
          origin: `entry ${index} of the ledger`,
          checked: 0,
          violations: 0,
          notAssessed: [{ count: 0, text: why }],
        }),
      ),
    ],
  };
}
