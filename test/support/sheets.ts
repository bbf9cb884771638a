import type { renderMachine } from '../../src/report/formats/machine.ts';
import type { Sheet } from '../../src/report/formats/sheet.ts';
import { sheetOfCompliance } from '../../src/report/formats/sheet-of-compliance.ts';
import { sheetOfScan } from '../../src/report/formats/sheet-of-scan.ts';
import { FRAMEWORK_IDS } from '../../src/compliance/frameworks.ts';
import type { ComplianceModel } from '../../src/compliance/model.ts';
import type { Entry } from '../../src/model/entry.ts';
import { modelOf } from './compliance-model.ts';
import { LEDGERS } from './entry-samples.ts';
import { SCANS } from './scan-samples.ts';

type Format = Parameters<typeof renderMachine>[0];

const SCAN_FORMATS = ['junit', 'sarif', 'ocsf', 'gitlab', 'slack'] as const satisfies readonly Format[];
export const ALL_FORMATS = [...SCAN_FORMATS, 'oscal', 'oscal-poam'] as const satisfies readonly Format[];

export interface Named {
  readonly name: string;
  readonly sheet: Sheet;
  readonly formats: readonly Format[];
}

/** A report over a sample ledger, judged against every framework, with thresholds that some of it breaks. */
export function judgedModel(entries: readonly Entry[]): ComplianceModel {
  return modelOf(entries, {
    from: '2026-03-09T00:00:00Z',
    to: '2026-03-15T00:00:00Z',
    frameworks: FRAMEWORK_IDS,
    thresholds: { cadenceHours: 24, coverage: 0.9, outOfBandRate: 0.1, slaHours: { high: 24, critical: 4 } },
    ledger: { trustedKeys: 'given', anchors: 1 },
  });
}

/** Every sample scan and every sample ledger, each with the formats that it has. */
export function allSheets(): Named[] {
  const scans = Object.entries(SCANS).map(([name, report]) => ({
    name: `scan ${name}`,
    sheet: sheetOfScan(report),
    formats: SCAN_FORMATS,
  }));
  const ledgers = Object.entries(LEDGERS).map(([name, entries]) => ({
    name: `report ${name}`,
    sheet: sheetOfCompliance(judgedModel(entries)),
    formats: ALL_FORMATS,
  }));
  return [...scans, ...ledgers];
}

/** A sheet of so many drifts and gaps, for limits. */
export function bigSheet(drifts: number, gaps: number): Sheet {
  const small = sheetOfScan(SCANS.drift);
  const [drift, gap] = [small.drifts[0], small.gaps[0]];
  if (drift === undefined || gap === undefined) throw new Error('the sample has no drift or no gap');
  return {
    ...small,
    drifts: Array.from({ length: drifts }, (_, i) => ({
      ...drift,
      id: `d${i}`,
      key: `k${i}`,
      address: `aws_sqs_queue.q[${i}]`,
      severity: i % 7 === 6 ? ('critical' as const) : ('low' as const),
    })),
    gaps: Array.from({ length: gaps }, (_, i) => ({ ...gap, id: `g${i}`, address: `aws_kms_key.k[${i}]` })),
  };
}
