import { describe, expect, it } from 'vitest';
import { parseFramework } from '../../src/compliance/framework.ts';
import { FRAMEWORK_IDS, frameworkById } from '../../src/compliance/frameworks.ts';
import type { ComplianceModel, TestOutcome } from '../../src/compliance/model.ts';
import type { Actor, Population } from '../../src/model/attribution.ts';
import type { ChangePredicate, Entry } from '../../src/model/entry.ts';
import { annotationEntry, waiverEntry } from '../support/annotation-samples.ts';
import { modelOf, type Wanted } from '../support/compliance-model.ts';
import { LEDGER, ledgerOf, type Night } from '../support/entry-samples.ts';
import { DRIFTS, ref } from '../support/scan-samples.ts';

const PERIOD = { from: '2026-03-10T00:00:00Z', to: '2026-03-14T00:00:00Z' };
const DAYS = ['10', '11', '12', '13'];
const nights = (of: (day: string) => Partial<Night> = () => ({})): Entry[] =>
  ledgerOf(DAYS.map((day) => ({ at: `2026-03-${day}T02:00:00`, ...of(day) })));
const clean = nights();
const drifting = nights((day) => (day === '10' ? {} : { drifts: [DRIFTS.ingress] }));

const ACTOR: Actor = {
  name: 'alice@example.com',
  kind: 'person',
  id: 'arn:a',
  type: 'IAMUser',
  role: null,
  sourceIdentity: null,
  mfa: null,
  via: 'console',
  sourceAddress: null,
  userAgent: null,
  lineage: [],
};

function test(model: ComplianceModel, id: string): TestOutcome {
  return model.tests.find((one) => one.id === id) as TestOutcome;
}

function standing(entries: readonly Entry[], id: string, wanted: Wanted = {}): string {
  return test(modelOf(entries, { ...PERIOD, ...wanted }), id).standing;
}

/** The same entries with another predicate in those that tell of changes. */
function changed(entries: readonly Entry[], alter: (predicate: ChangePredicate) => Partial<ChangePredicate>): Entry[] {
  return entries.map((entry) => {
    const { predicate } = entry.statement;
    if (!('change' in predicate)) return entry;
    return { ...entry, statement: { ...entry.statement, predicate: { ...predicate, ...alter(predicate) } } } as Entry;
  });
}

function audited(entries: readonly Entry[], population: Partial<Population> = {}): Entry[] {
  let from = '2026-03-09T02:00:00Z';
  return entries.map((entry) => {
    if (entry.kind !== 'scan') return entry;
    const { predicate } = entry.statement;
    const own: Population = {
      from,
      to: predicate.scan.startedAt,
      events: 3,
      entries: 1,
      excluded: { service: 2 },
      difference: 0,
      ...population,
    };
    from = predicate.scan.startedAt;
    return {
      ...entry,
      statement: { ...entry.statement, predicate: { ...predicate, scan: { ...predicate.scan, population: own } } },
    };
  });
}

const who = (verdict: 'confirmed' | 'by-iac' | 'none-found', actors: readonly Actor[]) => ({
  verdict,
  actors,
  call: 'ec2:X',
  missing: [],
  searched: null,
});

describe('the tests', () => {
  it('T1 passes on a difference of 0 in every scan, and on nothing less', () => {
    expect(standing(clean, 'T1')).toBe('not-assessed');
    expect(standing(audited(clean), 'T1')).toBe('pass');
    expect(standing(audited(clean, { difference: 1 }), 'T1')).toBe('fail');
    expect(standing([...audited(clean.slice(0, 2)), ...clean.slice(2)], 'T1')).toBe('not-assessed');
    expect(standing(audited(clean, { from: '2026-03-13T00:00:00Z' }), 'T1')).toBe('not-assessed');
  });

  it('T2 needs a declared cadence; a pause over it fails, edges included, and so does a failed scan', () => {
    expect(standing(clean, 'T2')).toBe('not-assessed');
    expect(standing(clean, 'T2', { thresholds: { cadenceHours: 24 } })).toBe('pass');
    expect(standing(clean, 'T2', { thresholds: { cadenceHours: 23 } })).toBe('fail');
    expect(standing(clean, 'T2', { thresholds: { cadenceHours: 24 }, to: '2026-03-20T00:00:00Z' })).toBe('fail');
    const gaps = ['a', 'b'].map(
      (name) => ({ address: `aws_x.${name}`, workspace: 'prod', reason: 'access-denied', message: 'no' }) as const,
    );
    const broken = nights((day) => (day === '12' ? { resources: 2, gaps } : {}));
    const model = modelOf(broken, { ...PERIOD, thresholds: { cadenceHours: 24 } });
    expect(test(model, 'T2').standing).toBe('fail');
    expect(test(model, 'T2').findings[0]?.text).toContain('could read nothing');
    expect(model.scope.calendar.scans.map((scan) => scan.standing)).toEqual(['ok', 'ok', 'failed', 'ok']);
  });

  it('T3 fails on a resource of which nothing is said', () => {
    expect(standing(clean, 'T3')).toBe('pass');
    const silent = clean.map((entry) => {
      if (entry.kind !== 'scan') return entry;
      const { predicate } = entry.statement;
      const summary = { ...predicate.scan.summary, resources: 47 };
      return {
        ...entry,
        statement: { ...entry.statement, predicate: { ...predicate, scan: { ...predicate.scan, summary } } },
      };
    });
    expect(standing(silent, 'T3')).toBe('fail');
  });

  it('T4 wants another approver beforehand; author and approver of one name fail', () => {
    const inBand = (references: readonly string[]): Entry[] =>
      changed(drifting, () => ({
        who: who('by-iac', [ACTOR]),
        why: { status: 'linked', reason: { text: 't', source: 'commit 1', trust: 'high', references }, lookedIn: [] },
      }));
    expect(standing(clean, 'T4')).toBe('not-assessed');
    expect(standing(inBand([]), 'T4')).toBe('fail');
    expect(standing(inBand(['author Kim', 'approved by kim']), 'T4')).toBe('fail');
    expect(test(modelOf(inBand(['author kim', 'approved by lee']), PERIOD), 'T4')).toMatchObject({
      standing: 'not-assessed',
      because: expect.stringContaining('does not say when'),
    });
    const entry = drifting.find((one) => one.kind === 'drift') as Entry;
    const approval = (at: string): Entry =>
      annotationEntry(90, at, { kind: 'approval', about: [entry.digest], by: 'lee' });
    expect(standing([...inBand([]), approval('2026-03-10T01:00:00Z')], 'T4')).toBe('pass');
    expect(standing([...inBand([]), approval('2026-03-13T01:00:00Z')], 'T4')).toBe('fail');
  });

  it('T5 fails beyond the declared time or share, is waived under a waiver, and passes where nothing was done past the pipeline', () => {
    const thresholds = { outOfBandRate: 1, slaHours: { critical: 24 } };
    expect(standing(clean, 'T5')).toBe('pass');
    expect(standing(drifting, 'T5')).toBe('not-assessed');
    expect(standing(drifting, 'T5', { thresholds })).toBe('fail');
    expect(standing(drifting, 'T5', { thresholds: { ...thresholds, slaHours: { critical: 999 } } })).toBe('pass');
    expect(standing(drifting, 'T5', { thresholds: { outOfBandRate: 0.5 } })).toBe('fail');
    const waiver = waiverEntry(80, DRIFTS.ingress.resource.address);
    expect(standing([...drifting, waiver], 'T5', { thresholds })).toBe('waived');
  });

  it('T6 rests on keys and a checkpoint from elsewhere', () => {
    expect(standing(clean, 'T6')).toBe('not-assessed');
    expect(standing(clean, 'T6', { ledger: { anchors: 1 } })).toBe('pass');
    expect(standing(clean, 'T6', { ledger: { anchors: 1, trustedKeys: 'ledger' } })).toBe('not-assessed');
    expect(
      standing(clean, 'T6', { ledger: { anchors: 1, verification: { ...LEDGER.verification, outcome: 'failed' } } }),
    ).toBe('fail');
  });

  it('T7 fails on a waiver of one person alone, and on one that expired over an open drift', () => {
    const { address } = DRIFTS.ingress.resource;
    expect(standing(drifting, 'T7')).toBe('pass');
    expect(standing([...drifting, waiverEntry(80, address)], 'T7')).toBe('pass');
    expect(standing([...drifting, waiverEntry(80, address, { approvedBy: 'Kim@example.com' })], 'T7')).toBe('fail');
    expect(standing([...drifting, waiverEntry(80, address, { until: '2026-03-12T00:00:00Z' })], 'T7')).toBe('fail');
    expect(standing([...clean, waiverEntry(80, address, { until: '2026-03-12T00:00:00Z' })], 'T7')).toBe('pass');
  });

  it('T8 wants a receipt in time', () => {
    const thresholds = { alertMinutes: 15 };
    const drift = drifting.find((one) => one.kind === 'drift') as Entry;
    const told = (at: string): Entry =>
      annotationEntry(90, at, { kind: 'note', about: [drift.digest], text: 'alert: paged on-call' });
    expect(standing(clean, 'T8', { thresholds })).toBe('not-assessed');
    expect(standing(drifting, 'T8', { thresholds })).toBe('fail');
    expect(standing([...drifting, told('2026-03-11T02:10:00Z')], 'T8', { thresholds })).toBe('pass');
    expect(standing([...drifting, told('2026-03-11T03:10:00Z')], 'T8', { thresholds })).toBe('fail');
  });

  it('T9 takes a reason code for an answer, and "nobody looked" for none', () => {
    const dated = (predicate: ChangePredicate) => ({ ...predicate.when, occurredAt: '2026-03-11T01:00:00Z' });
    expect(standing(drifting, 'T9')).toBe('not-assessed');
    expect(
      standing(audited(changed(drifting, (one) => ({ who: who('confirmed', [ACTOR]), when: dated(one) }))), 'T9'),
    ).toBe('pass');
    expect(standing(audited(changed(drifting, () => ({ who: who('none-found', []) }))), 'T9')).toBe('pass');
    expect(standing(audited(drifting), 'T9')).toBe('fail');
  });

  it('T10 looks at what keeps audit logs, and says so where nothing of that kind was compared', () => {
    const trail = { kind: 'changed', resource: ref('aws_cloudtrail.main'), changes: DRIFTS.lambda.changes } as const;
    expect(standing(clean, 'T10')).toBe('not-assessed');
    expect(
      standing(
        nights(() => ({ drifts: [trail] })),
        'T10',
      ),
    ).toBe('fail');
    expect(
      standing(
        nights((day) => ({ drifts: day === '13' ? [] : [trail] })),
        'T10',
      ),
    ).toBe('pass');
    expect(standing([...nights(() => ({ drifts: [trail] })), waiverEntry(80, 'aws_cloudtrail.*')], 'T10')).toBe(
      'waived',
    );
  });

  it('T11, T12, T13 and T14 claim no more than entries hold', () => {
    expect(standing(clean, 'T11')).toBe('not-assessed');
    expect(standing(clean, 'T11', { thresholds: { retentionDays: 3 } })).toBe('pass');
    expect(standing(clean, 'T11', { thresholds: { retentionDays: 365 } })).toBe('not-assessed');
    expect(standing(clean, 'T11', { thresholds: { retentionDays: 3 }, ledger: { erased: 1 } })).toBe('fail');
    expect(standing(clean, 'T12')).toBe('not-assessed');
    expect(standing(drifting, 'T12')).toBe('fail');
    expect(
      standing(
        nights((day) => (day === '11' ? { drifts: [DRIFTS.ingress] } : {})),
        'T12',
      ),
    ).toBe('pass');
    const future = changed(drifting, ({ when }) => ({ when: { ...when, occurredAt: '2026-03-11T02:00:30Z' } }));
    expect([
      standing(drifting, 'T13'),
      standing(future, 'T13'),
      standing(future, 'T13', { thresholds: { clockSkewSeconds: 60 } }),
    ]).toEqual(['not-assessed', 'fail', 'pass']);
    expect(standing(clean, 'T14')).toBe('not-assessed');
  });
});

describe('a control', () => {
  const control = (entries: readonly Entry[], wanted: Wanted, id = 'CC7.1', framework = 'soc2') =>
    modelOf(entries, { ...PERIOD, frameworks: [framework], ...wanted }).frameworks[0]?.controls.find(
      (one) => one.id === id,
    );

  it('passes where its tests pass, with coverage and cadence as declared', () => {
    expect(control(clean, { thresholds: { cadenceHours: 24 } })).toMatchObject({ standing: 'pass', strength: 'D' });
  });

  it('cannot pass while coverage is short, unless less was declared to be enough', () => {
    const gap = { address: 'aws_x.y', workspace: 'prod', reason: 'access-denied', message: 'no' } as const;
    const partial = nights(() => ({ gaps: [gap] }));
    expect(control(partial, { thresholds: { cadenceHours: 24 } })).toMatchObject({
      standing: 'not-assessed',
      because: expect.stringContaining('coverage is short: 45 of 46'),
    });
    expect(control(partial, { thresholds: { cadenceHours: 24, coverage: 0.9 } })?.standing).toBe('pass');
  });

  it('cannot pass while no cadence is declared, whatever its tests say', () => {
    expect(control(clean, { ledger: { anchors: 1 } }, 'A.5.28', 'iso27001')).toMatchObject({
      standing: 'not-assessed',
      because: expect.stringContaining('cadence is short'),
    });
  });

  it('is held to its own cadence where that is tighter', () => {
    const sparse = ledgerOf([{ at: '2026-03-01T02:00:00' }, { at: '2026-03-06T02:00:00' }]);
    const wanted = { from: '2026-03-01T00:00:00Z', to: '2026-03-07T00:00:00Z', thresholds: { cadenceHours: 200 } };
    expect(control(sparse, wanted, 'KSI-MLA-EVC', 'fedramp-20x')?.standing).toBe('fail');
    expect(control(sparse, wanted, 'CC7.1')?.standing).toBe('pass');
  });

  it('names the changes whose rules point to it', () => {
    const found = control(drifting, {}, 'CC6.6');
    expect(found?.evidence).toHaveLength(1);
    expect(found?.alsoNeeded.length).toBeGreaterThan(0);
  });
});

describe('the frameworks', () => {
  it('are all there, each id once, each described in at most twelve words of our own', () => {
    expect(FRAMEWORK_IDS).toEqual([
      'soc2',
      'iso27001',
      'nist-800-53',
      'pci-dss',
      'hipaa',
      'fedramp-20x',
      'cis-aws',
      'dora',
      'nis2',
      'csa-ccm',
      'sox',
    ]);
    for (const id of FRAMEWORK_IDS) {
      const framework = frameworkById(id);
      expect(framework.id).toBe(id);
      for (const one of framework.controls) {
        expect(one.about.split(/\s+/).length).toBeLessThanOrEqual(12);
        if (one.strength !== 'D') expect(one.alsoNeeded?.length ?? 0).toBeGreaterThan(0);
      }
    }
  });

  it('may be the user’s own, and are refused with every fault at once', () => {
    const own = {
      id: 'own',
      title: 'Ours',
      version: '1',
      controls: [{ id: 'A', about: 'one', tests: ['T1'], strength: 'P' }],
    };
    expect(parseFramework(JSON.stringify(own), 'own.json').id).toBe('own');
    const long = { ...own, id: 'No Good', controls: [{ ...own.controls[0], about: 'w '.repeat(13), tests: ['T15'] }] };
    expect(() => parseFramework(JSON.stringify(long), 'own.json')).toThrow(/3 fault/);
    expect(() => parseFramework(JSON.stringify({ ...own, controls: [own.controls[0], own.controls[0]] }), 'o')).toThrow(
      'stands twice',
    );
    expect(() => parseFramework('{', 'own.json')).toThrow('no JSON');
  });
});
