import { describe, expect, it } from 'vitest';
import { complianceView } from '../../src/report/compliance/view.ts';
import { LEDGER, LEDGERS, ledgerOf, TOOL, WEEK } from '../support/entry-samples.ts';
import { compliance, type Story } from '../support/rendered.ts';
import { htmlText } from '../support/html-text.ts';

const OPTIONS = { ledger: LEDGER, tool: TOOL, generatedAt: '2026-03-20T08:00:00.000Z' };
const week = complianceView(LEDGERS.week, { ...OPTIONS, from: '2026-03-09T00:00:00Z', to: '2026-03-15T00:00:00Z' });

function figure(label: string, view = week): string {
  const found = view.figures.find((one) => one.label === label);
  return `${found?.value} ${found?.basis}`;
}

describe('the compliance report', () => {
  it('never calls anything compliant', () => {
    for (const story of Object.keys(LEDGERS) as Story[]) {
      for (const format of ['markdown', 'html'] as const) expect(compliance(story, format)).not.toMatch(/compliant/i);
    }
  });

  it('says scope and limits before any number', () => {
    const text = htmlText(compliance('week', 'html'));
    expect(text.indexOf('What this report cannot show')).toBeLessThan(text.indexOf('median exposure'));
  });

  it('gives eight numbers, each with its denominator', () => {
    expect(week.figures.map((one) => `${one.label}: ${one.value}`)).toEqual([
      'scans run: 5',
      'scans complete: 1',
      'resources covered: 45',
      'drifts opened: 7',
      'drifts ended: 3',
      'still open: 4',
      'median exposure: 1 d 23 h',
      'unattributed: 8',
    ]);
    expect(figure('scans complete')).toContain('of 5 scans');
    expect(figure('resources covered')).toContain('of 46 declared');
    expect(figure('unattributed')).toContain('of 8 drift entries');
  });

  it('says n/a where nothing ended, and counts nothing where the ledger is empty', () => {
    expect(figure('median exposure', complianceView([], OPTIONS))).toBe(
      'n/a over 0 ended drifts, first seen to seen gone',
    );
    expect(complianceView([], OPTIONS).range).toBe('no entry falls into the period');
  });

  it('names the days and the longest time without a scan, the edges of the period included', () => {
    expect(week.calendar.daysWithout).toEqual(['2026-03-12']);
    expect(week.calendar.days).toBe('5 of 6');
    const wide = complianceView(LEDGERS.week, { ...OPTIONS, from: '2026-03-01T00:00:00Z', to: '2026-03-20T00:00:00Z' });
    expect(wide.calendar.daysWithout).toEqual(['2026-03-01 to 2026-03-07', '2026-03-12', '2026-03-15 to 2026-03-19']);
    expect(wide.calendar.longestPause).toBe('7 d 02 h');
  });

  it('carries drifts over that were open when the period began, and leaves out those that were over', () => {
    const late = complianceView(LEDGERS.week, { ...OPTIONS, from: '2026-03-13T00:00:00Z' });
    const carried = late.register.filter((row) => row.carriedOver).map((row) => row.address);
    expect(carried).toEqual([
      'aws_iam_role_policy.export',
      'module.orders.aws_lambda_function.ingest',
      'aws_s3_bucket.reports',
    ]);
    expect(late.balance).toMatchObject({ openBefore: 3, opened: 2, ended: 1, stillOpen: 4 });
  });

  it('judges by what was known when the period ended', () => {
    const early = complianceView(LEDGERS.week, { ...OPTIONS, to: '2026-03-11T00:00:00Z' });
    const access = early.register.find((row) => row.address.includes('public_access_block'));
    expect(access?.standing).toMatchObject({ name: 'open', text: 'still open', by: null });
  });

  it('leads each line to an entry that its own list of entries holds', () => {
    const html = compliance('week', 'html', { from: '2026-03-13T00:00:00Z' });
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] as string);
    expect(targets.length).toBeGreaterThan(15);
    for (const target of targets) expect(html).toContain(`id="${target}"`);
  });

  it('tells a gap once, with the number of scans that had it and whether it is still there', () => {
    const key = week.gaps.rows.find((row) => row.address === 'aws_kms_key.main');
    expect(key).toMatchObject({ scans: 4, persists: 'yes', reason: 'access-denied' });
    expect(week.gaps.rows.find((row) => row.path === 'inline_policy')).toMatchObject({ scans: 1, persists: 'no' });
  });

  it('lists drifts that ended by taking over what was live, apart from those that were put back', () => {
    expect(week.accepted.map((row) => row.address)).toEqual(['aws_sqs_queue.retry["orders"]']);
  });

  it('says that a drift was not looked at, where scans could not', () => {
    const until = complianceView(ledgerOf(WEEK.slice(0, 5)), OPTIONS);
    const bucket = until.register.find((row) => row.address === 'aws_s3_bucket.reports');
    expect(bucket?.standing.text).toBe('open as far as known: scans could not look since 2026-03-13 02:03:13 UTC');
  });

  it('warns before anything else where the ledger does not verify', () => {
    const verification = {
      ...LEDGER.verification,
      outcome: 'failed',
      statements: ['entry 5: signature is wrong'],
    } as const;
    for (const format of ['markdown', 'html'] as const) {
      const text = compliance('week', format, { ledger: { ...LEDGER, verification } });
      expect(text.indexOf('The ledger does not verify')).toBeGreaterThan(0);
      expect(text.indexOf('The ledger does not verify')).toBeLessThan(text.indexOf('What differed'));
      expect(text).toContain('entry 5: signature is wrong');
    }
  });

  it('gives the same bytes for the same entries and options', () => {
    expect(compliance('week', 'html')).toBe(compliance('week', 'html'));
  });
});
