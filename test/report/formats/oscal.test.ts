import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { renderMachine } from '../../../src/report/formats/machine.ts';
import { targetsOf } from '../../../src/report/formats/oscal-controls.ts';
import { uuidOf } from '../../../src/report/formats/oscal-parts.ts';
import type { Sheet, SheetFramework } from '../../../src/report/formats/sheet.ts';
import { FRAMEWORK_IDS, frameworkById } from '../../../src/compliance/frameworks.ts';
import { allSheets } from '../../support/sheets.ts';

const oscalResults = (sheet: Sheet): string => renderMachine('oscal', sheet);
const oscalPlan = (sheet: Sheet): string => renderMachine('oscal-poam', sheet);

const TOKEN = /^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u;
// Words that the schema does not check: NIST's lists of values for OSCAL 1.2.1.
const METHODS = ['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN'];
const TYPES = ['ssp-statement-issue', 'control-objective', 'mitigation', 'finding', 'historic', 'discovery'];
const RISKS = ['open', 'investigating', 'remediating', 'deviation-requested', 'deviation-approved', 'closed'];

const ajv = new Ajv({ allErrors: true, strict: false });
(formats as unknown as typeof formats.default)(ajv);
const schemaOf = (name: string) =>
  ajv.compile(
    JSON.parse(
      readFileSync(new URL(`../../../fixtures/schemas/oscal_${name}_schema-1.2.1.json`, import.meta.url), 'utf8'),
    ),
  );
const schemas = { results: schemaOf('assessment-results'), plan: schemaOf('poam') };

const reports = allSheets().filter(({ sheet }) => sheet.about === 'compliance');

/** Every value that stands under a key, anywhere. */
function under(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => under(key, one));
  return Object.entries(value).flatMap(([name, one]) => [...(name === key ? [one] : []), ...under(key, one)]);
}

describe('OSCAL', () => {
  for (const { name, sheet } of reports) {
    for (const [kind, render] of [
      ['results', oscalResults],
      ['plan', oscalPlan],
    ] as const) {
      it(`of "${name}" meets NIST's schema as assessment ${kind}`, () => {
        const document = JSON.parse(render(sheet));
        const valid = schemas[kind](document);
        expect(schemas[kind].errors ?? []).toEqual([]);
        expect(valid).toBe(true);
      });

      it(`of "${name}" uses only words of the lists, and ids that lead somewhere, in ${kind}`, () => {
        const document = JSON.parse(render(sheet));
        expect(
          under('methods', document)
            .flat()
            .filter((one) => !METHODS.includes(one as string)),
        ).toEqual([]);
        expect(
          under('types', document)
            .flat()
            .filter((one) => !TYPES.includes(one as string)),
        ).toEqual([]);
        const statuses = under('risks', document)
          .flat()
          .map((risk) => (risk as { status: string }).status);
        expect(statuses.filter((one) => !RISKS.includes(one))).toEqual([]);
        const made = under('uuid', document);
        expect(new Set(made).size).toBe(made.length);
        const named = ['observation-uuid', 'risk-uuid', 'subject-uuid', 'actor-uuid'].flatMap((key) =>
          under(key, document),
        );
        const links = under('href', document).map((href) => (href as string).slice(1));
        expect([...named, ...links].filter((one) => !made.includes(one))).toEqual([]);
      });
    }
  }

  it('is refused by the schema with an empty list, and with a wrong id', () => {
    const document = JSON.parse(oscalResults(sheetNamed('report week')));
    document['assessment-results'].results[0].observations = [];
    expect(schemas.results(document)).toBe(false);
    const other = JSON.parse(oscalPlan(sheetNamed('report week')));
    other['plan-of-action-and-milestones'].uuid = '0195923c-8e6b-7d2a-9c41-5b8e2f6a1d07';
    expect(schemas.plan(other)).toBe(false);
  });

  it('judges a control only where it was assessed', () => {
    for (const { sheet } of reports) {
      const [run] = JSON.parse(oscalResults(sheet))['assessment-results'].results;
      const findings = (run.findings ?? []) as {
        props: { name: string; value: string }[];
        target: { status: { state: string } };
      }[];
      for (const { props, target } of findings) {
        const standing = props.find(({ name }) => name === 'standing')?.value;
        expect(standing).not.toBe('not-assessed');
        expect(target.status.state).toBe(standing === 'pass' ? 'satisfied' : 'not-satisfied');
      }
      const open = sheet.frameworks
        .flatMap(({ controls }) => controls)
        .filter(({ standing }) => standing === 'not-assessed');
      const observed = JSON.stringify(run.observations ?? []).split('"Not assessed: ').length - 1;
      expect(observed).toBe(open.length);
    }
  });

  it('gives the same bytes for the same report, and other ids for another', () => {
    const sheet = sheetNamed('report week');
    expect(oscalResults(sheet)).toBe(oscalResults(sheet));
    expect(JSON.parse(oscalResults({ ...sheet, id: 'other' }))['assessment-results'].uuid).not.toBe(
      JSON.parse(oscalResults(sheet))['assessment-results'].uuid,
    );
    expect(uuidOf('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('says in a plan that nothing is open, where nothing is', () => {
    const quiet = { ...sheetNamed('report clean'), scans: [] };
    const plan = JSON.parse(oscalPlan(quiet))['plan-of-action-and-milestones'];
    expect(plan['poam-items'].map(({ title }: { title: string }) => title)).toEqual(['Nothing is open']);
  });
});

describe('control ids', () => {
  const target = (id: string, framework = 'nist-800-53'): string[] =>
    targetsOf({ id: framework } as SheetFramework, { id } as SheetFramework['controls'][number]).map(
      ({ targetId }) => targetId,
    );
  it.each([
    ['CM-3(5)', ['cm-3.5_smt']],
    ['CM-2 / CM-2(2)', ['cm-2_smt', 'cm-2.2_smt']],
    ['CM-3 (b,c,e,f)', ['cm-3_smt.b', 'cm-3_smt.c', 'cm-3_smt.e', 'cm-3_smt.f']],
    ['CM-6 (c,d) / CM-6(2)', ['cm-6_smt.c', 'cm-6_smt.d', 'cm-6.2_smt']],
    ['SI-7 / SI-7(1)/(2)/(7)', ['si-7_smt', 'si-7.1_smt', 'si-7.2_smt', 'si-7.7_smt']],
  ])('of the NIST catalog are written as it writes them: %s', (id, expected) => {
    expect(target(id)).toEqual(expected);
  });

  it('of every framework are tokens', () => {
    for (const framework of FRAMEWORK_IDS.map(frameworkById)) {
      for (const { id } of framework.controls) {
        for (const one of target(id, framework.id)) expect(one).toMatch(TOKEN);
      }
    }
    expect(target('11.5.2 <x>', '20x')[0]).toMatch(TOKEN);
  });
});

function sheetNamed(wanted: string): Sheet {
  const found = reports.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no sheet ${wanted}`);
  return found.sheet;
}
