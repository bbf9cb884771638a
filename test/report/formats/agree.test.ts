import { describe, expect, it } from 'vitest';
import { renderMachine } from '../../../src/report/formats/machine.ts';
import { countsOf, type Sheet } from '../../../src/report/formats/sheet.ts';
import { sheetOfCompliance } from '../../../src/report/formats/sheet-of-compliance.ts';
import { sheetOfScan } from '../../../src/report/formats/sheet-of-scan.ts';
import { driftKey } from '../../../src/ledger/fingerprint.ts';
import { workspaceKeys } from '../../../src/model/scan.ts';
import { LEDGERS } from '../../support/entry-samples.ts';
import { SCANS } from '../../support/scan-samples.ts';
import type { SarifFile } from '../../support/sarif-check.ts';
import { ALL_FORMATS, allSheets, judgedModel } from '../../support/sheets.ts';

/** What a format says: ids of drifts that are there, of those that are over, and of gaps. Undefined where it has no ids. */
interface Said {
  readonly there: readonly string[];
  readonly over: readonly string[] | undefined;
  readonly gaps: readonly string[];
}

type Reader = (text: string, sheet: Sheet) => Said;

const byKey = (sheet: Sheet, key: string): string =>
  sheet.drifts.find((one) => one.key === key && one.state !== 'over')?.id ?? key;

/** One reader a format: it reads the text back, and knows nothing of how it was written. */
const READERS: { readonly [format: string]: Reader } = {
  junit: (text, sheet) => {
    // A case has no place for an id: its digest stands in its text, or its address where nothing was recorded.
    const cases = [...text.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
    const drifts = cases.filter(
      ([whole, , body = '']) => whole.includes('classname="workspace ') && /(changed|missing|unmanaged): /.test(body),
    );
    const idIn = ([, name = '', body = '']: RegExpMatchArray): string =>
      /sha256 ([0-9a-f]{64})/.exec(body)?.[1] ??
      sheet.drifts.find(({ address }) => address === unescaped(name))?.id ??
      name;
    const isOver = ([, , body = '']: RegExpMatchArray): boolean => !/<failure|<skipped/.test(body);
    const gaps = cases.flatMap(([, name = '']) => /^(.*) \(not compared: ([a-z-]+)\)$/.exec(unescaped(name)) ?? []);
    return {
      there: drifts.filter((one) => !isOver(one)).map(idIn),
      over: drifts.filter(isOver).map(idIn),
      gaps: sheet.gaps
        .filter(({ address, path, reason }) =>
          gaps.includes(`${address}${path === null ? '' : ` ${path}`} (not compared: ${reason})`),
        )
        .map(({ id }) => id),
    };
  },
  sarif: (text) => {
    const [run] = (JSON.parse(text) as SarifFile).runs;
    const notes = run?.invocations[0]?.toolExecutionNotifications ?? [];
    return {
      there: (run?.results ?? [])
        .filter(({ ruleId }) => !/^(test|rule)\//.test(ruleId))
        .map(({ properties }) => properties.id),
      over: run?.properties.over.map(({ id }) => id),
      gaps: notes.filter(({ descriptor }) => descriptor.id.startsWith('gap/')).map((note) => note.properties?.id ?? ''),
    };
  },
  ocsf: (text) => {
    type Event = { finding_info?: { uid: string }; unmapped: { kind: string; state?: string } };
    const events = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);
    const of = (kind: string, over = false): string[] =>
      events
        .filter(({ unmapped }) => unmapped.kind === kind && (unmapped.state === 'over') === over)
        .map(({ finding_info }) => finding_info?.uid ?? '');
    return { there: of('drift'), over: of('drift', true), gaps: of('gap') };
  },
  gitlab: (text, sheet) => {
    const list = JSON.parse(text) as { check_name: string; fingerprint: string }[];
    const of = (pattern: RegExp): string[] =>
      list.filter(({ check_name }) => pattern.test(check_name)).map(({ fingerprint }) => fingerprint);
    return { there: of(/^(drift|severity)\//).map((key) => byKey(sheet, key)), over: undefined, gaps: of(/^gap\//) };
  },
  oscal: (text) => oscalIds(JSON.parse(text)['assessment-results'].results[0].observations ?? []),
  'oscal-poam': (text) => oscalIds(JSON.parse(text)['plan-of-action-and-milestones'].observations ?? []),
};

function oscalIds(observations: readonly { props: { name: string; value: string }[] }[]): Said {
  const props = observations.map((one) => Object.fromEntries(one.props.map(({ name, value }) => [name, value])));
  const of = (holds: (one: Record<string, string>) => boolean): string[] =>
    props.filter(holds).map((one) => one.id ?? '');
  return {
    there: of((one) => one.kind === 'drift' && one.state !== 'over'),
    over: of((one) => one.kind === 'drift' && one.state === 'over'),
    gaps: of((one) => one.kind === 'gap'),
  };
}

const sorted = (ids: readonly string[]): string[] => [...ids].sort();
const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

const sheets = allSheets();

describe('every machine format', () => {
  for (const { name, sheet, formats } of sheets) {
    for (const format of formats) {
      const reader = READERS[format];
      if (reader === undefined) continue;
      it(`names the same drifts and gaps of "${name}" in ${format}`, () => {
        const said = reader(renderMachine(format, sheet), sheet);
        expect(sorted(said.there)).toEqual(
          sorted(sheet.drifts.filter((one) => one.state !== 'over').map(({ id }) => id)),
        );
        if (said.over !== undefined) {
          expect(sorted(said.over)).toEqual(
            sorted(sheet.drifts.filter((one) => one.state === 'over').map(({ id }) => id)),
          );
        }
        expect(sorted(said.gaps)).toEqual(sorted(sheet.gaps.map(({ id }) => id)));
      });
    }

    it(`counts "${name}" alike wherever it prints counts`, () => {
      const { drifts, open, waived, over, gaps, violations, notAssessed } = countsOf(sheet);
      const junit = renderMachine('junit', sheet);
      for (const [fact, n] of Object.entries({ drifts, open, waived, over, gaps })) {
        expect(junit).toContain(`<property name="driftbom.${fact}" value="${n}"/>`);
      }
      if (sheet.rules.length > 0) {
        expect(junit).toContain(`<property name="driftbom.rule-violations" value="${violations}"/>`);
        expect(junit).toContain(`<property name="driftbom.not-assessed-by-rules" value="${notAssessed}"/>`);
      }
      const [run] = (JSON.parse(renderMachine('sarif', sheet)) as SarifFile).runs;
      expect(run?.properties.counts).toMatchObject({ drifts, open, waived, over, gaps });
      const whole = JSON.parse(renderMachine('ocsf', sheet).split('\n')[0] as string);
      expect(whole.unmapped.counts).toMatchObject({ drifts, open, waived, over, gaps });
      const { text } = JSON.parse(renderMachine('slack', sheet)) as { text: string };
      expect(text).toMatch(new RegExp(`: ${open} open drifts?, ${waived} waived,.* ${gaps} gaps?`));
    });
  }

  it('names the same rule violations everywhere, each with its rule, and every rule that could not be assessed', () => {
    for (const { name, sheet, formats } of sheets.filter((one) => one.sheet.violations.length > 0)) {
      const ids = sorted(sheet.violations.map(({ id }) => id));
      const events = renderMachine('ocsf', sheet)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const inOcsf = events.filter(({ unmapped }) => unmapped.kind === 'rule-violation');
      expect(sorted(inOcsf.map(({ finding_info }) => finding_info.uid)), name).toEqual(ids);
      const [run] = (JSON.parse(renderMachine('sarif', sheet)) as SarifFile).runs;
      const inSarif = run?.results.filter(({ ruleId }) => ruleId.startsWith('rule/')) ?? [];
      expect(sorted(inSarif.map(({ properties }) => properties.id)), name).toEqual(ids);
      const remarks = JSON.parse(renderMachine('gitlab', sheet)) as { check_name: string; fingerprint: string }[];
      const inGitlab = remarks.filter(({ check_name }) => check_name.startsWith('rule/'));
      expect(sorted(inGitlab.map(({ fingerprint }) => fingerprint)), name).toEqual(ids);
      for (const format of formats) {
        const text = renderMachine(format, sheet);
        for (const { rule } of sheet.violations) expect(text, `${name} ${format}`).toContain(rule);
        if (format === 'slack') continue;
        const open = sheet.rules.filter(({ notAssessed }) => notAssessed.length > 0);
        for (const { id } of open) expect(text, `${name} ${format}`).toContain(id);
      }
    }
  });

  it('says what the scan says', () => {
    for (const report of Object.values(SCANS)) {
      const { open, waived, gaps } = countsOf(sheetOfScan(report));
      const { summary } = report.scan;
      expect(open + waived).toBe(summary.changed + summary.missing + summary.unmanaged);
      expect(waived).toBe(summary.waived ?? 0);
      expect(gaps).toBe(summary.gaps);
    }
  });

  it('says what the report says', async () => {
    for (const entries of Object.values(LEDGERS)) {
      const model = judgedModel(entries);
      const sheet = sheetOfCompliance(model);
      expect(sheet.drifts.map(({ id }) => id)).toEqual(model.register.map(({ entry }) => entry.digest));
      expect(countsOf(sheet).open + countsOf(sheet).waived).toBe(
        model.register.filter(({ standing }) => standing.name === 'open').length,
      );
      expect(sheet.gaps).toHaveLength(model.scope.gaps.length);
      expect(sheet.checks.map(({ id, standing }) => [id, standing])).toEqual(
        model.tests.map(({ id, standing }) => [id, standing]),
      );
    }
  });

  it('names tests and controls with their standing alike', () => {
    for (const { sheet } of sheets.filter((one) => one.sheet.about === 'compliance')) {
      const junit = renderMachine('junit', sheet);
      const events = renderMachine('ocsf', sheet)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const run = JSON.parse(renderMachine('sarif', sheet)).runs[0];
      for (const { id, title, standing } of sheet.checks) {
        expect(junit).toContain(`<testcase name="${id}: ${title.replaceAll('&', '&amp;')}`);
        expect(run.properties.checks).toContainEqual(expect.objectContaining({ id, standing }));
        const event = events.find(({ unmapped, compliance }) => unmapped.kind === 'test' && compliance.control === id);
        expect(event?.unmapped.standing).toBe(standing);
      }
      const controls = sheet.frameworks.flatMap((one) =>
        one.controls.map(({ id, standing }) => `${one.id} ${id} ${standing}`),
      );
      const inSarif = (
        run.taxonomies as { name: string; taxa: { id: string; properties: { standing: string } }[] }[]
      ).flatMap(({ name, taxa }) => taxa.map(({ id, properties }) => `${name} ${id} ${properties.standing}`));
      const inOcsf = events
        .filter(({ unmapped }) => unmapped.kind === 'control')
        .map(({ unmapped, compliance }) => `${unmapped.framework} ${compliance.control} ${unmapped.standing}`);
      expect(inSarif).toEqual(controls);
      expect(inOcsf).toEqual(controls);
    }
  });

  it('gives the same bytes for the same sheet', () => {
    for (const { sheet, formats } of sheets) {
      for (const format of formats) expect(renderMachine(format, sheet)).toBe(renderMachine(format, sheet));
    }
  });
});

describe('the key of a drift', () => {
  it('is that of the ledger, also where nothing was recorded', () => {
    const report = SCANS['not-recorded'];
    const keyOf = workspaceKeys(report.scan.inputs);
    expect(sheetOfScan(report).drifts.map(({ key }) => key)).toEqual(
      report.scan.drifts.map(({ drift }) => driftKey(keyOf(drift.resource.workspace), drift.resource.address)),
    );
  });
});

describe('hostile text', () => {
  for (const { name, sheet, formats } of sheets.filter((one) => one.name.endsWith('hostile'))) {
    for (const format of formats) {
      it(`of "${name}" leaves no control or direction character in ${format}`, () => {
        expect(renderMachine(format, sheet)).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
      });
    }
  }

  it('makes no link in what GitHub and GitLab show', () => {
    for (const { sheet } of sheets.filter((one) => one.name.endsWith('hostile'))) {
      for (const format of ['sarif', 'gitlab'] as const) {
        const shown = [...renderMachine(format, sheet).matchAll(/"(?:text|description)": (".*")/g)].map(
          ([, one]) => one,
        );
        expect(shown.join('\n')).toContain('javascript:alert(1)');
        expect(shown.join('\n')).not.toContain('](');
      }
    }
  });

  it('makes no element, link or emphasis in the Markdown fields of OSCAL', () => {
    const sheet = sheets.find(({ name }) => name === 'report hostile')?.sheet as Sheet;
    const walk = (value: unknown): string[] => {
      if (Array.isArray(value)) return value.flatMap(walk);
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, one]) =>
        typeof one === 'string' && ['title', 'description', 'statement', 'remarks'].includes(key) ? [one] : walk(one),
      );
    };
    for (const format of ['oscal', 'oscal-poam'] as const) {
      const fields = walk(JSON.parse(renderMachine(format, sheet)));
      expect(fields.some((field) => field.includes('script'))).toBe(true);
      for (const field of fields) expect(field).not.toMatch(/<|(?<!\\)[*`[\]{}]/);
    }
  });
});

describe('secrets', () => {
  it('are in no format, not even as whole digests', () => {
    for (const { name, sheet, formats } of sheets) {
      for (const format of formats) {
        const text = renderMachine(format, sheet);
        expect(text, `${name} ${format}`).not.toContain('hmac-sha256:');
        expect(text, `${name} ${format}`).not.toMatch(/3{64}|b{64}/);
      }
    }
    const secrets = sheets.find(({ name }) => name === 'scan secrets')?.sheet as Sheet;
    expect(renderMachine('sarif', secrets)).toContain('(sensitive) 33333333');
    expect(ALL_FORMATS).toHaveLength(7);
  });
});
