import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junit } from '../../../src/report/formats/junit.ts';
import { sheetOfScan } from '../../../src/report/formats/sheet-of-scan.ts';
import { element, xmlDocument } from '../../../src/report/formats/xml.ts';
import { SCANS } from '../../support/scan-samples.ts';
import { allSheets } from '../../support/sheets.ts';

const XSD = readFileSync(new URL('../../../fixtures/schemas/junit.xsd', import.meta.url), 'utf8');

async function faultsOf(documents: readonly string[], schema?: string): Promise<readonly string[]> {
  const xml = documents.map((contents, i) => ({ fileName: `${i}.xml`, contents }));
  const checked = await validateXML({ xml, ...(schema === undefined ? {} : { schema: [schema] }) } as never);
  return checked.errors.map(({ message, rawMessage }) => message || rawMessage);
}

describe('JUnit', () => {
  it('is taken by a strict parser and meets the schema, for every scan and every report', async () => {
    const documents = allSheets().map(({ sheet }) => junit(sheet));
    expect(await faultsOf(documents, XSD)).toEqual([]);
  });

  it('is refused by that schema where a case has no name', async () => {
    const broken = junit(sheetOfScan(SCANS.drift)).replace(/<testcase name="[^"]*"/, '<testcase name=""');
    expect(await faultsOf([broken], XSD)).not.toEqual([]);
  });

  it('counts in each suite what stands in it, and in all what stands in the suites', async () => {
    for (const { name, sheet } of allSheets()) {
      const text = junit(sheet);
      const suites = text.split('<testsuite ').slice(1);
      const sums = { tests: 0, failures: 0, errors: 0, skipped: 0 };
      for (const suite of suites) {
        const said = tallies(suite);
        expect(said, name).toEqual({
          tests: occurrences(suite, '<testcase '),
          failures: occurrences(suite, '<failure '),
          errors: occurrences(suite, '<error '),
          skipped: occurrences(suite, '<skipped '),
        });
        for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) sums[key] += said[key];
      }
      expect(tallies(text.split('<testsuites ')[1] as string), name).toEqual(sums);
    }
  });

  it('gives each case of a suite a name of its own: CI knows it again by that', () => {
    for (const { name, sheet } of allSheets()) {
      for (const suite of junit(sheet).split('<testsuite ').slice(1)) {
        const names = [...suite.matchAll(/<testcase name="([^"]*)"/g)].map(([, one]) => one);
        expect(new Set(names).size, name).toBe(names.length);
      }
    }
  });

  it('fails for open drift, skips for gaps and waived drift, passes for what agrees', () => {
    const text = junit(sheetOfScan(SCANS.drift));
    const { scan } = SCANS.drift;
    expect(occurrences(text, '<failure ')).toBe(scan.drifts.length);
    expect(occurrences(text, '<skipped ')).toBe(scan.gaps.length + 1);
    expect(text).toContain('<skipped message="not compared: aws_kms_key.main in prod"/>');
    const waived = junit(sheetOfScan(SCANS['all-waived']));
    expect(occurrences(waived, '<failure ')).toBe(0);
    expect(waived).toContain('<skipped message="waived until 2026-04-01T00:00:00.000Z: ');
  });

  it('is an error where nothing could be read: skipped cases alone would pass', () => {
    expect(occurrences(junit(sheetOfScan(SCANS.unread)), '<error ')).toBe(1);
    expect(occurrences(junit(sheetOfScan(SCANS['in-sync'])), '<error ')).toBe(0);
  });
});

describe('XML', () => {
  it('of any text is well-formed', async () => {
    const documents: string[] = [];
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        documents.push(xmlDocument(element('root', { a, b }, [element('child', {}, `${b}${a}`)])));
      }),
      { numRuns: 60 },
    );
    documents.push(xmlDocument(element('root', { a: '\u0000\ufffe\ud800<>&"\'' }, ']]>\u0001')));
    expect(await faultsOf(documents)).toEqual([]);
  });
});

function tallies(suite: string): { tests: number; failures: number; errors: number; skipped: number } {
  const head = suite.slice(0, suite.indexOf('>'));
  const of = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(` ${head}`)?.[1]);
  return { tests: of('tests'), failures: of('failures'), errors: of('errors'), skipped: of('skipped') };
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}
