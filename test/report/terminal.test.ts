import { describe, expect, it } from 'vitest';
import { scanTerminal } from '../../src/report/scan/terminal.ts';
import { displayWidth } from '../../src/report/text/width.ts';
import { change, DRIFTS, GAPS, ref, reportOf, SCANS, scanOf } from '../support/scan-samples.ts';

const PLAIN = { colour: false, width: 100, all: false };

function lastLine(report: Parameters<typeof scanTerminal>[0]): string {
  return scanTerminal(report, PLAIN).trimEnd().split('\n').at(-1) as string;
}

describe('the terminal', () => {
  it('ends in one line that can be grepped', () => {
    expect(lastLine(SCANS.drift)).toBe(
      'driftbom: DRIFT 6 changed, 1 missing, 1 unmanaged, 3 gaps, 37 of 46 in sync (2.1 s)',
    );
    expect(lastLine(SCANS['in-sync'])).toBe('driftbom: IN SYNC 0 gaps, 46 of 46 in sync (2.1 s)');
    expect(lastLine(SCANS.gaps)).toBe('driftbom: IN SYNC (INCOMPLETE) 3 gaps, 44 of 46 in sync (2.1 s)');
    expect(lastLine(SCANS.unread)).toBe('driftbom: NOTHING READ 2 gaps, 0 of 2 in sync (2.1 s)');
  });

  it('colours only where it is asked to', () => {
    const esc = String.fromCharCode(27);
    expect(scanTerminal(SCANS.drift, PLAIN)).not.toContain(esc);
    const coloured = scanTerminal(SCANS.drift, { ...PLAIN, colour: true });
    expect(coloured).toContain(`${esc}[`);
    expect(coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')).toBe(scanTerminal(SCANS.drift, PLAIN));
  });

  it('says where each drift stands', () => {
    const text = scanTerminal(SCANS.drift, PLAIN);
    expect(text).toMatch(/new in this scan · entry 41 [0-9a-f]{12}/);
    expect(text).toContain('still open since 2026-03-11 02:03:09 UTC');
    expect(text).toContain('resolved: reverted');
    expect(scanTerminal(SCANS['not-recorded'], PLAIN)).toContain('Nothing was recorded.');
  });

  it('shows only the changed lines of a policy', () => {
    const text = scanTerminal(reportOf(scanOf({ drifts: [DRIFTS.policy] })), PLAIN);
    expect(text).toMatch(/- +Action: \["s3:GetObject", "s3:ListBucket"\]/);
    expect(text).toMatch(/\+ +Action: \["s3:\*"\]/);
    expect(text).not.toContain('logs:PutLogEvents');
  });

  it('names the cause of each change where they differ', () => {
    const text = scanTerminal(reportOf(scanOf({ drifts: [DRIFTS.secret] })), PLAIN);
    expect(text).toContain('"db.m6g.large" → "db.m6g.2xlarge" (unapplied)');
    expect(text).toContain('30 → 1 (out-of-band and unapplied)');
  });

  it('keeps values within the width that it is given', () => {
    const drifts = [
      {
        kind: 'changed',
        resource: ref('aws_x.y'),
        changes: [change('v', 'a'.repeat(500), 'b'.repeat(500)), change('w', 'some words', 'other words')],
      },
    ] as const;
    for (const width of [60, 80, 120]) {
      const lines = scanTerminal(reportOf(scanOf({ drifts })), { ...PLAIN, width }).split('\n');
      const values = lines.filter((line) => /a{20}|b{20}|words/.test(line));
      expect(values.length).toBeGreaterThan(1);
      for (const line of values) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('counts what it does not show, and shows it on request', () => {
    const gaps = Array.from({ length: 9 }, (_, i) => ({
      ...(GAPS[0] as (typeof GAPS)[number]),
      address: `aws_kms_key.k[${i}]`,
    }));
    const changes = Array.from({ length: 25 }, (_, i) => change(`tags.t${i}`, 'a', 'b'));
    const report = reportOf(scanOf({ gaps, drifts: [{ kind: 'changed', resource: ref('aws_x.y'), changes }] }));
    expect(scanTerminal(report, PLAIN)).toContain('… and 6 more');
    expect(scanTerminal(report, PLAIN)).toContain('… and 5 more attributes');
    const all = scanTerminal(report, { ...PLAIN, all: true });
    expect(all).toContain('aws_kms_key.k[8]');
    expect(all).toContain('tags.t24');
  });

  it('accounts for the writes of the audit log, and tells those that came and went', () => {
    const base = scanOf({ drifts: [] });
    const population = {
      from: null,
      to: base.finishedAt,
      events: 3,
      entries: 1,
      excluded: { 'in-band': 2 },
      difference: 0,
    };
    const searched = { from: null, to: base.finishedAt, regions: [], horizon: null, gaps: [] };
    const attribution = {
      verdict: 'cannot-tell',
      actors: [],
      occurredAt: '2026-03-14T02:03:11Z',
      call: 'lambda:UpdateFunctionConfiguration',
      events: [],
      reason: null,
      lookedIn: [],
      missing: [],
      searched,
    } as const;
    const once = {
      kind: 'transient',
      resource: ref('aws_lambda_function.worker', 'worker'),
      driftKind: 'changed',
      changes: [change('timeout', 30, 99)],
      attribution,
    } as const;
    const audit = { source: 'trail', searched, population, changes: Array.from({ length: 7 }, () => once) };
    const text = scanTerminal(reportOf({ ...base, audit }), PLAIN);
    expect(text).toContain('Writes in the audit log on managed resources: 3 (1 in entries, 2 in-band)');
    expect(text).toMatch(/aws_lambda_function\.worker \[.*\] timeout · transient: came and went/);
    expect(text).toMatch(/2026-03-14 02:03:11 UTC ·\s+lambda:UpdateFunctionConfiguration/);
    expect(text).toContain('… and 2 more (show them with --all)');
    const better = { address: 'aws_x.y', entry: 2, correction: 7, attribution: { ...attribution, paths: [] } };
    expect(scanTerminal({ ...reportOf({ ...base, audit }), improved: [better] }, PLAIN)).toMatch(
      /Better known by now\n {2}aws_x\.y: .* · cannot-tell · entry 2, corrected by\s+entry 7/,
    );
    const silent = { ...audit, population: { ...population, events: 0 }, changes: [] };
    expect(scanTerminal(reportOf({ ...base, audit: silent }), PLAIN)).not.toContain('Writes in');
  });
});
