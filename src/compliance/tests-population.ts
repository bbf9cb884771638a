import { failed, finding, notAssessed, passed, plural } from './judging.ts';
import type { Evidence, Judged } from './evidence.ts';

/** T1. */
export function populationTest({ population, scans }: Evidence): Judged {
  const { audited, unaudited, events, entries, excluded, difference, uncovered } = population;
  if (audited === 0) return notAssessed('no scan of the period read an audit log', scans.length);
  const left = Object.values(excluded).reduce((sum, n) => sum + n, 0);
  const sums = `${plural(events, 'write')} = ${entries} in entries + ${left} excluded`;
  if (difference !== 0) {
    const faults = scans.flatMap((scan) => {
      const one = scan.statement.predicate.scan.population;
      return one === undefined || one.difference === 0
        ? []
        : [finding(`difference ${one.difference}`, { index: scan.index, digest: scan.digest })];
    });
    return failed(`${sums}, and ${difference} accounted for nowhere`, events, faults);
  }
  const holes = uncovered.map(({ from, to }) => finding(`no audit window covers ${from} to ${to}`, null));
  if (unaudited > 0 || holes.length > 0) {
    return notAssessed(
      `${sums}, difference 0; but ${plural(unaudited, 'scan')} read no audit log, ${plural(holes.length, 'time')} between windows uncovered`,
      events,
      holes,
    );
  }
  return passed(`${sums}; difference 0`, events);
}

/** T9. A change without an actor passes where its verdict says why there is none. */
export function attributionTest({ rows, population }: Evidence): Judged {
  const live = rows.filter((row) => !row.carriedOver && row.class !== 'unapplied');
  if (live.length === 0) return notAssessed('no change was made in the period: not exercised');
  const never = live.filter((row) => row.verdict === 'not-attempted');
  const faults = live.filter((row) => row.attributed && row.when.occurredAt === null && row.class !== 'recorded');
  const findings = [
    ...never.map((row) => finding(`${row.address}: nobody looked for who made the change`, row.entry)),
    ...faults.map((row) => finding(`${row.address}: an actor is named, but no time of the change`, row.entry)),
  ];
  if (population.audited === 0 && never.length === live.length) {
    return notAssessed('no audit log was read, so nobody looked for who made the changes', live.length);
  }
  const named = live.filter((row) => row.attributed).length;
  const coded = live.length - named - never.length;
  const sums = `of ${plural(live.length, 'change')}, ${named} name an actor, ${coded} have a reason code`;
  return findings.length > 0
    ? failed(`${sums}; ${plural(findings.length, 'change')} without either`, live.length, findings)
    : passed(sums, live.length);
}

/** T13. */
export function timeTest({ rows, thresholds }: Evidence): Judged {
  const dated = rows.filter((row) => !row.carriedOver && row.when.occurredAt !== null);
  if (dated.length === 0) return notAssessed('no change of the period has a time of its own: not exercised');
  const skew = thresholds.clockSkewSeconds ?? 0;
  const late = dated.filter(
    (row) => Date.parse(row.when.occurredAt ?? '') > Date.parse(row.when.observedAt) + skew * 1000,
  );
  const bound = `skew bound ${skew} s${thresholds.clockSkewSeconds === undefined ? ' (none is declared)' : ''}`;
  const findings = late.map((row) =>
    finding(`${row.address}: dated ${row.when.occurredAt}, seen ${row.when.observedAt}`, row.entry),
  );
  if (late.length > 0)
    return failed(
      `${late.length} of ${plural(dated.length, 'dated change')} lie after they were seen; ${bound}`,
      dated.length,
      findings,
    );
  return passed(`${plural(dated.length, 'dated change')}, none after it was seen; ${bound}`, dated.length);
}
