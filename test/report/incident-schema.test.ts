import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { LINT_RULES } from '../../src/incident/lint/remark.ts';
import { ACTION_CATEGORIES, INCIDENT_STATUSES, SEVERITIES } from '../../src/model/incident-record.ts';
import { DOCUMENT_TEMPLATES } from '../../src/report/format-names.ts';
import { renderDocument } from '../../src/report/incident/document-formats.ts';
import { LEDGERS } from '../support/entry-samples.ts';
import {
  documentOptions,
  HOSTILE_TEXT,
  recordOf,
  recordSaying,
  sampleDocument,
} from '../support/incident-record-samples.ts';
import { incident, PACKAGE_ROOT, type Story, TEMPLATES } from '../support/rendered.ts';

const read = (name: string) => JSON.parse(readFileSync(join(PACKAGE_ROOT, name), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const brief = ajv.compile(read('schema/incident.v1.schema.json'));
const published = read('schema/incident-document.v1.schema.json');
const document = ajv.compile(published);

const DOCUMENTS = {
  'hostile text': sampleDocument(recordSaying(HOSTILE_TEXT), LEDGERS.hostile, HOSTILE_TEXT),
  'a full record': sampleDocument(recordSaying('text', 'kim'), LEDGERS.week, 'text'),
  'an empty record': sampleDocument(recordOf()),
  'an empty ledger': sampleDocument(recordOf({ severity: null, services: [] }), []),
};

describe('the published schemas of incidents', () => {
  for (const story of Object.keys(LEDGERS) as Story[])
    it.each([{}, { onset: Date.parse('2026-03-14T01:30:00Z') }, { resource: 'module.orders' }])(
      `take the brief of "${story}" with %o`,
      (stated) => {
        brief(JSON.parse(incident(story, 'json', stated)));
        expect(brief.errors).toBeNull();
      },
    );

  for (const [name, one] of Object.entries(DOCUMENTS))
    it.each([...DOCUMENT_TEMPLATES])(`take the document of ${name} as %s`, (template) => {
      document(JSON.parse(renderDocument(template, 'json', one, documentOptions(), TEMPLATES)));
      expect(document.errors).toBeNull();
    });

  it('take what the stories gave', () => {
    document(read('fixtures/rendered/incident-document/night-full.json'));
    expect(document.errors).toBeNull();
  });

  it('refuse what lacks a field, or says a word that there is not', () => {
    const whole = read('fixtures/rendered/incident-document/night-full.json');
    for (const spoil of [
      (doc: typeof whole) => delete doc.timeline,
      (doc: typeof whole) => (doc.schema = 'driftbom.incident-document/v2'),
      (doc: typeof whole) => (doc.template = 'long'),
      (doc: typeof whole) => (doc.status = 'done'),
      (doc: typeof whole) => (doc.timeline.rows[0].trust = 'sure'),
      (doc: typeof whole) => delete doc.causes[0].keys,
      (doc: typeof whole) => (doc.durations[0].milliseconds = '5'),
    ]) {
      const doc = structuredClone(whole);
      spoil(doc);
      expect(document(doc)).toBe(false);
    }
    const answer = JSON.parse(incident('week', 'json', { resource: 'module.orders' }));
    expect(brief({ ...answer, verdict: 'sure' })).toBe(false);
    expect(brief({ ...answer, ledger: undefined })).toBe(false);
  });

  it('list the same words as the model', () => {
    const { properties } = published.$defs.document;
    expect(properties.severity.enum).toEqual([...SEVERITIES, null]);
    expect(properties.status.enum).toEqual([...INCIDENT_STATUSES]);
    expect(properties.actions.items.properties.category.enum).toEqual([...ACTION_CATEGORIES]);
    expect(properties.wording.properties.remarks.items.properties.rule.enum).toEqual([...LINT_RULES]);
  });
});
