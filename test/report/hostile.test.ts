import { describe, expect, it } from 'vitest';
import { renderScan } from '../../src/report/scan/formats.ts';
import { scanTerminal } from '../../src/report/scan/terminal.ts';
import { compliance, incident, TEMPLATES } from '../support/rendered.ts';
import { mask, SCANS } from '../support/scan-samples.ts';

const pages = {
  scan: renderScan('html', SCANS.hostile, TEMPLATES),
  compliance: compliance('hostile', 'html'),
  incident: incident('hostile', 'html'),
};
const texts = {
  scan: renderScan('markdown', SCANS.hostile, TEMPLATES),
  compliance: compliance('hostile', 'markdown'),
  incident: incident('hostile', 'markdown'),
  terminal: scanTerminal(SCANS.hostile, { colour: false, width: 80, all: true }),
};

describe('hostile text', () => {
  for (const [name, page] of Object.entries(pages)) {
    it(`opens no element and closes none in the ${name} page`, () => {
      expect(page).not.toMatch(/<script/i);
      expect(page.match(/<\/td>/g)?.length ?? 0).toBe(page.match(/<td[ >]/g)?.length ?? 0);
      expect(page).not.toMatch(/\son\w+=/i);
      expect(page).not.toMatch(/(href|src)="(?!#)/i);
    });
    it(`meets a policy without scripts in the ${name} page`, () => {
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    });
  }

  for (const [name, text] of [...Object.entries(pages), ...Object.entries(texts)]) {
    it(`leaves no control or direction character in ${name}`, () => {
      expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    });
    it(`is not taken for a template in ${name}`, () => {
      expect(text).toMatch(/\{\{constructor\}\}|&#123;&#123;constructor|&#123;&#123;|\{\{x\}\}/);
      expect(text).not.toContain('[object Object]');
    });
  }

  for (const name of ['scan', 'compliance', 'incident'] as const) {
    it(`stays inside its code, cell or fence in the ${name} Markdown`, () => {
      const outside = withoutCode(texts[name]);
      expect(outside).not.toMatch(/<script|javascript:|@everyone|\*\*bold\*\*|\[ \] task/);
      expect(outside).not.toMatch(/^# heading/m);
    });
    it(`keeps the columns of each table in the ${name} Markdown`, () => {
      for (const table of tablesOf(texts[name])) {
        const widths = new Set(table.map((row) => (row.match(/\|/g) ?? []).length));
        expect(widths.size).toBe(1);
      }
    });
  }
});

describe('secrets', () => {
  const digests = ['1', '2', '3', 'b', 'f'].map((digit) => mask(digit));
  const shown = {
    terminal: scanTerminal(SCANS.secrets, { colour: false, width: 100, all: true }),
    markdown: renderScan('markdown', SCANS.secrets, TEMPLATES),
    html: renderScan('html', SCANS.secrets, TEMPLATES),
    compliance: compliance('week', 'html'),
    incident: incident('week', 'markdown'),
  };
  for (const [name, text] of Object.entries(shown)) {
    it(`are shown as "(sensitive)" with eight digits of their keyed digest in ${name}`, () => {
      expect(text).toContain('(sensitive) 33333333');
      for (const digest of digests) expect(text).not.toContain(digest);
    });
  }

  it('are told from a plain value that only looks like a keyed digest', () => {
    const [first] = SCANS['not-recorded'].scan.drifts;
    if (first === undefined) throw new Error('the sample has no drift');
    const look = {
      ...first.drift.changes[0],
      before: mask('a'),
      after: mask('c'),
    } as (typeof first.drift.changes)[number];
    const drift = { ...first.drift, changes: [look] };
    const scan = { ...SCANS['not-recorded'].scan, drifts: [{ ...first, drift }] };
    const text = scanTerminal({ ...SCANS['not-recorded'], scan }, { colour: false, width: 300, all: true });
    expect(text).not.toContain('(sensitive)');
    expect(text).toContain(mask('a').slice(0, 40));
  });
});

function withoutCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/<code>[^<]*<\/code>/g, '');
}

function tablesOf(markdown: string): string[][] {
  const tables: string[][] = [[]];
  for (const line of markdown.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').split('\n')) {
    if (line.startsWith('|')) tables.at(-1)?.push(line);
    else if ((tables.at(-1)?.length ?? 0) > 0) tables.push([]);
  }
  return tables.filter((table) => table.length > 0);
}
