import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentRecords } from '../../src/incident/record/fold.ts';
import type { IncidentRecord } from '../../src/model/incident-record.ts';
import { recordJson } from '../../src/report/incident/record-json.ts';
import { recordTerminal } from '../../src/report/incident/record-terminal.ts';
import { anySketch, toldInTurns } from '../support/incident-notes.ts';

const SCHEMA = new URL('../../schema/incident-record.v1.schema.json', import.meta.url);
const HEAD = { origin: 'ledger.example/test', size: 30, root: 'ab'.repeat(32) };

/** Any record that notes can make. */
const anyRecord = fc.array(anySketch, { minLength: 1, maxLength: 24 }).map((sketches) => {
  const notes = toldInTurns(
    new Map([['INC-0001', sketches]]),
    sketches.map(() => 'INC-0001'),
  );
  return incidentRecords(notes)[0] as IncidentRecord;
});

describe('the record of an incident', () => {
  it('is JSON of the schema that we publish, whatever was said', () => {
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(SCHEMA, 'utf8')),
    );
    fc.assert(
      fc.property(anyRecord, (record) => {
        const json = JSON.parse(recordJson(record, { shown: '.driftbom/ledger', head: HEAD }));
        validate(json);
        expect(validate.errors).toBeNull();
      }),
    );
  });

  it('names the entry of all that stands, and lets nothing through that moves the cursor', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const text = recordTerminal(record, new Map(), { colour: false, width: 100 });
        expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
        const standing = [...record.timeline, ...record.milestones, ...record.actions, ...record.factors];
        for (const { said } of standing) expect(text).toContain(`#${said.index} `);
      }),
    );
  });
});
