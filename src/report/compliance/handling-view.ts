import { CHANGE_CLASSES, type ComplianceModel, type Spread } from '../../compliance/model.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { span, utc } from '../text/time.ts';
import { type Cut, cut, cutOf } from './cut.ts';
import { classMeaning, percent } from './labels.ts';
import { type RegisterLine, registerLine } from './register-view.ts';

/** All changes by class, and what the audit log says of their number. */
export interface PopulationView {
  readonly classes: readonly {
    readonly name: string;
    readonly meaning: string;
    readonly n: number;
    readonly share: string;
  }[];
  readonly changes: number;
  readonly audit: readonly { readonly name: string; readonly n: string }[];
  readonly uncovered: readonly string[];
  readonly audited: string;
  readonly list: { readonly rows: number; readonly csv: string; readonly jsonl: string };
}

/** Who stands behind changes, counted, and where nobody else does. */
export interface ApprovalsView {
  readonly counts: readonly {
    readonly name: string;
    readonly n: number;
    readonly of: number;
    readonly share: string;
  }[];
  readonly breaches: Cut<RegisterLine>;
}

/** How long drifts stood, and which came back. */
export interface RemediationView {
  readonly spreads: readonly {
    readonly name: string;
    readonly n: number;
    readonly median: string;
    readonly p95: string;
    readonly max: string;
    readonly left: string;
  }[];
  readonly ages: readonly { readonly upTo: string; readonly drifts: number }[];
  readonly sla: readonly {
    readonly severity: string;
    readonly limit: string;
    readonly drifts: number;
    readonly overdue: number;
  }[];
  readonly again: Cut<{ readonly address: string; readonly times: number; readonly entries: readonly EntryRef[] }>;
  readonly endings: readonly { readonly name: string; readonly n: number }[];
  readonly noise: string;
}

export function populationView({ population }: ComplianceModel): PopulationView {
  const { classes, changes, events, entries, excluded, difference, audited, unaudited, uncovered, list } = population;
  return {
    classes: CHANGE_CLASSES.map((name) => ({
      name,
      meaning: classMeaning(name),
      n: classes[name],
      share: percent(classes[name], changes),
    })),
    changes,
    audited: `${audited} of ${count(audited + unaudited, 'scan')} read an audit log`,
    audit:
      audited === 0
        ? []
        : [
            { name: 'successful writes on managed resources', n: String(events) },
            { name: 'recorded in entries', n: `− ${entries}` },
            ...Object.entries(excluded).map(([reason, n]) => ({ name: `excluded: ${reason}`, n: `− ${n}` })),
            { name: 'accounted for nowhere (must be 0)', n: `= ${difference}` },
          ],
    uncovered: uncovered.map(({ from, to }) => `${utc(from)} to ${utc(to)}`),
    list,
  };
}

export function approvalsView({ register }: ComplianceModel): ApprovalsView {
  const own = register.filter((row) => !row.carriedOver && row.class !== 'unapplied');
  const names = ['approved', 'approved-afterwards', 'self-approved', 'not-evidenced'] as const;
  return {
    counts: names.map((name) => {
      const n = own.filter((row) => row.approval.standing === name).length;
      return {
        name: name === 'not-evidenced' ? 'not evidenced by this tool' : name.replaceAll('-', ' '),
        n,
        of: own.length,
        share: percent(n, own.length),
      };
    }),
    breaches: cutOf(
      register.filter(
        (row) => row.approval.standing === 'self-approved' || row.approval.standing === 'approved-afterwards',
      ),
      registerLine,
      { folded: 40, most: 500 },
    ),
  };
}

export function remediationView({ remediation }: ComplianceModel): RemediationView {
  const { detect, detectUnknown, restore, open, ages, sla, again, endings, noise } = remediation;
  const line = (name: string, { n, median, p95, max }: Spread, left: string): RemediationView['spreads'][number] => ({
    name,
    n,
    median: lengthText(median),
    p95: lengthText(p95),
    max: lengthText(max),
    left,
  });
  return {
    spreads: [
      line('time to detect (seen − happened)', detect, `${detectUnknown} without a time of their own`),
      line('time to restore (seen gone − first seen)', restore, `${open.n} still open`),
      line('age of open drifts', open, 'none'),
    ],
    ages,
    sla: sla
      .filter((one) => one.drifts > 0 || one.limit !== null)
      .map((one) => ({ ...one, limit: one.limit === null ? 'none is declared' : span(one.limit) })),
    again: cut(
      again.map((one) => ({ address: one.address, times: one.times, entries: one.entries.map(entryRef) })),
      { folded: 20, most: 200 },
    ),
    endings: Object.entries(endings).map(([name, n]) => ({ name, n })),
    noise: `${noise.drifts} of ${count(noise.of, 'drift')} that ended were accepted or set aside as expected.`,
  };
}

function lengthText(milliseconds: number | null): string {
  return milliseconds === null ? 'n/a' : span(milliseconds);
}
