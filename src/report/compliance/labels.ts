import type { ChangeClass, NumberId, ReportNumber, TestStanding } from '../../compliance/model.ts';
import type { ScanStanding } from '../../compliance/model-scope.ts';
import type { Strength } from '../../compliance/framework.ts';
import { span } from '../text/time.ts';

const NUMBERS: Readonly<Record<NumberId, { readonly label: string; readonly whole: string }>> = {
  'scan-success': { label: 'scans completed', whole: 'workspace scans, run or missing by the cadence' },
  coverage: { label: 'resources compared', whole: 'declared resources, at the last scan of each workspace' },
  'drift-rate': { label: 'resources drifted', whole: 'resources compared, at the last scan of each workspace' },
  'out-of-band': { label: 'out-of-band changes', whole: 'changes' },
  unattributed: { label: 'unattributed changes', whole: 'changes' },
  'approval-link': { label: 'approved by another', whole: 'in-band changes' },
  mttd: { label: 'median time to detect', whole: 'changes with a time of their own' },
  mttr: { label: 'median time to restore', whole: 'drifts that ended' },
};

/** What the eight numbers are called, and what they are a part of. */
export function numberLabel(id: NumberId): { readonly label: string; readonly whole: string } {
  return NUMBERS[id];
}

/** `7`, `2 d 04 h`, `n/a`. */
export function numberValue({ unit, numerator }: Pick<ReportNumber, 'unit' | 'numerator'>): string {
  if (numerator === null) return 'n/a';
  return unit === 'ratio' ? String(numerator) : span(numerator);
}

/** `42.9 %`; n/a of nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? 'n/a' : `${(Math.round((part / whole) * 1000) / 10).toFixed(1)} %`;
}

const CLASSES: Readonly<Record<ChangeClass, string>> = {
  'in-band': 'the known pipeline applied it',
  'out-of-band': 'live was changed past the pipeline',
  unapplied: 'only the configuration moved; live did not',
  recorded: 'somebody recorded it by hand',
  service: 'a cloud service did it by itself',
};

export function classMeaning(name: ChangeClass): string {
  return CLASSES[name];
}

const STANDINGS: Readonly<Record<TestStanding, string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-assessed': 'not assessed',
  waived: 'waived',
};

export function standingWord(standing: TestStanding): string {
  return STANDINGS[standing];
}

const STRENGTHS: Readonly<Record<Strength, string>> = { D: 'direct', P: 'partial', S: 'supporting' };

export function strengthWord(strength: Strength): string {
  return STRENGTHS[strength];
}

const SCANS: Readonly<Record<ScanStanding, string>> = {
  ok: 'read everything',
  partial: 'with gaps',
  failed: 'FAILED: read nothing',
};

export function scanWord(standing: ScanStanding): string {
  return SCANS[standing];
}

/** Which style a standing of a scan takes. */
export function scanTone(standing: ScanStanding): string {
  return standing === 'ok' ? 'clean' : standing === 'partial' ? 'gap' : 'failed';
}
