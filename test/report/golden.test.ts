import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS } from '../../src/report/format-names.ts';
import { renderScan } from '../../src/report/scan/formats.ts';
import { scanTerminal } from '../../src/report/scan/terminal.ts';
import { compliance, golden, incident, type Story, TEMPLATES } from '../support/rendered.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import { SCANS } from '../support/scan-samples.ts';

const ENDINGS = {
  json: 'json',
  markdown: 'md',
  html: 'html',
  junit: 'junit.xml',
  sarif: 'sarif',
  ocsf: 'ocsf.jsonl',
  gitlab: 'gitlab.json',
  slack: 'slack.json',
} as const;

describe('rendered scans', () => {
  for (const [story, report] of Object.entries(SCANS)) {
    it(`shows "${story}" in the terminal as recorded`, () => {
      const text = scanTerminal(report, { colour: false, width: 100, all: story === 'hostile' });
      expect(text).toBe(golden(`scan/${story}.txt`, text));
    });
    for (const format of OUTPUT_FORMATS) {
      it(`shows "${story}" as ${format} as recorded`, () => {
        const text = renderScan(format, report, TEMPLATES);
        expect(text).toBe(golden(`scan/${story}.${ENDINGS[format]}`, text));
      });
    }
  }
});

describe('rendered reports', () => {
  for (const story of Object.keys(LEDGERS) as Story[]) {
    for (const format of ['markdown', 'html'] as const) {
      it(`shows the compliance report of "${story}" as ${format} as recorded`, () => {
        const text = compliance(story, format, {
          from: '2026-03-09T00:00:00Z',
          to: '2026-03-15T00:00:00Z',
          sample: 2,
          seed: 'spring',
        });
        expect(text).toBe(golden(`compliance/${story}.${ENDINGS[format]}`, text));
      });
      it(`shows the incident brief of "${story}" as ${format} as recorded`, () => {
        const text = incident(story, format, { onset: Date.parse('2026-03-14T01:30:00Z') });
        expect(text).toBe(golden(`incident/${story}.${ENDINGS[format]}`, text));
      });
    }
  }
});
