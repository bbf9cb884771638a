import { scanStanding } from './calendar.ts';
import { refOf, silentGaps } from './coverage.ts';
import { failed, finding, hours, notAssessed, passed, plural } from './judging.ts';
import type { Finding } from './model.ts';
import type { Evidence, Judged } from './evidence.ts';

const HOUR = 3_600_000;

/** T2. A failed scan is a finding, and so is one that did not run. */
export function cadenceTest(evidence: Evidence): Judged {
  return cadenceWithin(evidence, evidence.thresholds.cadenceHours);
}

/** T2 against a longest pause in hours; undefined: none is declared. */
export function cadenceWithin({ scans, workspaces }: Evidence, limit: number | undefined): Judged {
  const broken = scans
    .filter((scan) => scanStanding(scan) === 'failed')
    .map((scan) => finding(`the scan of ${scan.statement.predicate.scan.startedAt} could read nothing`, refOf(scan)));
  if (limit === undefined) {
    if (broken.length > 0)
      return failed(`${plural(broken.length, 'scan')} failed; no cadence is declared`, scans.length, broken);
    return notAssessed('no cadence is declared (compliance.cadenceHours in driftbom.yaml)', scans.length);
  }
  const late = workspaces.flatMap(({ name, longestPause, lastScan }): Finding[] =>
    longestPause !== null && longestPause > limit * HOUR
      ? [finding(`${name}: ${hours(longestPause)} without a completed scan; ${limit} h are declared`, lastScan)]
      : [],
  );
  const findings = [...broken, ...late];
  if (findings.length > 0) {
    return failed(
      `${plural(broken.length, 'failed scan')}, ${plural(late.length, 'workspace')} with a pause over ${limit} h`,
      scans.length,
      findings,
    );
  }
  if (scans.length === 0) return notAssessed('no scan is on record in the period', 0);
  const longest = Math.max(...workspaces.map((one) => one.longestPause ?? 0));
  return passed(
    `the longest pause of ${plural(workspaces.length, 'workspace')} is ${hours(longest)}; ${limit} h are declared`,
    scans.length,
  );
}

/** T3. What is listed with its reason is no silent gap; that it lowers coverage, the controls see. */
export function coverageTest({ scans }: Evidence): Judged {
  if (scans.length === 0) return notAssessed('no scan is on record in the period');
  const silent = scans.flatMap((scan) => {
    const n = silentGaps(scan);
    return n === 0
      ? []
      : [finding(`${plural(n, 'declared resource')} neither compared nor listed as not compared`, refOf(scan))];
  });
  if (silent.length > 0) return failed(`${plural(silent.length, 'scan')} with silent gaps`, scans.length, silent);
  const gaps = scans.filter((scan) => scan.statement.predicate.scan.gaps.length > 0).length;
  return passed(
    `each of ${plural(scans.length, 'scan')} accounts for all it planned; ${gaps} of them list gaps`,
    scans.length,
  );
}

/** T14. What scan entries do not hold cannot be vouched for. */
export function toolTest({ scans }: Evidence): Judged {
  if (scans.length === 0) return notAssessed('no scan is on record in the period');
  const versions = [...new Set(scans.map((scan) => scan.statement.predicate.detector.version))].sort();
  return notAssessed(
    `every scan names the tool's version (${versions.join(', ')}); build and policy digests are no part of scan entries`,
    scans.length,
  );
}
