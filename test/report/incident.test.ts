import { describe, expect, it } from 'vitest';
import { incidentOf } from '../../src/incident/incident.ts';
import type { Stated } from '../../src/incident/rank/question.ts';
import { stateGraph } from '../../src/incident/state-graph.ts';
import type { Entry } from '../../src/model/entry.ts';
import { incidentView } from '../../src/report/incident/view.ts';
import { incidentTerminal } from '../../src/report/incident/terminal.ts';
import { LEDGER, LEDGERS, ledgerOf, TOOL } from '../support/entry-samples.ts';
import { incident } from '../support/rendered.ts';
import { change, DRIFTS, ref } from '../support/scan-samples.ts';

const NAMING = { mode: 'role', teams: new Map(), digest: () => '' } as const;

function brief(stated: Stated = {}, entries: readonly Entry[] = LEDGERS.week) {
  const answer = incidentOf({ entries, events: [], graph: stateGraph([]), stated });
  return incidentView(answer, { ledger: LEDGER, tool: TOOL, naming: NAMING, inputs: [] });
}

const at = (time: string): number => Date.parse(time);

describe('the incident brief', () => {
  it('lists what is in effect and names nobody where nothing ties a change to an incident', () => {
    const view = brief();
    expect(view.verdict).toBe('none');
    expect(view.headline).toContain('nothing ties a change to the incident');
    expect([...view.lead, ...view.others, ...view.further].map((one) => one.label).sort()).toEqual([
      'aws_db_instance.main',
      'aws_s3_bucket.reports',
      'aws_security_group.bastion',
      'module.orders.aws_lambda_function.ingest',
    ]);
  });

  it('answers what, before, after, when, who and why, and says "not recorded" rather than guess', () => {
    const [first] = brief({ resource: 'module.orders' }).lead;
    expect(first).toMatchObject({
      label: 'module.orders.aws_lambda_function.ingest',
      who: 'not recorded (no audit log was given)',
      why: 'not recorded',
      proof: { index: 11 },
      status: 'still in effect',
    });
    expect(first?.changes[0]).toMatchObject({ path: 'timeout', before: '5', after: '900' });
  });

  it('finds a change made two days before the page, by looking further and further back', () => {
    const night = ledgerOf([
      { at: '2026-03-13T02:00:00' },
      { at: '2026-03-14T04:00:00', drifts: [DRIFTS.lambda] },
      { at: '2026-03-16T04:00:00', drifts: [DRIFTS.lambda] },
    ]);
    const { address } = DRIFTS.lambda.resource;
    const view = brief({ onset: at('2026-03-16T08:22:00Z'), resource: address }, night);
    expect(view.lead.map((one) => one.label)).toEqual([address]);
    expect(view.steps.map(({ name }) => name)).toEqual(['1 h', '6 h', '24 h', '72 h']);
    const narrow = brief({ onset: at('2026-03-16T08:22:00Z'), resource: address, since: 6 * 3_600_000 }, night);
    expect(narrow.verdict).toBe('evidence-gap');
    expect(narrow.lead).toEqual([]);
  });

  it('rules out what surely began after the onset, and holds what is still there of it', () => {
    const view = brief({ onset: at('2026-03-10T12:00:00Z') });
    const after = view.ruledOut.find(({ why }) => why === 'began after onset');
    expect(after?.items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['aws_security_group.bastion', 'aws_db_instance.main']),
    );
    expect(view.hold.length).toBeGreaterThan(0);
  });

  it('stays one screen in the terminal, however many drifts there are', () => {
    const drifts = Array.from({ length: 60 }, (_, i) => ({
      kind: 'changed' as const,
      resource: ref(`aws_x.y[${i}]`),
      changes: [change('v', 1, 2), change('w', 1, 2), change('x', 1, 2), change('y', 1, 2)],
    }));
    const view = brief({ resource: 'aws_x.y[3]' }, ledgerOf([{ at: '2026-03-14T02:00:00', drifts }]));
    expect(view.lead[0]?.label).toBe('aws_x.y[3]');
    expect(view.lead[0]?.glance).toBe('v 1 → 2, w 1 → 2, x 1 → 2 and 1 more');
    expect(incidentTerminal(view, { colour: false, width: 120 }).split('\n').length).toBeLessThan(48);
  });

  it('says how far its evidence reaches, and what the last scan could not see', () => {
    const view = brief();
    expect(view.horizon).toMatchObject({ at: '2026-03-14 02:03:11 UTC', audit: 'No audit log was read.' });
    expect(view.gaps.groups[0]?.gaps[0]?.address).toBe('aws_kms_key.main');
  });

  it('says that nothing is known where no scan is on record', () => {
    expect(brief({}, []).horizon).toBeNull();
    expect(incident('empty', 'markdown')).toContain('nothing is known');
  });

  it('puts a machine check between the plan and the apply', () => {
    const text = incident('week', 'markdown', { resource: 'module.orders' });
    const [plan, show, check, apply] = text.slice(text.indexOf('terraform plan')).split('\n');
    expect(plan).toBe("terraform plan -target='module.orders.aws_lambda_function.ingest' -out=revert.tfplan &&");
    expect(show).toBe('terraform show -json revert.tfplan > revert.json &&');
    expect(check).toBe(
      "driftbom check-plan revert.json --only 'module.orders.aws_lambda_function.ingest' --attribute 'timeout' --attribute 'memory_size' --attribute 'tags.Owner' &&",
    );
    expect(apply).toBe('terraform apply revert.tfplan');
  });

  it('has a target for each of its links', () => {
    const html = incident('week', 'html');
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`);
  });

  it('says the same in JSON', () => {
    const json = JSON.parse(incident('week', 'json', { resource: 'module.orders' }));
    expect(json).toMatchObject({ schema: 'driftbom.incident/v1', verdict: 'confident' });
    expect(json.lead[0].label).toBe('module.orders.aws_lambda_function.ingest');
  });
});
