import { describe, expect, it } from 'vitest';
import type { ComplianceModel } from '../../src/compliance/model.ts';
import { parseCsv } from '../../src/model/csv.ts';
import { renderCompliance } from '../../src/report/compliance/formats.ts';
import { whole } from '../../src/report/text/chunks.ts';
import type { ComplianceFormat } from '../../src/report/format-names.ts';
import { modelOf } from '../support/compliance-model.ts';
import { htmlText } from '../support/html-text.ts';
import * as month from '../support/month.ts';
import * as evidence from '../support/month-evidence.ts';
import { TEMPLATES } from '../support/rendered.ts';

const HOUR = 3_600_000;
const [FROM, TO] = [Date.UTC(2026, 4, 1), Date.UTC(2026, 5, 1)];
const SLA = { critical: 24, high: 48, medium: 168, low: 720 } as const;
const THRESHOLDS = { cadenceHours: 26, slaHours: SLA, outOfBandRate: 0.5, alertMinutes: 60, retentionDays: 10 };

const entries = await month.recordedMonth();
const MAY = { from: new Date(FROM).toISOString(), to: new Date(TO).toISOString() };
const model = modelOf(entries, {
  ...MAY,
  sample: 10,
  seed: 'may',
  thresholds: THRESHOLDS,
});

// What follows counts the script of the month by itself: nothing of it comes from the code under test.

const NIGHTS = Array.from({ length: 31 }, (_, i) => i + 1).filter((night) => night !== month.NOT_RUN);
const READ = NIGHTS.filter((night) => night !== month.ALL_UNREAD);
const AUDITED = NIGHTS.filter((night) => !month.UNAUDITED.includes(night));
/** How bad each of what happens in the script is. */
const SEVERITY = {
  ...{ ingress: 'critical', access: 'critical', gone: 'high', prepared: 'low', tags: 'info' },
  ...{ timeout: 'medium', two: 'medium', unmanaged: 'medium' },
} as const;

type Drift = month.PlannedDrift;
const inMay = (night: number | null): boolean => night !== null && night >= 1 && night <= 31;
const first = ({ found }: Drift): number => found[0] as number;
const known = month.DRIFTS.filter((one) => first(one) <= 31);
const opened = known.filter((one) => first(one) >= 1);
const ended = known.filter((one) => inMay(one.ended));
const open = known.filter((one) => !inMay(one.ended));
const classOf = ({ verdict, what }: Drift): string => {
  if (verdict === 'by-iac' || verdict === 'service') return verdict === 'by-iac' ? 'in-band' : 'service';
  return what === 'prepared' ? 'unapplied' : 'out-of-band';
};

interface Row {
  readonly address: string;
  readonly class: string;
  readonly verdict: string;
  readonly severity: string;
  readonly night: number;
  readonly hours: number | null;
  readonly standing: string;
  readonly approval: string;
  readonly drift: Drift | null;
  readonly carried: boolean;
}

const NAMES = {
  named: 'approved',
  review: 'approved',
  before: 'approved',
  after: 'approved-afterwards',
  self: 'self-approved',
};
const driftRows = known.flatMap((drift): Row[] =>
  drift.found.map((night, at) => ({
    ...{ address: month.addressOf(drift), class: classOf(drift), verdict: drift.verdict, night, hours: drift.hours },
    severity: SEVERITY[drift.what],
    standing: at < drift.found.length - 1 ? 'moved-on' : inMay(drift.ended) ? 'resolved' : 'open',
    approval: NAMES[drift.approval as keyof typeof NAMES] ?? 'not-evidenced',
    ...{ drift, carried: night < 1 },
  })),
);
const plain = { standing: 'recorded', approval: 'not-evidenced', drift: null, carried: false };
const otherRows: Row[] = [
  { ...plain, ...month.TRANSIENT, class: 'out-of-band', verdict: 'confirmed', severity: 'medium' },
  { ...plain, ...month.KEPT, class: 'in-band', verdict: 'by-iac', severity: 'info' },
  ...month.RECORDED.map((one) => ({ ...plain, ...one, class: 'recorded', verdict: 'stated', severity: 'medium' })),
];
const all = [...driftRows, ...otherRows];
const own = all.filter((row) => !row.carried);
const live = own.filter((row) => row.class !== 'unapplied');

const waived = (drift: Drift): boolean =>
  ['a06'].includes(drift.name) || (drift.what === 'gone' && !inMay(drift.ended));
const ageOf = (drift: Drift): number =>
  (inMay(drift.ended) ? month.seenOn(drift.ended as number) : TO) - month.seenOn(first(drift));
const overdue = (drift: Drift): boolean => {
  const limit = (SLA as Record<string, number>)[SEVERITY[drift.what]];
  return limit !== undefined && ageOf(drift) > limit * HOUR && !waived(drift);
};

function tally(words: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const word of words) sums[word] = (sums[word] ?? 0) + 1;
  return sums;
}

function spread(lengths: readonly number[]): {
  n: number;
  median: number | null;
  p95: number | null;
  max: number | null;
} {
  const sorted = [...lengths].sort((a, b) => a - b);
  if (sorted.length === 0) return { n: 0, median: null, p95: null, max: null };
  // The two in the middle are one where the number is odd.
  const low = sorted[Math.floor((sorted.length - 1) / 2)] as number;
  const high = sorted[Math.floor(sorted.length / 2)] as number;
  const below = sorted.findIndex((one) => sorted.filter((other) => other <= one).length >= 0.95 * sorted.length);
  return { n: sorted.length, median: (low + high) / 2, p95: sorted[below] as number, max: sorted.at(-1) as number };
}

const declared = (['prod', 'staging'] as const).flatMap((name) => month.declaredOn(31, name)).length;
const unread = month.GAPS.filter((one) => one.nights.includes(31)).length;
const detect = live
  .filter((row) => row.drift !== null && row.hours !== null)
  .map((row) => (row.hours as number) * HOUR);
const restore = ended.map(ageOf);
const inBand = live.filter((row) => row.class === 'in-band');
const openBefore = known.filter((one) => first(one) < 1);

const NUMBERS = {
  // Each night two workspaces: one night read nothing, one did not run.
  'scan-success': [2 * READ.length, 2 * 31],
  coverage: [declared - unread, declared],
  'drift-rate': [open.length, declared - unread],
  'out-of-band': [live.filter((row) => row.class === 'out-of-band').length, live.length],
  unattributed: [live.filter((row) => row.hours === null).length, live.length],
  'approval-link': [inBand.filter((row) => row.approval === 'approved').length, inBand.length],
  mttd: [spread(detect).median, detect.length],
  mttr: [spread(restore).median, restore.length],
};

function numberOf(id: keyof typeof NUMBERS): ComplianceModel['numbers'][number] | undefined {
  return model.numbers.find((one) => one.id === id);
}

describe('the report of a month', () => {
  it('is about what the issue asks for', () => {
    expect(NIGHTS).toHaveLength(30);
    expect(own).toHaveLength(60);
    expect(month.WAIVERS.filter((one) => one.night > 0)).toHaveLength(6);
  });

  it('has the eight numbers that the script has', () => {
    expect(Object.fromEntries(model.numbers.map((one) => [one.id, [one.numerator, one.denominator]]))).toEqual(NUMBERS);
    for (const [id, lengths] of [
      ['mttd', detect],
      ['mttr', restore],
    ] as const) {
      const { n, p95, max } = spread(lengths);
      expect(numberOf(id)).toMatchObject({ n, p95, max });
    }
    expect(numberOf('mttr')?.exclusions).toEqual([{ why: 'still open', n: open.length }]);
    const undated = live.filter((row) => row.drift !== null && row.hours === null).length;
    expect(numberOf('mttd')?.exclusions.map((one) => one.n)).toEqual([undated]);
    expect(numberOf('out-of-band')?.exclusions.map((one) => one.n)).toEqual([own.length - live.length]);
  });

  it('adds up its drifts, its changes and the audit log', () => {
    expect(model.balance).toEqual({
      ...{ openBefore: openBefore.length, opened: opened.length },
      ...{ ended: ended.length, stillOpen: open.length },
    });
    const written = AUDITED.map(month.auditedOn).reduce((a, b) => a + b, 0);
    const classes = tally(own.map((row) => row.class));
    expect(model.population).toMatchObject({
      ...{ changes: 60, classes, unattributed: tally(live.filter((row) => row.hours === null).map((r) => r.verdict)) },
      ...{ audited: AUDITED.length, unaudited: NIGHTS.length - AUDITED.length },
      ...{ events: written + 5 * AUDITED.length, entries: written, difference: 0 },
      excluded: { 'in-band': 2 * AUDITED.length, 'not-declared': 3 * AUDITED.length },
    });
    expect(model.population.uncovered).toEqual(
      [
        [9, 10],
        [13, 15],
      ].map(([from, to]) => ({
        from: new Date(month.seenOn(from as number)).toISOString(),
        to: new Date(month.seenOn(to as number)).toISOString(),
      })),
    );
  });

  it('registers each change once, with its class, verdict, severity, standing and approval', () => {
    const told = model.register.map((row) => [
      ...[row.address, row.class, row.verdict, row.severity, row.standing.name, row.approval.standing, row.carriedOver],
      row.when.observedAt,
    ]);
    const wanted = all.map((row) => [
      ...[row.address, row.class, row.verdict, row.severity, row.standing, row.approval, row.carried],
      new Date(month.seenOn(row.night)).toISOString(),
    ]);
    expect(told.map(String).sort()).toEqual(wanted.map(String).sort());
  });

  it('counts ends, ages, returns and declared times', () => {
    const { remediation } = model;
    expect(remediation.endings).toEqual(tally(ended.map((one) => one.resolution as string)));
    const aside = ended.filter((one) => one.resolution === 'accepted' || one.resolution === 'ignored').length;
    expect(remediation.noise).toEqual({ drifts: aside, of: ended.length });
    expect(remediation).toMatchObject({
      restore: spread(restore),
      detect: spread(detect),
      open: spread(open.map(ageOf)),
    });
    const limits = [24, 7 * 24, 30 * 24, 90 * 24].map((most) => open.filter((one) => ageOf(one) <= most * HOUR).length);
    expect(remediation.ages.map((one) => one.drifts)).toEqual(
      [...limits, open.length].map((n, i, sums) => n - (sums[i - 1] ?? 0)),
    );
    for (const one of remediation.sla) {
      const drifts = known.filter((drift) => SEVERITY[drift.what] === one.severity);
      expect([one.severity, one.drifts, one.overdue]).toEqual([
        one.severity,
        drifts.length,
        drifts.filter(overdue).length,
      ]);
    }
    expect(remediation.again.map((one) => [one.address, one.times])).toEqual([
      ['aws_lambda_function.a01', 1],
      ['aws_security_group.a08', 1],
    ]);
  });

  it('tells where each waiver stands, and over which open drifts', () => {
    const stands = model.waivers.map((one) => [
      one.address,
      one.standing,
      one.endsSoon,
      one.selfApproved,
      one.drifts.length,
    ]);
    expect(stands).toEqual([
      ['aws_lambda_function.a06', 'active', false, false, 1],
      ['aws_lambda_function.a28', 'active', true, false, 1],
      ['aws_security_group.a30', 'expired', false, false, 1],
      ['aws_s3_bucket_public_access_block.*', 'revoked', false, false, 0],
      ['aws_lambda_function.a42', 'pending', false, false, 0],
      ['aws_sqs_queue.*', 'active', true, true, 1],
    ]);
  });

  it('has a calendar of every scan, the failed and the missing one, and every gap', () => {
    const { calendar, gaps, workspaces } = model.scope;
    expect(tally(calendar.scans.map((scan) => scan.standing))).toEqual({ failed: 1, partial: 5, ok: 24 });
    expect(calendar.missing.map(({ workspace, scans }) => [workspace, scans])).toEqual([
      ['prod', 1],
      ['staging', 1],
    ]);
    expect(calendar.daysWithout).toEqual(['2026-05-20']);
    expect(calendar.days).toEqual({ scanned: 30, all: 31 });
    expect(workspaces.map((one) => [one.scans, one.longestPause])).toEqual([
      [30, 48 * HOUR],
      [30, 48 * HOUR],
    ]);
    const seen = new Map(gaps.map((one) => [one.address, one]));
    for (const { address, nights } of month.GAPS) {
      expect(seen.get(address)).toMatchObject({ scans: nights.length + 1, persists: nights.includes(31) });
    }
    const names = ['prod', 'staging'] as const;
    const strays = known.filter((one) => one.what === 'unmanaged' && first(one) <= 10 && (one.ended ?? 99) > 10);
    expect(gaps).toHaveLength(names.flatMap((name) => month.declaredOn(10, name)).length + strays.length);
    for (const scan of calendar.scans) {
      const night = new Date(scan.startedAt).getUTCDate();
      const standing = known.filter((one) => first(one) <= night && (one.ended ?? 99) > night).length;
      expect([night, scan.open, scan.drifts]).toEqual([night, standing, night === month.ALL_UNREAD ? 0 : standing]);
    }
  });

  it('counts coverage by account and region, and can be confined to one', () => {
    const names = ['prod', 'staging'] as const;
    const at31 = names.flatMap((name) =>
      month.declaredOn(31, name).map((address) => ({
        place: evidence.placeIn(name, address),
        read: !month.GAPS.some((gap) => gap.address === address && gap.workspace === name && gap.nights.includes(31)),
      })),
    );
    const words = ({ account, region }: { account: string | null; region: string | null }): string =>
      `${account} ${region}`;
    const planned = tally(at31.map(({ place }) => words(place)));
    const compared = tally(at31.filter(({ read }) => read).map(({ place }) => words(place)));
    expect(Object.fromEntries(model.scope.places.map((one) => [words(one), one.planned]))).toEqual(planned);
    expect(Object.fromEntries(model.scope.places.map((one) => [words(one), one.compared]))).toEqual({
      ...Object.fromEntries(Object.keys(planned).map((one) => [one, 0])),
      ...compared,
    });
    const confined = modelOf(entries, { ...MAY, accounts: ['4444*'] });
    const declared = NIGHTS.flatMap((night) => month.declaredOn(night, 'staging'));
    const there = all.filter(
      ({ drift, address }) =>
        drift?.workspace === 'staging' &&
        declared.includes(address) &&
        evidence.placeIn('staging', address).account === '444455556666',
    );
    expect(confined.register.map((row) => row.address).sort()).toEqual(there.map((row) => row.address).sort());
    expect(confined.scope.workspaces.map(({ name }) => name)).toEqual(['staging']);
  });

  it('tells what scanned: each program and each policy, from which scan on', () => {
    const told = model.scope.calendar.scans.map(({ build, policy }) => [build, policy]);
    const wanted = NIGHTS.map((night) => evidence.manifestOn(night)).map((one) => [
      one?.build.sha256 ?? null,
      one?.policy ?? null,
    ]);
    expect(told).toEqual(wanted);
    const builds = [...new Set(wanted.flatMap(([build]) => build ?? []))];
    const { standing, findings } = modelOf(entries, {
      ...MAY,
      thresholds: { ...THRESHOLDS, builds: builds.slice(0, 1) },
    }).tests.find(({ id }) => id === 'T14') as ComplianceModel['tests'][number];
    const others = wanted.filter(([build, policy]) => policy !== null && build !== builds[0]).length;
    expect([standing, findings.length]).toEqual(['fail', others]);
  });

  it('has weeks that add up to the month', () => {
    const edges = [1, 4, 11, 18, 25, 32];
    const weeks = edges.slice(0, -1).map((from, i) => {
      const within = (night: number | null): boolean =>
        night !== null && night >= from && night < (edges[i + 1] as number);
      const until = (edges[i + 1] as number) - 1;
      const over = ended.filter((one) => within(one.ended));
      return {
        opened: tally(known.filter((one) => within(first(one))).map((one) => SEVERITY[one.what])),
        ended: over.length,
        openAtEnd: known.filter((one) => first(one) <= until && (one.ended ?? 99) > until).length,
        scans: NIGHTS.filter(within).length,
        failed: within(month.ALL_UNREAD) ? 1 : 0,
        restore: spread(over.map(ageOf)).median,
        detect: spread(
          live
            .filter((row) => row.drift && row.hours !== null && within(row.night))
            .map((row) => (row.hours as number) * HOUR),
        ).median,
      };
    });
    const told = model.weeks.map(({ from: _, opened: by, ...rest }) => ({
      opened: Object.fromEntries(Object.entries(by).filter(([, n]) => n > 0)),
      ...rest,
    }));
    expect(told).toEqual(weeks);
  });

  it('judges the tests by the same counts', () => {
    const judged = Object.fromEntries(model.tests.map((one) => [one.id, [one.standing, one.because]]));
    const written = AUDITED.map(month.auditedOn).reduce((a, b) => a + b, 0);
    const past = all.filter((row) => row.class === 'out-of-band');
    const late = past.filter((row) => row.drift && row.standing !== 'moved-on' && overdue(row.drift)).length;
    const loud = own.filter((row) => row.drift && ['critical', 'high'].includes(row.severity));
    const delays = loud.flatMap(({ drift, night }) => {
      const told = evidence.RECEIPTS.filter(
        (one) => one.name === drift?.name && one.night === night && one.minutes >= 0,
      );
      return told.length === 0 ? [] : [Math.min(...told.map((one) => one.minutes))];
    });
    const inAnHour = delays.filter((one) => one <= 60).length;
    const inTime = inBand.filter(({ drift }) => ['before', 'review'].includes(drift?.approval ?? '')).length;
    const built = NIGHTS.filter((night) => night >= evidence.MANIFEST_FROM && night !== evidence.FROM_SOURCE);
    const dated = own.filter((row) => row.hours !== null).length;
    const never = live.filter((row) => row.verdict === 'not-attempted').length;
    const [rate] = NUMBERS['out-of-band'];
    expect(judged).toMatchObject({
      T1: [
        'not-assessed',
        `${written + 5 * AUDITED.length} writes = ${written} in entries + ${5 * AUDITED.length} excluded, difference 0; but 3 scans read no audit log, 2 times between windows uncovered`,
      ],
      T2: ['fail', '1 failed scan, 2 workspaces with a pause over 26 h'],
      T3: [
        'pass',
        `each of 30 scans accounts for all it planned; 6 of them list gaps, ${NIGHTS.filter((night) => night >= evidence.PLACED_FROM).length} tell accounts and regions`,
      ],
      T4: [
        'fail',
        `${inTime} of ${inBand.length} in-band changes approved by somebody else beforehand, 2 by their maker or afterwards, ${inBand.filter((row) => row.approval === 'not-evidenced').length} without an approval on record, 1 by a carrier that does not say when; ${2 * AUDITED.length} writes of the pipeline left no entry, so that nothing tells who approved`,
      ],
      T5: [
        'fail',
        `${rate} of ${live.length} changes out-of-band, ${late} beyond their time; at most 50 % are declared`,
      ],
      T7: ['fail', '2 faults in 6 waivers'],
      T8: [
        'fail',
        `${inAnHour} of ${loud.length} told within 60 min, ${delays.length - inAnHour} later, ${loud.length - delays.length} without a receipt; the slowest after ${Math.max(...delays)} min`,
      ],
      T9: [
        'fail',
        `of ${live.length} changes, ${live.filter((row) => row.hours !== null).length} name an actor, ${live.filter((row) => row.hours === null).length - never} have a reason code; ${never} change without either`,
      ],
      T11: ['pass', expect.stringContaining('the oldest entry is 31 days old')],
      T12: [
        'fail',
        `${open.length - open.filter(waived).length} of ${known.length} drifted resources with an open drift`,
      ],
      T13: ['pass', expect.stringContaining(`${dated} dated changes, none after it was seen`)],
      T14: [
        'not-assessed',
        `${built.length} of 30 scans name build and policy: 1 version (0.1.0), 2 builds, 2 policies; 1 scan by a version that did not record them, 1 scan run from source`,
      ],
    });
  });
});

describe('each format of the month', () => {
  const rendered = (format: ComplianceFormat): string => whole(renderCompliance(format, model, TEMPLATES));

  it('as JSON is the model that was counted', () => {
    expect(JSON.parse(rendered('json'))).toEqual(JSON.parse(JSON.stringify(model)));
  });

  it('as CSV has a row a change, by the same counts', () => {
    const [head, ...rows] = parseCsv(rendered('csv')).rows.map((row) => row.cells);
    const column = (name: string): string[] => rows.map((cells) => cells[(head ?? []).indexOf(name)] ?? '');
    expect(rows).toHaveLength(60);
    expect(tally(column('class'))).toEqual(tally(own.map((row) => row.class)));
    expect(tally(column('verdict'))).toEqual(tally(own.map((row) => row.verdict)));
    expect(tally(column('severity'))).toEqual(tally(own.map((row) => row.severity)));
    expect(tally(column('standing'))).toEqual(tally(own.map((row) => row.standing)));
    expect(tally(column('approval'))).toEqual(tally(own.map((row) => row.approval)));
    const late = own.filter((row) => row.drift && row.standing !== 'moved-on' && overdue(row.drift)).length;
    expect(tally(column('overdue'))).toEqual({ true: late, false: 60 - late });
  });

  for (const format of ['markdown', 'html'] as const) {
    it(`as ${format} shows the numbers of the summary, each with its whole`, () => {
      const source = rendered(format);
      // One word after another, whatever separates them.
      const text = (format === 'html' ? htmlText(source) : source).replaceAll(/[\s|]+/g, ' ');
      const labels = {
        ...{ 'scan-success': 'scans completed', coverage: 'resources compared', 'drift-rate': 'resources drifted' },
        ...{ 'out-of-band': 'out-of-band changes', unattributed: 'unattributed changes' },
        'approval-link': 'approved by another',
      } as const;
      for (const [id, label] of Object.entries(labels)) {
        const [part, whole] = NUMBERS[id as keyof typeof labels];
        expect(text).toContain(`${label} ${part} of ${whole} `);
      }
      expect(text).toContain(`over ${detect.length} changes with a time of their own`);
      expect(text).toContain(`over ${restore.length} drifts that ended`);
      expect(text).toContain('30 scans ran, 1 of them failed; by the declared cadence 2 workspace scans did not run');
      expect(text).toContain(
        `Open when the period began 2 + opened ${opened.length} = ended ${ended.length} + still open ${open.length}.`,
      );
      const classes = tally(own.map((row) => row.class));
      for (const [name, n] of Object.entries(classes)) {
        expect(text).toMatch(new RegExp(`${name} [^|]*? ${n} ${((n / 60) * 100).toFixed(1)} %`));
      }
    });
  }
});
