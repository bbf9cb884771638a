import { describe, expect, it } from 'vitest';
import { UNKNOWN, type Value } from '../../src/model/value.ts';
import { attribute, block, compare, schemaOf, told } from '../support/compare.ts';

const one = (type: Parameters<typeof attribute>[0], flags = '?') => schemaOf({ it: attribute(type, flags) });

describe('an attribute that nobody set', () => {
  const nothing: Value[] = [null, '', [], {}];
  const cases = nothing.flatMap((prior) => nothing.map((live) => [prior, live] as const));

  it.each(cases)('reads the same as %j and as %j without a schema', (prior, live) => {
    expect(told({ prior: { it: prior }, live: { it: live } })).toEqual([]);
  });

  it('reads the same as null, "" and a missing key in every type', () => {
    expect(told({ prior: { it: null }, live: { it: '' }, schema: one('string') })).toEqual([]);
    expect(told({ prior: { it: null }, live: { it: [] }, schema: one(['list', 'string']) })).toEqual([]);
    expect(told({ prior: { it: [] }, live: { it: null }, schema: one(['set', 'number']) })).toEqual([]);
    expect(told({ prior: {}, live: { it: {} }, schema: one(['map', 'string']) })).toEqual([]);
  });

  it('reads the same as false and 0', () => {
    expect(told({ prior: { it: null }, live: { it: false }, schema: one('bool') })).toEqual([]);
    expect(told({ prior: { it: null }, live: { it: 0 }, schema: one('number') })).toEqual([]);
    expect(told({ prior: { it: null }, live: { it: false } })).toEqual([]);
  });

  it('shows when it becomes true, a number or a text', () => {
    expect(told({ prior: { it: null }, live: { it: true }, schema: one('bool') })).toEqual(['it add null -> true']);
    expect(told({ prior: { it: null }, live: { it: 7 }, schema: one('number') })).toEqual(['it add null -> 7']);
    expect(told({ prior: { it: '' }, live: { it: 'x' }, schema: one('string') })).toEqual(['it add "" -> "x"']);
  });
});

describe('a declared value', () => {
  it.each([
    ['string', 'on', ''],
    ['string', 'on', null],
    ['bool', true, false],
    ['bool', true, null],
    ['bool', false, true],
    ['bool', false, null],
    ['number', 5, 0],
    ['number', 0, null],
    ['number', 5, 6],
  ] as const)('%s %j that reads %j is drift', (type, prior, live) => {
    const [change] = told({ prior: { it: prior }, live: { it: live }, schema: one(type) });
    expect(change).toContain(`${JSON.stringify(prior)} -> ${JSON.stringify(live)}`);
  });

  it('is removed, not replaced, where live holds nothing', () => {
    expect(told({ prior: { it: ['a'] }, live: { it: [] }, schema: one(['set', 'string']) })).toEqual([
      'it remove "a" -> null',
    ]);
    expect(told({ prior: { it: 'a' }, live: { it: null }, schema: one('string') })).toEqual(['it remove "a" -> null']);
  });

  it('is the same number, bool or text in another spelling of the type', () => {
    expect(told({ prior: { it: '5' }, live: { it: 5 }, schema: one('number') })).toEqual([]);
    expect(told({ prior: { it: 'true' }, live: { it: true }, schema: one('bool') })).toEqual([]);
    expect(told({ prior: { it: 5 }, live: { it: '5' }, schema: one('string') })).toEqual([]);
  });

  it('keeps numbers apart that a double cannot', () => {
    const schema = one('number');
    expect(told({ prior: { it: '12345678901234567890' }, live: { it: '12345678901234567891' }, schema })).toHaveLength(
      1,
    );
  });

  it('that is unknown never differs', () => {
    const comparison = compare({ prior: { it: UNKNOWN }, live: { it: 'x' }, schema: one('string') });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.explanations).toContainEqual(
      expect.objectContaining({ path: 'it', rule: 'unknown', verdict: 'gap' }),
    );
  });
});

describe('a protection', () => {
  const facts = { guards: { on: 'on', off: 'off' } } as const;
  const schema = schemaOf({ on: attribute('bool'), off: attribute('bool') });

  it('that is on where nobody set it shows when it reads off', () => {
    expect(told({ prior: { on: null }, live: { on: false }, schema, facts })).toEqual(['on add null -> false']);
  });

  it('that is off where nobody set it is not switched off by being spelled out', () => {
    expect(told({ prior: { off: null }, live: { off: false }, schema, facts })).toEqual([]);
  });

  it('that was declared on shows when it reads off, null, or its block is gone', () => {
    expect(told({ prior: { off: true }, live: { off: false }, schema, facts })).toHaveLength(1);
    expect(told({ prior: { off: true }, live: { off: null }, schema, facts })).toHaveLength(1);
    const blocks = schemaOf({}, { encryption: block('list', { key: attribute('string') }) });
    expect(told({ prior: { encryption: [{ key: 'k' }] }, live: { encryption: [] }, schema: blocks })).toEqual([
      'encryption[0] remove {"key":"k"} -> null',
    ]);
  });

  it('of a real queue shows: encryption that the service switches on by default reads off', () => {
    const queue = schemaOf({ sqs_managed_sse_enabled: attribute('bool', '?=') });
    const question = { type: 'aws_sqs_queue', prior: {}, live: { sqs_managed_sse_enabled: false }, schema: queue };
    expect(told(question)).toEqual(['sqs_managed_sse_enabled add null -> false']);
  });
});

describe('a member of a block', () => {
  it('that was declared off and reads unset is drift, as it is outside', () => {
    const schema = schemaOf({}, { b: block('list', { on: attribute('bool'), size: attribute('number') }) });
    expect(told({ prior: { b: [{ on: false, size: 1 }] }, live: { b: [{ on: null, size: 1 }] }, schema })).toEqual([
      'b[0].on remove false -> null',
    ]);
  });
});

describe('a block that nobody wrote', () => {
  const schema = schemaOf(
    {},
    {
      versioning: block('list', { enabled: attribute('bool'), mfa_delete: attribute('bool') }),
      action: block('list', {}, { allow: block('list', {}, {}), block: block('list', {}, {}) }),
    },
  );

  it('is the same as one in which everything is off', () => {
    const live = { versioning: [{ enabled: false, mfa_delete: false }] };
    expect(told({ prior: { versioning: [] }, live, schema })).toEqual([]);
    expect(told({ prior: { versioning: [] }, live })).toEqual([]);
  });

  it('shows when something in it is on', () => {
    const live = { versioning: [{ enabled: true, mfa_delete: false }] };
    expect(told({ prior: { versioning: [] }, live, schema })).toEqual([
      'versioning[0] add null -> {"enabled":true,"mfa_delete":false}',
    ]);
  });

  it('shows when its mere presence says something', () => {
    const prior = { action: [{ allow: [], block: [{}] }] };
    const live = { action: [{ allow: [{}], block: [] }] };
    expect(told({ prior, live, schema })).toEqual([
      'action[0].allow[0] add null -> {}',
      'action[0].block[0] remove {} -> null',
    ]);
  });
});
