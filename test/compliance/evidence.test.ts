import { describe, expect, it } from 'vitest';
import type { ComplianceModel, TestOutcome } from '../../src/compliance/model.ts';
import type { Authorisation, Actor } from '../../src/model/attribution.ts';
import type { ChangePredicate, Entry, ScanPredicate } from '../../src/model/entry.ts';
import { RECEIPT_TOPIC } from '../../src/model/receipt.ts';
import { annotationEntry } from '../support/annotation-samples.ts';
import { modelOf, type Wanted } from '../support/compliance-model.ts';
import { ledgerOf } from '../support/entry-samples.ts';
import { DRIFTS } from '../support/scan-samples.ts';

const PERIOD = { from: '2026-03-10T00:00:00Z', to: '2026-03-14T00:00:00Z' };
const DAYS = ['10', '11', '12', '13'];
const clean = ledgerOf(DAYS.map((day) => ({ at: `2026-03-${day}T02:00:00` })));
const drifting = ledgerOf(
  DAYS.map((day) => ({ at: `2026-03-${day}T02:00:00`, ...(day === '10' ? {} : { drifts: [DRIFTS.ingress] }) })),
);
const DRIFT = drifting.find((one) => one.kind === 'drift') as Entry;
const SEEN = Date.parse((DRIFT.statement.predicate as ChangePredicate).when.observedAt);
const BUILD = 'ab'.repeat(32);
const POLICY = 'cd'.repeat(32);

function test(entries: readonly Entry[], id: string, wanted: Wanted = {}): TestOutcome {
  return modelOf(entries, { ...PERIOD, ...wanted }).tests.find((one) => one.id === id) as TestOutcome;
}

/** The same entries with scans altered, each by its place among them. */
function scans(
  entries: readonly Entry[],
  alter: (scan: ScanPredicate['scan'], nth: number) => ScanPredicate['scan'],
): Entry[] {
  let nth = 0;
  return entries.map((entry) => {
    if (entry.kind !== 'scan') return entry;
    const { predicate } = entry.statement;
    const scan = alter(predicate.scan, nth++);
    return { ...entry, statement: { ...entry.statement, predicate: { ...predicate, scan } } };
  });
}

function changes(entries: readonly Entry[], alter: (predicate: ChangePredicate) => Partial<ChangePredicate>): Entry[] {
  return entries.map((entry) => {
    const { predicate } = entry.statement;
    if (!('change' in predicate)) return entry;
    return { ...entry, statement: { ...entry.statement, predicate: { ...predicate, ...alter(predicate) } } } as Entry;
  });
}

const built = (sha256: string | null = BUILD, policy = POLICY) => ({
  manifest: { build: { sha256, reason: sha256 === null ? 'run from source' : null }, policy },
});

describe('T14', () => {
  it('passes where every scan names its build and its policy, and tells from where on they are others', () => {
    const all = scans(clean, (scan, nth) => ({ ...scan, ...built(BUILD, nth < 2 ? POLICY : 'ef'.repeat(32)) }));
    const outcome = test(all, 'T14');
    expect(outcome).toMatchObject({
      standing: 'pass',
      n: 4,
      because: '4 of 4 scans name build and policy: 1 version (0.1.0), 1 build, 2 policies',
    });
    expect(outcome.findings).toEqual([
      { text: `from here on policy ${'ef'.repeat(32)}`, entry: expect.objectContaining({ index: all[2]?.index }) },
    ]);
  });

  it('is not assessed for scans of older versions and for scans run from source, with their number', () => {
    expect(test(clean, 'T14')).toMatchObject({
      standing: 'not-assessed',
      because: expect.stringMatching(/^0 of 4 .*; 4 scans by a version/),
    });
    const some = scans(clean, (scan, nth) => (nth === 0 ? scan : { ...scan, ...built(nth === 1 ? null : BUILD) }));
    expect(test(some, 'T14')).toMatchObject({
      standing: 'not-assessed',
      because: expect.stringMatching(
        /^2 of 4 scans .*; 1 scan by a version that did not record them, 1 scan run from source$/,
      ),
    });
  });

  it('fails on a build that is not in the declared list, from source included, and never on old entries', () => {
    const wanted = (...builds: string[]): Wanted => ({ thresholds: { builds } });
    const all = scans(clean, (scan, nth) => ({ ...scan, ...built(nth === 3 ? null : BUILD) }));
    expect(test(all, 'T14', wanted(BUILD))).toMatchObject({
      standing: 'fail',
      because: expect.stringContaining('1 scan by a build that is not in compliance.builds'),
      findings: [{ text: 'build without a digest: run from source', entry: { index: all[3]?.index } }],
    });
    const whole = scans(clean, (scan) => ({ ...scan, ...built() }));
    expect(test(whole, 'T14', wanted(POLICY)).findings).toHaveLength(4);
    expect(test(whole, 'T14', wanted(POLICY, BUILD)).standing).toBe('pass');
    expect(test(clean, 'T14', wanted(BUILD)).standing).toBe('not-assessed');
  });
});

describe('T8', () => {
  const thresholds = { alertMinutes: 15 };
  const receipt = (minutes: number, more: object = {}, index = 90): Entry =>
    annotationEntry(index, new Date(SEEN + minutes * 60_000).toISOString(), {
      kind: 'note',
      about: [DRIFT.digest],
      topic: RECEIPT_TOPIC,
      facts: { via: 'sns', receipt: 'm-1', to: null },
      ...more,
    });
  const judged = (...said: Entry[]): TestOutcome => test([...drifting, ...said], 'T8', { thresholds });

  it('takes a receipt for one, whatever its text, and a note of any other topic for none', () => {
    expect(judged(receipt(14))).toMatchObject({
      standing: 'pass',
      because: 'all 1 told within 15 min; the slowest after 14 min',
    });
    expect(judged(receipt(14, { topic: 'incident.timeline' })).standing).toBe('fail');
    expect(judged(receipt(14, { kind: 'approval' })).standing).toBe('fail');
  });

  it('goes by the first receipt, to the millisecond, and by none from before the drift was seen', () => {
    expect(judged(receipt(600), receipt(15, {}, 91)).standing).toBe('pass');
    expect(judged(receipt(15.01))).toMatchObject({
      standing: 'fail',
      because: '0 of 1 told within 15 min, 1 later, 0 without a receipt; the slowest after 16 min',
    });
    expect(judged(receipt(-5))).toMatchObject({
      standing: 'fail',
      because: '0 of 1 told within 15 min, 0 later, 1 without a receipt',
    });
    const skewed = { thresholds: { ...thresholds, clockSkewSeconds: 300 } };
    expect(test([...drifting, receipt(-5)], 'T8', skewed).standing).toBe('pass');
  });
});

describe('T4', () => {
  const ACTOR: Actor = {
    ...{
      name: 'repo:acme/infra',
      kind: 'pipeline',
      id: 'arn:a',
      type: 'AssumedRole',
      role: 'arn:r',
      sourceIdentity: null,
    },
    ...{ mfa: null, via: 'terraform', sourceAddress: null, userAgent: null, lineage: [] },
  };
  const WRITES = ['2026-03-11T01:00:00Z', '2026-03-11T01:10:00Z'];
  const inBand = (authorisation?: Authorisation): Entry[] =>
    changes(drifting, ({ when }) => ({
      who: { verdict: 'by-iac', actors: [ACTOR], call: 'ec2:X', missing: [], searched: null },
      when: { ...when, occurredAt: WRITES[1] as string },
      evidence: WRITES.map((eventTime) => ({
        name: 'cloudtrail-event',
        digest: { sha256: BUILD },
        annotations: { eventTime },
      })),
      why: {
        status: 'linked',
        lookedIn: [],
        reason: {
          ...{ text: 't', source: 'commit 1', trust: 'high', references: ['approved by kim'] },
          ...(authorisation === undefined ? {} : { authorisation }),
        },
      },
    }));
  const by = (name: string, at: string | null, basis: 'review' | 'trailer' | 'change record' | null = 'review') => ({
    by: name,
    at,
    basis,
  });
  const judged = (given?: Omit<Authorisation, 'source' | 'trust'>, trust: Authorisation['trust'] = 'medium') => {
    const authorisation = given && { source: 'commit 1', trust, ...given };
    const { standing, because } = test(inBand(authorisation), 'T4');
    return [standing, because];
  };

  it('takes an approval of the carrier that is older than the first write and by another than the author', () => {
    const authors = ['kim'];
    expect(judged({ authors, approvals: [by('lee', '2026-03-11T00:59:00Z')] })).toEqual([
      'pass',
      '1 of 1 in-band change approved by somebody else beforehand',
    ]);
    expect(judged({ authors, approvals: [by('lee', '2026-03-11T01:05:00Z')] })[0]).toBe('fail');
    expect(judged({ authors, approvals: [by('github:kim', '2026-03-11T00:59:00Z')] })[0]).toBe('fail');
    expect(
      judged({ authors, approvals: [by('kim', '2026-03-11T00:10:00Z'), by('lee', '2026-03-11T00:20:00Z')] })[0],
    ).toBe('pass');
    expect(judged({ authors, approvals: [] })[0]).toBe('fail');
  });

  it('says of what cannot be held against the change what is missing', () => {
    expect(judged({ authors: ['ann'], approvals: [by('lee', null, null)] })).toEqual([
      'not-assessed',
      '0 of 1 in-band change approved by somebody else beforehand, 1 by a carrier that does not say when',
    ]);
    expect(judged({ authors: [], approvals: [by('lee', '2026-03-10T00:00:00Z')] })[1]).toContain(
      'does not say who wrote it',
    );
    expect(judged({ authors: [], approvals: [by('lee', '2026-03-10T00:00:00Z', 'change record')] })[0]).toBe('pass');
    expect(judged({ authors: ['ann'], approvals: [by('lee', '2026-03-10T00:00:00Z')] }, 'low')).toEqual([
      'not-assessed',
      '0 of 1 in-band change approved by somebody else beforehand, 1 by a carrier that is tied to the change by its time alone',
    ]);
    expect(judged()[1]).toContain('does not say when');
  });

  it('never passes over writes of the pipeline that left no entry, and counts them', () => {
    const population = {
      from: null,
      to: '2026-03-11T02:00:00Z',
      events: 3,
      entries: 1,
      excluded: { 'in-band': 2 },
      difference: 0,
    };
    const approved = inBand({
      source: 'commit 1',
      trust: 'high',
      authors: ['kim'],
      approvals: [by('lee', '2026-03-11T00:59:00Z')],
    });
    expect(
      test(
        scans(approved, (scan) => ({ ...scan, population })),
        'T4',
      ),
    ).toMatchObject({
      standing: 'not-assessed',
      because:
        '1 of 1 in-band change approved by somebody else beforehand; 8 writes of the pipeline left no entry, so that nothing tells who approved',
    });
  });
});

describe('accounts and regions', () => {
  const [A, B] = ['111122223333', '444455556666'];
  const place = (account: string | null, region: string | null, workspace: string, addresses: readonly string[]) => ({
    ...{ workspace, provider: 'registry.terraform.io/hashicorp/aws', account, region, addresses },
  });
  const placed = scans(drifting, (scan) => {
    const [prod, staging] = ['prod', 'staging'].map(
      (name) => scan.scope.compared.find(({ workspace }) => workspace === name)?.addresses ?? [],
    ) as [readonly string[], readonly string[]];
    const places = [
      place(A, 'eu-central-1', 'prod', prod.slice(0, 20)),
      place(A, null, 'prod', prod.slice(20)),
      place(B, 'us-east-1', 'staging', staging),
    ];
    return { ...scan, scope: { ...scan.scope, places: places.filter(({ addresses }) => addresses.length > 0) } };
  });
  const model = modelOf(placed, PERIOD);
  const confined = (wanted: Wanted): ComplianceModel => modelOf(placed, { ...PERIOD, ...wanted });

  it('are counted, and add up to what is counted by type and by workspace', () => {
    const { coverage, places, workspaces } = model.scope;
    const sum = (rows: readonly { readonly planned: number }[]): number =>
      rows.reduce((all, one) => all + one.planned, 0);
    expect(sum(places)).toBe(sum(coverage));
    expect(sum(places)).toBe(sum(workspaces));
    for (const { account, region, planned, compared } of places) {
      const cells = coverage.filter((one) => one.account === account && one.region === region);
      expect([sum(cells), cells.reduce((all, one) => all + one.compared, 0)]).toEqual([planned, compared]);
    }
    expect(places.map(({ account, region }) => [account, region])).toContainEqual([A, null]);
  });

  it('confine a report to what lies there, and a workspace without anything there is not told of', () => {
    const workspaces = (wanted: Wanted): string[] => confined(wanted).scope.workspaces.map(({ name }) => name);
    const names = model.scope.workspaces.map(({ name }) => name);
    expect(workspaces({ accounts: ['*'] })).toEqual(names);
    expect(workspaces({ accounts: ['1*'] })).toEqual(['prod']);
    const here = confined({ accounts: [A], regions: ['eu-*'] });
    expect(here.scope.places).toEqual([{ account: A, region: 'eu-central-1', planned: 20, compared: 20 }]);
    expect(here.tests.find(({ id }) => id === 'T3')?.standing).toBe('pass');
    expect(confined({ accounts: ['9*'] }).scope.workspaces).toEqual([]);
  });

  it('leave out a change of a resource that lies elsewhere, or of which no scan tells where', () => {
    const { address } = DRIFTS.ingress.resource;
    const all = placed.filter(({ kind }) => kind === 'scan').length;
    expect(model.register.map((row) => row.address)).toEqual([address]);
    expect(confined({ accounts: [A] }).register).toHaveLength(1);
    expect(confined({ accounts: [B] }).register).toEqual([]);
    expect(confined({ accounts: [A] }).scope.calendar.scans).toHaveLength(all);
    expect(modelOf(drifting, { ...PERIOD, accounts: [A] }).register).toEqual([]);
  });
});
