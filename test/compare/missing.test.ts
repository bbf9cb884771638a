import { expect, it } from 'vitest';
import { missingResource } from '../../src/compare/compare.ts';
import { indexSiblings } from '../../src/compare/siblings.ts';
import type { DeclaredResource } from '../../src/model/resource.ts';
import type { ResourceSchema } from '../../src/model/schema.ts';
import { factsTable } from '../../src/resources/index.ts';
import { secretTexts } from '../../src/resources/secret-texts.ts';

const schema: ResourceSchema = {
  version: 0,
  block: {
    attributes: { id: { type: 'string', computed: true }, value: { type: 'string', sensitive: true } },
    blocks: {},
  },
};
const resource: DeclaredResource = {
  ref: { address: 'x_parameter.p', type: 'x_parameter', id: 'p', workspace: 'w', provider: 'h/n/x' },
  providerKey: 'k',
  config: undefined,
  state: {
    attributes: { id: 'p', value: 'MARK-by-schema-only' },
    schemaVersion: 0,
    private: undefined,
    sensitive: [],
    tainted: false,
  },
};

it('masks in a missing resource what only the schema calls sensitive', () => {
  const told = missingResource(resource, schema, {
    facts: factsTable,
    siblings: indexSiblings([{ resource }]),
    ignore: [],
    redact: () => 'hmac-sha256:k:00',
    today: '2026-01-01',
  });
  expect(told.documents?.declared).toMatchObject({ id: 'p', value: 'hmac-sha256:k:00' });
  expect(JSON.stringify(told)).not.toContain('MARK');
});

it('knows the secret that a message may quote from the schema alone', () => {
  expect(secretTexts(resource, schema)).toEqual(['MARK-by-schema-only']);
  expect(secretTexts(resource, undefined)).toEqual([]);
});
