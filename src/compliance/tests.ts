import type { Evidence, Judged } from './evidence.ts';
import type { TestId } from './framework.ts';
import type { TestOutcome } from './model.ts';
import { approvalTest, loggingTest, outOfBandTest, restoreTest } from './tests-change.ts';
import { alertTest, ledgerTest, retentionTest, waiverTest } from './tests-ledger.ts';
import { attributionTest, populationTest, timeTest } from './tests-population.ts';
import { cadenceTest, coverageTest, toolTest } from './tests-scan.ts';

interface Definition {
  readonly id: TestId;
  readonly title: string;
  readonly rule: string;
  readonly judge: (evidence: Evidence) => Judged;
}

const DEFINITIONS: readonly Definition[] = [
  {
    id: 'T1',
    title: 'Population',
    rule: 'every write of the audit log in scope is a change entry or a listed exclusion; difference 0',
    judge: populationTest,
  },
  {
    id: 'T2',
    title: 'Cadence',
    rule: 'no pause between completed scans is longer than declared, and no scan failed',
    judge: cadenceTest,
  },
  {
    id: 'T3',
    title: 'Coverage',
    rule: 'planned = scanned + listed as not scanned; no silent gap',
    judge: coverageTest,
  },
  {
    id: 'T4',
    title: 'Approval',
    rule: 'every in-band change was approved by somebody else before it was made',
    judge: approvalTest,
  },
  {
    id: 'T5',
    title: 'Out-of-band',
    rule: 'their share is at most the declared one, and each was disposed of in its time',
    judge: outOfBandTest,
  },
  {
    id: 'T6',
    title: 'Ledger',
    rule: 'signatures, tree and chain hold, with keys and a checkpoint from elsewhere',
    judge: ledgerTest,
  },
  {
    id: 'T7',
    title: 'Waivers',
    rule: 'none has expired over an open drift; each is approved by somebody else than who asked',
    judge: waiverTest,
  },
  {
    id: 'T8',
    title: 'Alert',
    rule: 'somebody was told of each high or critical drift in the declared time, and the receipt is on record',
    judge: alertTest,
  },
  {
    id: 'T9',
    title: 'Attribution',
    rule: 'each change says what, when, where, by which call and who, or has a reason code',
    judge: attributionTest,
  },
  {
    id: 'T10',
    title: 'Logging drift',
    rule: 'no open drift on trails, recorders, flow logs and where logs are kept',
    judge: loggingTest,
  },
  {
    id: 'T11',
    title: 'Retention',
    rule: 'the oldest entry is as old as the declared retention, and none is missing since',
    judge: retentionTest,
  },
  {
    id: 'T12',
    title: 'Restore',
    rule: 'a later scan shows that each drifted resource agrees again',
    judge: restoreTest,
  },
  {
    id: 'T13',
    title: 'Time',
    rule: 'no change is dated after it was seen, but for the stated skew of clocks',
    judge: timeTest,
  },
  {
    id: 'T14',
    title: 'Tool',
    rule: 'each scan names the version, the build digest and the policy digest it ran with',
    judge: toolTest,
  },
];

/** The fourteen tests, in their order. Pure. */
export function judgeTests(evidence: Evidence): TestOutcome[] {
  return DEFINITIONS.map(({ id, title, rule, judge }) => ({ id, title, rule, findings: [], ...judge(evidence) }));
}
