import { describe, expect, it } from 'vitest';
import { renderScan } from '../../src/report/scan/formats.ts';
import { scanTerminal } from '../../src/report/scan/terminal.ts';
import { compliance, incident, TEMPLATES } from '../support/rendered.ts';
import type { ScanReport } from '../../src/report/scan/scan-report.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import { SCANS } from '../support/scan-samples.ts';
import { htmlText } from '../support/html-text.ts';

/** Every format as plain text, so that each can be searched for the same facts. */
function formatsOf(report: (typeof SCANS)[keyof typeof SCANS]): Record<string, string> {
  return {
    terminal: scanTerminal(report, { colour: false, width: 200, all: true }),
    json: JSON.stringify(JSON.parse(renderScan('json', report, TEMPLATES))).replaceAll('\\"', '"'),
    markdown: renderScan('markdown', report, TEMPLATES),
    html: htmlText(renderScan('html', report, TEMPLATES)),
  };
}

describe('every scan format', () => {
  for (const story of ['drift', 'gaps', 'in-sync', 'unread', 'secrets'] as const) {
    const { scan } = SCANS[story];
    for (const [format, text] of Object.entries(formatsOf(SCANS[story]))) {
      it(`names each drift, gap and ignored difference of "${story}" in ${format}`, () => {
        for (const { drift } of scan.drifts) {
          expect(text).toContain(drift.resource.address);
          for (const { path } of drift.changes) expect(text).toContain(path);
        }
        for (const gap of scan.gaps) {
          expect(text).toContain(gap.address);
          expect(text).toContain(gap.reason);
        }
        for (const one of scan.ignored) expect(text).toContain(one.address);
      });
      it(`counts "${story}" alike in ${format}`, () => {
        const { summary } = scan;
        if (format === 'json') {
          expect(JSON.parse(renderScan('json', SCANS[story], TEMPLATES)).summary).toEqual(summary);
        } else {
          const line =
            /driftbom: [A-Z ()]+ (?:(\d+) changed, (\d+) missing, (\d+) unmanaged, )?(\d+) gaps?, (\d+) of (\d+) in sync/.exec(
              text,
            );
          const numbers = line?.slice(1).map((n) => Number(n ?? 0));
          const { changed, missing, unmanaged, gaps, inSync, resources } = summary;
          expect(numbers).toEqual([changed, missing, unmanaged, gaps, inSync, resources]);
        }
      });
    }
  }
});

describe('what a scan read in the audit log', () => {
  const { scan, improved = [] } = SCANS.audited as ScanReport;
  for (const [format, text] of Object.entries(formatsOf(SCANS.audited))) {
    it(`is told in ${format}: other changes, what the log does not cover, and answers that are better known`, () => {
      expect(scan.audit?.changes).toHaveLength(3);
      for (const { kind, resource, attribution } of scan.audit?.changes ?? []) {
        expect(text).toContain(resource.address);
        expect(text).toContain(kind);
        expect(text).toContain(attribution.actors[0]?.name);
        expect(text).toContain(attribution.call);
      }
      for (const gap of scan.audit?.searched.gaps ?? []) expect(text).toContain(gap);
      expect(improved).toHaveLength(1);
      for (const { address, correction } of improved) {
        expect(text).toContain(address);
        expect(text).toMatch(new RegExp(`correct[a-z ":]+${correction}`));
      }
    });
  }
});

describe('every report format', () => {
  const drifts = LEDGERS.week.filter((entry) => entry.kind === 'drift');
  for (const format of ['markdown', 'html'] as const) {
    it(`of the compliance report names every drift entry by index and whole digest in ${format}`, () => {
      const text = compliance('week', format);
      for (const entry of drifts) {
        expect(text).toContain(entry.digest);
        expect(text).toContain(`entry ${entry.index} `);
      }
    });
    it(`of the compliance report lists every scan and every gap in ${format}`, () => {
      const text = compliance('week', format);
      for (const entry of LEDGERS.week) {
        if (entry.kind !== 'scan') continue;
        expect(text).toContain(entry.digest);
        for (const gap of entry.statement.predicate.scan.gaps) expect(text).toContain(gap.address);
      }
    });
    it(`of the incident brief names each open drift with its whole digest, and each gap, in ${format}`, () => {
      const text = incident('week', format);
      const last = LEDGERS.week.findLast((entry) => entry.kind === 'scan');
      const scan = last?.kind === 'scan' ? last.statement.predicate.scan : undefined;
      expect(scan?.open.length).toBeGreaterThan(0);
      for (const open of scan?.open ?? []) expect(text).toContain(open.entry);
      for (const gap of scan?.gaps ?? []) expect(text).toContain(gap.address);
    });
  }
});
