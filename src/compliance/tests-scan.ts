import type { ScanEntry } from '../model/history.ts';
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
  const placed = scans.filter((scan) => scan.statement.predicate.scan.scope.places !== undefined).length;
  return passed(
    `each of ${plural(scans.length, 'scan')} accounts for all it planned; ${gaps} of them list gaps, ${placed} tell accounts and regions`,
    scans.length,
  );
}

/** T14. A build that ran from source has no digest; entries of older versions hold neither. */
export function toolTest({ scans, thresholds }: Evidence): Judged {
  const allowed = thresholds.builds;
  if (scans.length === 0) return notAssessed('no scan is on record in the period');
  const facts = scans.map((scan) => {
    const { manifest } = scan.statement.predicate.scan;
    return { scan, manifest, build: manifest?.build.sha256 ?? null };
  });
  const told = facts.filter(({ manifest }) => manifest !== undefined);
  const sourced = told.filter(({ build }) => build === null);
  const versions = distinct(scans.map((scan) => scan.statement.predicate.detector.version));
  const builds = distinct(told.flatMap(({ build }) => build ?? []));
  const policies = distinct(told.flatMap(({ manifest }) => manifest?.policy ?? []));
  const sums = `${told.length - sourced.length} of ${plural(scans.length, 'scan')} name build and policy: ${plural(versions.length, 'version')} (${versions.join(', ')}), ${plural(builds.length, 'build')}, ${plural(policies.length, 'policy', 'policies')}`;
  const foreign = allowed === undefined ? [] : told.filter(({ build }) => build === null || !allowed.includes(build));
  if (foreign.length > 0) {
    return failed(
      `${sums}; ${plural(foreign.length, 'scan')} by a build that is not in compliance.builds`,
      scans.length,
      foreign.map(({ scan, manifest, build }) =>
        finding(`build ${build ?? `without a digest: ${manifest?.build.reason}`}`, refOf(scan)),
      ),
    );
  }
  const old = scans.length - told.length;
  if (old > 0 || sourced.length > 0) {
    const lacking = [
      ...(old > 0 ? [`${plural(old, 'scan')} by a version that did not record them`] : []),
      ...(sourced.length > 0 ? [`${plural(sourced.length, 'scan')} run from source`] : []),
    ];
    return notAssessed(`${sums}; ${lacking.join(', ')}`, scans.length);
  }
  return passed(allowed === undefined ? sums : `${sums}; each build is in compliance.builds`, scans.length, [
    ...turns(
      facts.map(({ scan, build }) => ({ scan, digest: build })),
      'build',
    ),
    ...turns(
      facts.map(({ scan, manifest }) => ({ scan, digest: manifest?.policy ?? null })),
      'policy',
    ),
  ]);
}

/** Where a digest is another than that of the scan before. */
function turns(
  steps: readonly { readonly scan: ScanEntry; readonly digest: string | null }[],
  what: string,
): Finding[] {
  return steps.flatMap(({ scan, digest }, i) =>
    i > 0 && digest !== steps[i - 1]?.digest ? [finding(`from here on ${what} ${digest}`, refOf(scan))] : [],
  );
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
