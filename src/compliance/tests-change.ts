import { postureOf } from '../resources/posture.ts';
import { typeOf } from './coverage.ts';
import { failed, finding, notAssessed, passed, plural } from './judging.ts';
import type { ApprovalStanding, RegisterRow } from './model.ts';
import type { Evidence, Judged } from './evidence.ts';

/** T4. Writes that the audit log counts as in-band and that left no entry have no approval on record here. */
export function approvalTest({ rows, population }: Evidence): Judged {
  const inBand = rows.filter((row) => !row.carriedOver && row.class === 'in-band');
  const of = (...standings: readonly ApprovalStanding[]): RegisterRow[] =>
    inBand.filter((row) => standings.includes(row.approval.standing));
  const faults = of('self-approved', 'approved-afterwards');
  const lacking = of('not-evidenced');
  const lacks = (what: RegisterRow['approval']['lacks']): number =>
    of('approved').filter((row) => row.approval.lacks === what).length;
  const [undated, anonymous, loose] = [lacks('time'), lacks('author'), lacks('link')];
  const good = of('approved').length - undated - anonymous - loose;
  const unseen = population.excluded['in-band'] ?? 0;
  const sums = [
    `${good} of ${plural(inBand.length, 'in-band change')} approved by somebody else beforehand`,
    ...(faults.length > 0 ? [`${faults.length} by their maker or afterwards`] : []),
    ...(lacking.length > 0 ? [`${lacking.length} without an approval on record`] : []),
    ...(undated > 0 ? [`${undated} by a carrier that does not say when`] : []),
    ...(loose > 0 ? [`${loose} by a carrier that is tied to the change by its time alone`] : []),
    ...(anonymous > 0 ? [`${anonymous} by a carrier that does not say who wrote it`] : []),
  ].join(', ');
  const rest =
    unseen > 0 ? `; ${plural(unseen, 'write')} of the pipeline left no entry, so that nothing tells who approved` : '';
  const findings = [...faults, ...lacking].map((row) => finding(`${row.address}: ${row.approval.standing}`, row.entry));
  if (findings.length > 0) return failed(sums + rest, inBand.length, findings);
  if (inBand.length === 0 && unseen === 0) return notAssessed('no in-band change is on record: not exercised');
  if (unseen + undated + anonymous + loose > 0) return notAssessed(sums + rest, inBand.length);
  return passed(sums, inBand.length);
}

/** T5. */
export function outOfBandTest({ rows, scans, thresholds }: Evidence): Judged {
  if (scans.length === 0) return notAssessed('no scan is on record in the period');
  const own = rows.filter((row) => !row.carriedOver && row.class !== 'unapplied');
  const items = rows.filter((row) => row.class === 'out-of-band');
  const current = own.filter((row) => row.class === 'out-of-band').length;
  const rate = own.length === 0 ? 0 : current / own.length;
  const over = items.filter((row) => row.standing.overdue);
  const excused = items.filter((row) => row.standing.name === 'open' && row.waiver?.complete === true);
  const most = thresholds.outOfBandRate;
  const findings = over.map((row) => finding(`${row.address}: not disposed of by ${row.standing.due}`, row.entry));
  const sums = `${current} of ${plural(own.length, 'change')} out-of-band, ${over.length} beyond their time`;
  if (over.length > 0 || (most !== undefined && rate > most)) {
    return failed(most === undefined ? sums : `${sums}; at most ${percent(most)} are declared`, items.length, findings);
  }
  if (items.length === 0) return passed('no change was made past the pipeline', own.length);
  if (
    most === undefined ||
    items.some(
      (row) => row.standing.due === null && row.standing.name !== 'recorded' && row.standing.name !== 'moved-on',
    )
  ) {
    return notAssessed(
      `${sums}; no threshold or no time limit is declared (compliance.outOfBandRate, compliance.slaHours)`,
      items.length,
    );
  }
  if (excused.length > 0) {
    return {
      standing: 'waived',
      because: `${sums}; ${excused.length} open under a waiver`,
      n: items.length,
      findings: excused.map((row) => finding(`${row.address}: waived until ${row.waiver?.until}`, row.entry)),
    };
  }
  return passed(sums, items.length);
}

/** T10. Where no such resource was compared, nothing can be said. */
export function loggingTest({ rows, scans }: Evidence): Judged {
  const keeps = (type: string): boolean => postureOf(type).auditLog === true;
  const compared = new Set(
    scans.flatMap((scan) =>
      scan.statement.predicate.scan.scope.compared.flatMap((one) =>
        one.addresses.filter((address) => keeps(typeOf(address))).map((address) => `${one.workspace} ${address}`),
      ),
    ),
  ).size;
  const open = rows.filter((row) => keeps(row.type) && row.standing.name === 'open');
  if (open.length > 0)
    return openJudged(open, compared, 'resource that keeps audit logs', 'resources that keep audit logs');
  if (compared === 0) return notAssessed('no resource that keeps audit logs was compared');
  return passed(`no open drift on ${plural(compared, 'resource')} that keep audit logs`, compared);
}

/** T12. An end that no scan saw as agreement (a rule set it aside, nobody declares it) restores nothing. */
export function restoreTest({ rows, scans }: Evidence): Judged {
  if (scans.length === 0) return notAssessed('no scan is on record in the period');
  const drifts = rows.filter((row) => row.standing.name === 'open' || row.standing.name === 'resolved');
  if (drifts.length === 0) return notAssessed('nothing drifted: not exercised');
  const open = drifts.filter((row) => row.standing.name === 'open');
  if (open.length > 0) return openJudged(open, drifts.length, 'drifted resource', 'drifted resources');
  const aside = drifts.filter(
    (row) => row.standing.resolution === 'ignored' || row.standing.resolution === 'no-longer-declared',
  );
  if (aside.length > 0) {
    return failed(
      `${aside.length} of ${plural(drifts.length, 'drift')} ended without agreement`,
      drifts.length,
      aside.map((row) => finding(`${row.address}: ended as ${row.standing.resolution}`, row.entry)),
    );
  }
  return passed(`a later scan saw each of ${plural(drifts.length, 'drift')} in agreement`, drifts.length);
}

/** Open drifts fail a test, unless waivers cover each of them. */
function openJudged(open: readonly RegisterRow[], n: number, one: string, many: string): Judged {
  const bare = open.filter((row) => row.waiver?.complete !== true);
  const findings = open.map((row) =>
    finding(
      `${row.address}: open since ${row.standing.firstSeen}${row.waiver?.complete === true ? `, waived until ${row.waiver.until}` : ''}`,
      row.entry,
    ),
  );
  if (bare.length > 0) return failed(`${bare.length} of ${plural(n, one, many)} with an open drift`, n, findings);
  return {
    standing: 'waived',
    because: `${open.length} of ${plural(n, one, many)} with an open drift, all waived`,
    n,
    findings,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
