import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutMarkdown, FEWEST_BYTES } from '../../../src/report/formats/cut-markdown.ts';
import { renderScan } from '../../../src/report/scan/formats.ts';
import { TEMPLATES } from '../../support/rendered.ts';
import { DRIFTS, GAPS, IGNORED, ref, reportOf, scanOf } from '../../support/scan-samples.ts';

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The report of a bad night with many drifts and many gaps. */
const long = renderScan(
  'markdown',
  reportOf(
    scanOf({
      resources: 500,
      drifts: Array.from({ length: 120 }, (_, i) => ({
        ...DRIFTS.policy,
        resource: ref(`aws_iam_role_policy.p[${i}]`),
      })),
      gaps: Array.from({ length: 200 }, (_, i) => ({ ...GAPS[0], address: `aws_kms_key.k[${i}]` }) as (typeof GAPS)[0]),
      ignored: IGNORED,
    }),
  ),
  TEMPLATES,
);

const headings = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('## '));

describe('Markdown that is too long', () => {
  it('comes back unchanged where it fits', () => {
    expect(cutMarkdown(long, bytes(long))).toBe(long);
  });

  it('keeps every section, and so the gaps, and counts what it leaves out', () => {
    const cut = cutMarkdown(long, 20_000);
    expect(bytes(cut)).toBeLessThanOrEqual(20_000);
    expect(bytes(cut)).toBeGreaterThan(19_000);
    expect(headings(cut)).toEqual(headings(long));
    expect(cut).toContain(`> **Cut to 20000 of ${bytes(long)} bytes.**`);
    const shownGaps = cut.split('\n').filter((line) => line.startsWith('- `aws_kms_key.k[')).length;
    expect(shownGaps).toBeGreaterThan(20);
    expect(cut).toContain(`${200 - shownGaps} items`);
    const shownDrifts = cut.split('\n').filter((line) => line.startsWith('### ')).length;
    const left = cut.split('\n').flatMap((line) => /^> Left out here: (\d+) heading/.exec(line)?.[1] ?? []);
    expect(shownDrifts + Number(left[0])).toBe(120);
  });

  it('keeps short sections whole', () => {
    const cut = cutMarkdown(long, 20_000);
    for (const { address } of IGNORED) expect(cut).toContain(address);
  });

  it('is at most as long as asked, ends no row or fence half way, and loses no heading without a word', () => {
    fc.assert(
      fc.property(fc.integer({ min: FEWEST_BYTES, max: bytes(long) }), (most) => {
        const cut = cutMarkdown(long, most);
        expect(bytes(cut)).toBeLessThanOrEqual(most);
        expect((cut.match(/^`{3,}/gm)?.length ?? 0) % 2).toBe(0);
        for (const line of cut.split('\n').filter((one) => one.startsWith('|'))) expect(long).toContain(`${line}\n`);
        const whole = Number(/Left out: (\d+) whole section/.exec(cut)?.[1] ?? 0);
        expect(headings(cut).length + whole).toBe(headings(long).length);
      }),
      { numRuns: 40 },
    );
  });

  it('of a thousand sections keeps the first, and counts the others', () => {
    const many = `# title\n\n${Array.from({ length: 1000 }, (_, i) => `## ${i}\n\n- item é ${i}\n`).join('\n')}`;
    const cut = cutMarkdown(many, FEWEST_BYTES);
    expect(bytes(cut)).toBeLessThanOrEqual(FEWEST_BYTES);
    const whole = Number(/Left out: (\d+) whole sections/.exec(cut)?.[1]);
    expect(headings(cut).length + whole).toBe(1000);
  });

  it('closes what it leaves open, and drops what a cut report cannot be made again from', () => {
    const rows = Array.from({ length: 200 }, (_, i) => `| ${i} | value |`).join('\n');
    const page = `# t\n\n## a\n\n<details><summary>rows</summary>\n\n| n | v |\n| --- | --- |\n${rows}\n\n</details>\n\n<!-- driftbom-report:v1 ${'x'.repeat(3000)} -->\n`;
    const cut = cutMarkdown(page, FEWEST_BYTES);
    expect(cut.split('<details>')).toHaveLength(cut.split('</details>').length);
    expect(cut).not.toContain('driftbom-report');
    const shown = cut.split('\n').filter((line) => /^\| \d/.test(line)).length;
    expect(cut).toContain(`${200 - shown} rows`);
  });
});
