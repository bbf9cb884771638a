import { describe, expect, it } from 'vitest';
import { addressMatches } from '../../src/report/incident/select.ts';
import { incidentView, type IncidentOptions } from '../../src/report/incident/view.ts';
import { LEDGER, LEDGERS, ledgerOf, TOOL } from '../support/entry-samples.ts';
import { incident } from '../support/rendered.ts';
import { change, DRIFTS, ref } from '../support/scan-samples.ts';

function brief(more: Partial<IncidentOptions> = {}, entries = LEDGERS.week as Parameters<typeof incidentView>[0]) {
  return incidentView(entries, { ledger: LEDGER, tool: TOOL, generatedAt: '2026-03-14T08:22:00.000Z', ...more });
}

describe('the incident brief', () => {
  it('shows what is in effect, the latest first, and counts what is over', () => {
    const view = brief();
    expect(view.headline).toBe('4 drifts are in effect');
    expect(view.changes.map((one) => one.address)).toEqual([
      'module.orders.aws_lambda_function.ingest',
      'aws_security_group.bastion',
      'aws_db_instance.main',
      'aws_s3_bucket.reports',
    ]);
    expect(view.leftOut).toEqual([{ why: 'was over before', count: 3, addresses: expect.any(Array) }]);
  });

  it('answers what, before, after, when, who and why, and says "not recorded" rather than guess', () => {
    const [first] = brief({ resource: 'module.orders' }).changes;
    expect(first).toMatchObject({
      address: 'module.orders.aws_lambda_function.ingest',
      who: 'not recorded (no audit log was given)',
      why: 'not recorded',
      entry: { index: 11 },
    });
    expect(first?.changes[0]).toMatchObject({ path: 'timeout', before: '5', after: '900' });
    expect(first?.window).toContain('began between 2026-03-10 02:03:12 UTC and 2026-03-11 02:03:11 UTC');
  });

  it('shows a drift as it stood when the incident began, and names what came later', () => {
    const [first] = brief({ at: '2026-03-11T01:00:00Z', resource: 'module.orders' }).changes;
    expect(first?.entry.index).toBe(7);
    expect(first?.later.map((entry) => entry.index)).toEqual([11]);
  });

  it('finds a change made two days before the page, when it is still in effect', () => {
    const night = ledgerOf([
      { at: '2026-03-13T02:00:00' },
      { at: '2026-03-14T04:00:00', drifts: [DRIFTS.lambda] },
      { at: '2026-03-16T04:00:00', drifts: [DRIFTS.lambda] },
    ]);
    const view = brief({ at: '2026-03-16T08:22:00Z', generatedAt: '2026-03-16T08:25:00Z' }, night);
    expect(view.changes.map((one) => one.address)).toEqual([DRIFTS.lambda.resource.address]);
  });

  it('leaves out what surely began after the incident, and says so', () => {
    const view = brief({ at: '2026-03-10T12:00:00Z' });
    const after = view.leftOut.find((one) => one.why === 'began after the incident');
    expect(after?.addresses).toEqual(['aws_security_group.bastion', 'aws_db_instance.main']);
  });

  it('takes in a drift that is over again where the question looks back far enough', () => {
    const view = brief({ since: '2026-03-10T12:00:00Z' });
    expect(view.headline).toBe('4 drifts are in effect, 2 are over again');
    const over = [...view.changes, ...view.more].filter((one) => one.standing.name === 'resolved');
    expect(over.map((one) => one.remedies)).toEqual([[], []]);
  });

  it('stays one screen: five drifts in full, every other in one line', () => {
    const drifts = Array.from({ length: 9 }, (_, i) => ({
      kind: 'changed' as const,
      resource: ref(`aws_x.y[${i}]`),
      changes: [change('v', 1, 2), change('w', 1, 2), change('x', 1, 2), change('y', 1, 2)],
    }));
    const view = brief({}, ledgerOf([{ at: '2026-03-14T02:00:00', drifts }]));
    expect([view.changes.length, view.more.length, view.glance.length]).toEqual([5, 4, 9]);
    expect(view.glance[0]?.glance).toBe('v 1 → 2, w 1 → 2, x 1 → 2 and 1 more');
  });

  it('says how far its evidence reaches, and what the last scan could not see', () => {
    const view = brief();
    expect(view.horizon).toMatchObject({
      at: '2026-03-14 02:03:11 UTC',
      age: '6 h 18 m',
      audit: 'No audit log was read.',
    });
    expect(view.gaps.groups[0]?.gaps[0]?.address).toBe('aws_kms_key.main');
  });

  it('says that nothing is known where no scan is on record', () => {
    expect(brief({}, []).horizon).toBeNull();
    expect(incident('empty', 'markdown')).toContain('nothing is known');
  });

  it('prints the way back as commands, quoted, for the drift at the top', () => {
    expect(incident('week', 'markdown')).toContain(
      "terraform plan -target='module.orders.aws_lambda_function.ingest' -out=revert.tfplan",
    );
  });

  it('has a target for each of its links', () => {
    const html = incident('week', 'html');
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`);
  });
});

describe('the choice of resources', () => {
  it('takes an address, all that lies below it, or a pattern', () => {
    const address = 'module.a["x"].aws_lambda_function.f[0]';
    for (const wanted of [undefined, address, 'module.a', 'module.a["x"]', '*lambda*', 'module.*.f[0]', 'module.a*']) {
      expect(addressMatches(address, wanted)).toBe(true);
    }
    for (const wanted of ['mod', 'module.ab', '*lambda', 'x*', 'module.*.g*']) {
      expect(addressMatches(address, wanted)).toBe(false);
    }
  });
});
