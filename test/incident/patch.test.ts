import { describe, expect, it } from 'vitest';
import { patchFor } from '../../src/incident/patch.ts';
import type { Candidate } from '../../src/incident/rank/candidate.ts';
import { patches } from '../../src/resources/aws/patches.ts';
import type { Value } from '../../src/model/value.ts';

/** A candidate that changed these attributes of one resource. */
function changed(
  type: string,
  paths: readonly (readonly [path: string, before: Value, after: Value])[],
  more = {},
): Candidate {
  const changes = paths.map(([path, before, after]) => ({
    path,
    before,
    after,
    op: 'replace',
    sensitive: false,
    ...more,
  }));
  const change = { driftKind: 'changed', resource: { id: 'the-id' } };
  const entry = { statement: { predicate: { entryId: 'urn:uuid:0195923c-8e6b-7d2a-9c42-000000000001', change } } };
  return { source: { kind: 'entry', entry }, type, paths: changes } as unknown as Candidate;
}

const ROWS = Object.entries(patches).flatMap(([type, { typeName, properties }]) =>
  Object.entries(properties).map(([attribute, property]) => [type, attribute, typeName, property] as const),
);

describe('the patch of one attribute', () => {
  it.each(ROWS)(
    'puts %s.%s back only where the live value is still the one on record',
    (type, attribute, typeName, property) => {
      const patch = patchFor(changed(type, [[attribute, 'was', 'is']]));
      expect(patch).toMatchObject({ typeName, identifier: 'the-id', token: '0195923c-8e6b-7d2a-9c42-000000000001' });
      expect(JSON.parse(patch?.document ?? '')).toEqual([
        { op: 'test', path: `/${property}`, value: 'is' },
        { op: 'replace', path: `/${property}`, value: 'was' },
      ]);
    },
  );

  it('is none where a side is not set, in whatever way Terraform says so', () => {
    const none = (before: Value, after: Value): unknown =>
      patchFor(changed('aws_cloudwatch_log_group', [['retention_in_days', before, after]]));
    expect([none(0, 30), none(30, 0), none(null, 30), none('', 30)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(none(30, 7)).toBeDefined();
    expect(patchFor(changed('aws_sqs_queue', [['delay_seconds', 0, 5]]))).toBeDefined();
    expect(patchFor(changed('aws_sqs_queue', [['sqs_managed_sse_enabled', true, false]]))).toBeDefined();
  });

  it('is none for a secret, for several attributes at once, and for what is not in the table', () => {
    expect(patchFor(changed('aws_sqs_queue', [['delay_seconds', 0, 5]], { sensitive: true }))).toBeUndefined();
    const two = [
      ['delay_seconds', 0, 5],
      ['max_message_size', 1, 2],
    ] as const;
    expect(patchFor(changed('aws_sqs_queue', two))).toBeUndefined();
    expect(patchFor(changed('aws_sqs_queue', [['policy', 'a', 'b']]))).toBeUndefined();
    expect(patchFor(changed('constructor', [['name', 'a', 'b']]))).toBeUndefined();
  });
});
