import { describe, expect, it } from 'vitest';
import { renderCompliance } from '../../src/report/compliance/formats.ts';
import { whole } from '../../src/report/text/chunks.ts';
import { complianceView } from '../../src/report/compliance/view.ts';
import { LEDGER, LEDGERS, ledgerOf, WEEK } from '../support/entry-samples.ts';
import { modelOf, type Wanted } from '../support/compliance-model.ts';
import { compliance, type Story, TEMPLATES } from '../support/rendered.ts';
import { change, DRIFTS } from '../support/scan-samples.ts';
import { htmlText } from '../support/html-text.ts';

const PERIOD = { from: '2026-03-09T00:00:00Z', to: '2026-03-15T00:00:00Z' };
const viewOf = (story: Story, wanted: Wanted = {}) => complianceView(modelOf(LEDGERS[story], wanted));
const week = viewOf('week', PERIOD);

function figure(label: string, view = week): string {
  const found = view.figures.find((one) => one.label === label);
  return `${found?.value} ${found?.basis}`;
}

describe('the compliance report', () => {
  it('never calls anything compliant', () => {
    for (const story of Object.keys(LEDGERS) as Story[]) {
      for (const format of ['markdown', 'html', 'json', 'csv', 'jsonl'] as const) {
        expect(compliance(story, format, { frameworks: ['soc2', 'pci-dss', 'hipaa'] })).not.toMatch(/compliant/i);
      }
    }
  });

  it('says scope and limits before any number', () => {
    const text = htmlText(compliance('week', 'html'));
    expect(text.indexOf('What this report cannot show')).toBeLessThan(text.indexOf('median time to restore'));
  });

  it('gives eight numbers, each with its denominator', () => {
    expect(week.figures.map((one) => `${one.label}: ${one.value}`)).toEqual([
      'scans completed: 10',
      'resources compared: 45',
      'resources drifted: 4',
      'out-of-band changes: 7',
      'unattributed changes: 7',
      'approved by another: 0',
      'median time to detect: n/a',
      'median time to restore: 1 d 23 h',
    ]);
    expect(figure('scans completed')).toContain('of 10 workspace scans');
    expect(figure('resources compared')).toContain('of 46 declared resources');
    expect(figure('out-of-band changes')).toContain('of 7 changes (100.0 %); without 1: only the configuration moved');
    expect(figure('median time to restore')).toContain('over 3 drifts that ended');
  });

  it('sets each number beside that of the period of equal length before', () => {
    const coverage = week.figures.find((one) => one.label === 'resources compared');
    expect(coverage?.before).toBe('before: 46 of 46');
    expect(viewOf('week').figures[0]?.before).toBe('no period before');
  });

  it('says n/a where nothing ended, and counts nothing where the ledger is empty', () => {
    const empty = viewOf('empty');
    expect(figure('median time to restore', empty)).toBe('n/a over 0 drifts that ended');
    expect(empty.range).toBe('no entry falls into the period');
  });

  it('names the days without a scan and the longest pause of each workspace, the edges of the period included', () => {
    expect(week.scope.calendar.daysWithout).toEqual(['2026-03-12']);
    expect(week.scope.calendar.days).toBe('5 of 6');
    const wide = viewOf('week', { from: '2026-03-01T00:00:00Z', to: '2026-03-20T00:00:00Z' });
    expect(wide.scope.calendar.daysWithout).toEqual([
      '2026-03-01 to 2026-03-07',
      '2026-03-12',
      '2026-03-15 to 2026-03-19',
    ]);
    expect(wide.scope.workspaces.map((one) => one.pause)).toEqual(['7 d 02 h', '7 d 02 h']);
  });

  it('carries drifts over that were open when the period began, and leaves out those that were over', () => {
    const late = viewOf('week', { from: '2026-03-13T00:00:00Z' });
    const carried = late.register.lines.rows.filter((row) => row.carriedOver).map((row) => row.address);
    expect(carried).toEqual([
      'aws_iam_role_policy.export',
      'module.orders.aws_lambda_function.ingest',
      'aws_s3_bucket.reports',
    ]);
    expect(late.balance).toBe('Open when the period began 3 + opened 2 = ended 1 + still open 4.');
  });

  it('judges by what was known when the period ended', () => {
    const early = viewOf('week', { to: '2026-03-11T00:00:00Z' });
    const access = early.register.cards.rows.find((row) => row.address.includes('public_access_block'));
    expect(access?.standing).toMatchObject({ name: 'open', text: 'still open', by: null });
  });

  it('leads each line to an entry that its own list of entries holds', () => {
    const html = compliance('week', 'html', { from: '2026-03-13T00:00:00Z', sample: 2 });
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] as string);
    expect(targets.length).toBeGreaterThan(30);
    for (const target of targets) expect(html).toContain(`id="${target}"`);
  });

  it('tells a gap once, with the number of scans that had it and whether it is still there', () => {
    const key = week.scope.gaps.rows.find((row) => row.address === 'aws_kms_key.main');
    expect(key).toMatchObject({ scans: 4, persists: 'yes', reason: 'access-denied' });
    expect(week.scope.gaps.rows.find((row) => row.path === 'inline_policy')).toMatchObject({
      scans: 1,
      persists: 'no',
    });
  });

  it('lists drifts that ended by taking over what was live, apart from those that were put back', () => {
    expect(week.accepted.rows.map((row) => row.address)).toEqual(['aws_sqs_queue.retry["orders"]']);
  });

  it('says that a drift was not looked at, where scans could not', () => {
    const until = complianceView(modelOf(ledgerOf(WEEK.slice(0, 5))));
    const bucket = until.register.cards.rows.find((row) => row.address === 'aws_s3_bucket.reports');
    expect(bucket?.standing.text).toBe('open as far as known: scans could not look since 2026-03-13 02:03:13 UTC');
  });

  it('warns before anything else where the ledger does not verify', () => {
    const verification = {
      ...LEDGER.verification,
      outcome: 'failed',
      statements: ['entry 5: signature is wrong'],
    } as const;
    for (const format of ['markdown', 'html'] as const) {
      const text = compliance('week', format, { ledger: { verification } });
      expect(text.indexOf('The ledger does not verify')).toBeGreaterThan(0);
      expect(text.indexOf('The ledger does not verify')).toBeLessThan(text.indexOf('What differed'));
      expect(text).toContain('entry 5: signature is wrong');
    }
  });

  it('gives the same bytes for the same entries and options', () => {
    for (const format of ['html', 'markdown', 'json', 'csv', 'jsonl'] as const) {
      expect(compliance('week', format, PERIOD)).toBe(compliance('week', format, PERIOD));
    }
  });

  it('folds long lists and cuts very long ones, with the count of what is not shown', () => {
    const drifts = (night: number) =>
      Array.from({ length: 38 }, (_, n) => ({
        ...DRIFTS.lambda,
        resource: { ...DRIFTS.lambda.resource, address: `aws_lambda_function.f${n}` },
        changes: [change('timeout', 5, 10 + night)],
      }));
    const nights = Array.from({ length: 60 }, (_, night) => ({
      at: new Date(Date.UTC(2026, 0, 1 + night, 2)).toISOString().slice(0, 19),
      drifts: drifts(night),
    }));
    const model = modelOf(ledgerOf(nights));
    expect(model.register).toHaveLength(2280);
    const view = complianceView(model);
    expect(view.register.lines).toMatchObject({ folded: true, total: 2280, hidden: 280 });
    expect(view.register.cards.rows).toHaveLength(150);
    const html = whole(renderCompliance('html', model, TEMPLATES));
    expect(html).toContain('280 of 2280 are not shown here');
    expect(html).toContain('2130 are not');
    expect(html.length).toBeLessThan(5_000_000);
    const targets = new Set([...html.matchAll(/href="#(entry-\d+)"/g)].map((match) => match[1] as string));
    const anchors = new Set([...html.matchAll(/id="(entry-\d+)"/g)].map((match) => match[1] as string));
    expect([...targets].filter((target) => !anchors.has(target))).toEqual([]);
    expect(JSON.parse(whole(renderCompliance('json', model, TEMPLATES))).register).toHaveLength(2280);
    expect(
      whole(renderCompliance('jsonl', model, TEMPLATES))
        .trim()
        .split('\n'),
    ).toHaveLength(2280);
  });
});
