import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { populationCsv, populationJsonLines } from '../../src/compliance/population-file.ts';
import { drawSample } from '../../src/compliance/sample.ts';
import { typeOf } from '../../src/compliance/coverage.ts';
import { parseCsv } from '../../src/model/csv.ts';
import { modelOf } from '../support/compliance-model.ts';
import { LEDGERS, ledgerOf } from '../support/entry-samples.ts';
import { compliance, type Story } from '../support/rendered.ts';
import { DRIFTS } from '../support/scan-samples.ts';

const HOSTILE = '=HYPERLINK("http://x")\u0007\u202e,"\r\n-1';
const PERIOD = { from: '2026-03-09T00:00:00Z', to: '2026-03-15T00:00:00Z' };
const week = modelOf(LEDGERS.week, PERIOD);

describe('the model', () => {
  const ajv = new Ajv2020({ allErrors: true });
  (addFormats as unknown as (one: Ajv2020) => void)(ajv);
  const validate = ajv.compile(
    JSON.parse(readFileSync(new URL('../../schema/compliance.v1.schema.json', import.meta.url), 'utf8')),
  );

  it('meets its published schema, and says no more than it', () => {
    for (const story of Object.keys(LEDGERS) as Story[]) {
      const json = JSON.parse(
        compliance(story, 'json', { ...PERIOD, sample: 1, thresholds: { cadenceHours: 26, slaHours: { high: 1 } } }),
      );
      expect(validate(json), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    }
    const schema = validate.schema as { properties: object };
    expect(Object.keys(week).sort()).toEqual(Object.keys(schema.properties).sort());
  });

  it('accounts for every drift, every change and every planned resource', () => {
    const { balance, population, scope, numbers } = week;
    expect(balance.openBefore + balance.opened).toBe(balance.ended + balance.stillOpen);
    expect(Object.values(population.classes).reduce((a, b) => a + b, 0)).toBe(population.changes);
    const planned = scope.coverage.reduce((sum, cell) => sum + cell.planned, 0);
    expect(planned).toBe(scope.workspaces.reduce((sum, one) => sum + one.planned, 0));
    expect(numbers.map((one) => one.id)).toHaveLength(8);
    expect(week.weeks.reduce((sum, one) => sum + Object.values(one.opened).reduce((a, b) => a + b, 0), 0)).toBe(
      balance.opened,
    );
  });

  it('tells of nothing outside the scope that it is confined to', () => {
    const staging = modelOf(LEDGERS.week, { ...PERIOD, workspaces: ['stag*'] });
    expect(staging.scope.workspaces.map((one) => one.name)).toEqual(['staging']);
    expect(new Set(staging.register.map((row) => row.workspace))).toEqual(new Set(['staging']));
    const module = modelOf(LEDGERS.week, { ...PERIOD, modules: ['module.orders'] });
    expect(new Set(module.register.map((row) => row.address))).toEqual(
      new Set(['module.orders.aws_lambda_function.ingest']),
    );
    expect(module.tests.find((one) => one.id === 'T3')?.standing).toBe('pass');
  });

  it('sees a resource that drifts again within 30 days', () => {
    const again = ledgerOf(
      ['10', '11', '12', '13'].map((day, i) => ({
        at: `2026-03-${day}T02:00:00`,
        drifts: i % 2 === 0 ? [DRIFTS.ingress] : [],
      })),
    );
    expect(modelOf(again, PERIOD).remediation.again).toMatchObject([
      { address: 'aws_security_group.bastion', times: 1 },
    ]);
  });

  it('reads the type out of an address', () => {
    expect(['aws_x.y', 'module.a.aws_x.y[0]', 'module.a["b.c"].module.d[1].aws_x.y["z"]'].map(typeOf)).toEqual([
      'aws_x',
      'aws_x',
      'aws_x',
    ]);
  });
});

describe('the sample', () => {
  const population = Array.from({ length: 40 }, (_, index) => ({
    index,
    digest: createHash('sha256').update(`${index}`).digest('hex'),
  }));

  it('is the same for the same seed, in whatever order the population is listed', () => {
    const drawn = drawSample(population, 'spring', 5);
    expect(drawSample([...population].reverse(), 'spring', 5)).toEqual(drawn);
    expect(drawSample(population, 'autumn', 5).items).not.toEqual(drawn.items);
    expect(drawSample(population, 'spring', 6).items.slice(0, 5)).toEqual(drawn.items);
  });

  it('can be drawn again with sha256sum and sort', () => {
    const script =
      'while read -r digest; do printf "%s\\n%s" "$SEED" "$digest" | sha256sum | cut -d" " -f1; done | sort | head -n 5';
    const list = population.map(({ digest }) => digest).join('\n');
    const out = execFileSync('bash', ['-c', script], {
      input: `${list}\n`,
      env: { ...process.env, SEED: 'spring' },
      encoding: 'utf8',
    });
    expect(out.trim().split('\n')).toEqual(drawSample(population, 'spring', 5).items.map(({ rank }) => rank));
  });
});

describe('the population list', () => {
  it('has a row a change, and reads back', () => {
    const { rows, unclosed } = parseCsv([...populationCsv(week.register)].join(''));
    expect(unclosed).toBeNull();
    expect(rows).toHaveLength(week.register.length + 1);
    expect(rows.slice(1).map((row) => row.cells[0])).toEqual(week.register.map((row) => `${row.entry.index}`));
    const lines = [...populationJsonLines(week.register)].map((line) => JSON.parse(line));
    expect(lines.map((line) => line.digest)).toEqual(week.register.map((row) => row.entry.digest));
  });

  it('holds no cell that a spreadsheet takes for a formula, and no control character', () => {
    const [row] = week.register;
    if (row === undefined) throw new Error('a row');
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom('=1+1', ' @x', '+2', '-3', '\t=1', HOSTILE), fc.string({ unit: 'grapheme' })),
        (address) => {
          const csv = [...populationCsv([{ ...row, address }])].join('');
          const [jsonl = ''] = populationJsonLines([{ ...row, address }]);
          const cells = parseCsv(csv).rows.flatMap((one) => one.cells);
          expect(cells.filter((one) => /^\s*[=+\-@]/.test(one))).toEqual([]);
          expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(JSON.parse(jsonl).address).toBe(address);
        },
      ),
    );
  });
});
