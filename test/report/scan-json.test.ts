import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { GAP_REASONS } from '../../src/model/resource.ts';
import { RESOLUTIONS } from '../../src/model/entry.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { scanJson } from '../../src/report/scan/json.ts';
import { PACKAGE_ROOT } from '../support/rendered.ts';
import { change, DRIFTS, ref, reportOf, SCANS, scanOf } from '../support/scan-samples.ts';

const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'schema/scan.v1.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

describe('scan JSON', () => {
  for (const [story, report] of Object.entries(SCANS)) {
    it(`of "${story}" fits the published schema`, () => {
      validate(JSON.parse(scanJson(report)));
      expect(validate.errors).toBeNull();
    });
  }

  it('is refused by the schema where a required field, a kind or a digest is wrong', () => {
    const whole = JSON.parse(scanJson(SCANS.drift));
    for (const spoil of [
      (doc: typeof whole) => delete doc.gaps,
      (doc: typeof whole) => (doc.schema = 'driftbom.scan/v2'),
      (doc: typeof whole) => (doc.drifts[0].kind = 'odd'),
      (doc: typeof whole) => (doc.drifts[0].entry.digest = 'abc'),
      (doc: typeof whole) => delete doc.drifts[0].changes[0].before,
    ]) {
      const doc = structuredClone(whole);
      spoil(doc);
      expect(validate(doc)).toBe(false);
    }
  });

  it('lists the same gap reasons and resolutions in its schema as in the model', () => {
    expect(schema.properties.gaps.items.properties.reason.enum).toEqual([...GAP_REASONS]);
    const { resolution } = schema.properties.ledger.oneOf[1].properties.resolved.items.properties;
    expect(resolution.enum).toEqual([...RESOLUTIONS]);
  });

  it('says so of what nobody can know, also deep inside, and never leaves it out', () => {
    const drift = {
      kind: 'changed',
      resource: ref('aws_x.y'),
      changes: [change('a', { b: [UNKNOWN] }, UNKNOWN)],
    } as const;
    const [shown] = JSON.parse(scanJson(reportOf(scanOf({ drifts: [drift] })))).drifts;
    expect(shown.changes[0]).toMatchObject({ before: { b: [{ $unknown: true }] }, after: { $unknown: true } });
  });

  it('gives null for the entry of each drift where nothing was recorded', () => {
    const report = { ...SCANS.drift, recorded: undefined, ledger: undefined };
    const doc = JSON.parse(scanJson(report));
    expect(doc.ledger).toBeNull();
    expect(doc.drifts.map((drift: { entry: unknown }) => drift.entry)).toEqual(doc.drifts.map(() => null));
  });

  it('tells equal addresses of two workspaces apart', () => {
    const twin = { ...DRIFTS.lambda, resource: { ...DRIFTS.lambda.resource, workspace: 'staging' } };
    const doc = JSON.parse(scanJson(reportOf(scanOf({ drifts: [DRIFTS.lambda, twin] }))));
    expect(doc.drifts[0].entry.index).not.toBe(doc.drifts[1].entry.index);
  });

  it('keeps hostile text exact, and holds no raw control or direction character', () => {
    const text = scanJson(SCANS.hostile);
    expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    const { drift } = SCANS.hostile.scan.drifts[0] as (typeof SCANS.hostile.scan.drifts)[number];
    expect(JSON.parse(text).drifts[0].address).toBe(drift.resource.address);
  });
});
