import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { UNKNOWN, type ValueMap } from '../../src/model/value.ts';
import { attribute, block, compare, schemaOf, told } from '../support/compare.ts';

const schema = schemaOf(
  {
    id: attribute('string', '?='),
    timeout: attribute('number'),
    name: attribute('string', '!'),
    policy: attribute('string'),
    runtime: attribute('string', '?='),
    ids: attribute(['set', 'string']),
    order: attribute(['list', 'string']),
    tags: attribute(['map', 'string']),
    tags_all: attribute(['map', 'string'], '?='),
  },
  {
    logging: block('list', { bucket: attribute('string', '!'), prefix: attribute('string', '?=') }),
    rule: block('set', { port: attribute('number', '!'), cidr: attribute('string'), note: attribute('string', '?=') }),
  },
);
const base: ValueMap = { name: 'n', timeout: 5 };
const ask = (config: ValueMap, prior: ValueMap, live: ValueMap = prior) =>
  told({ schema, prior: { ...base, ...prior }, live: { ...base, ...live }, config: { name: 'n', ...config } });

describe('the cause of a drift', () => {
  it.each([
    ['out-of-band: live differs from what was applied', 5, 5, 900, ['timeout replace 5 -> 900']],
    ['unapplied: the configuration differs, live does not', 6, 5, 5, ['timeout replace 6 -> 5 (unapplied)']],
    ['both: each differs', 6, 5, 900, ['timeout replace 6 -> 900 (both)']],
    ['none: configuration and live agree, the state is behind', 900, 5, 900, []],
    ['none: all agree', 5, 5, 5, []],
  ] as const)('is %s', (_, written, applied, live, expected) => {
    expect(ask({ timeout: written }, { timeout: applied }, { timeout: live })).toEqual(expected);
  });

  it('is out-of-band where the configuration is not known or does not write the attribute', () => {
    expect(ask({ timeout: UNKNOWN }, {}, { timeout: 900 })).toEqual(['timeout replace 5 -> 900']);
    expect(ask({}, {}, { timeout: 900 })).toEqual(['timeout replace 5 -> 900']);
  });

  it('explains that only the state is behind', () => {
    const { explanations } = compare({ schema, prior: base, live: { ...base, timeout: 9 }, config: { timeout: 9 } });
    expect(explanations).toContainEqual(expect.objectContaining({ path: 'timeout', rule: 'state-behind' }));
  });
});

describe('configuration that cannot be compared exactly never alarms', () => {
  const user = '#!/bin/sh\necho hi\n';
  it.each([
    ['a number written as text', { timeout: '5' }, { timeout: 5 }],
    ['another case or a trailing dot', { name: 'Example.COM.' }, { name: 'example.com' }],
    ['a name for an ARN', { runtime: 'app' }, { runtime: 'arn:aws:iam::111122223333:role/app' }],
    ['an alias for a key', { runtime: 'alias/main' }, { runtime: 'arn:aws:kms:eu-west-1:111122223333:key/1' }],
    [
      'a policy in another layout',
      { policy: '{"Statement":{"Effect":"Allow","Action":"a"}}' },
      { policy: '{"Statement":[{"Action":["a"],"Effect":"Allow"}]}' },
    ],
    [
      'a document that the provider completed',
      { policy: '[{"name":"a"}]' },
      { policy: '[{"name":"a","cpu":0,"mountPoints":[]}]' },
    ],
    ['a digest of what is written', { policy: user }, { policy: createHash('sha1').update(user).digest('hex') }],
    ['base64 of what is written', { policy: user }, { policy: Buffer.from(user).toString('base64') }],
    ['a protocol by name', { policy: 'all' }, { policy: '-1' }],
    ['a period in another unit', { policy: 'rate(60 minutes)' }, { policy: 'rate(1 hour)' }],
    ['a written null', { timeout: null }, { timeout: 5 }],
    ['an empty text for an unset one', { policy: '' }, { policy: null }],
    ['a set that is not wholly known', { ids: ['a', UNKNOWN] }, { ids: ['b', 'c'] }],
    ['a list that is not wholly known', { order: [UNKNOWN] }, { order: ['b'] }],
    ['a dynamic block', { rule: UNKNOWN }, { rule: [{ port: 1, cidr: 'a' }] }],
    [
      'a block that is not wholly known',
      { logging: [{ bucket: UNKNOWN, prefix: 'x' }] },
      { logging: [{ bucket: 'b', prefix: 'y' }] },
    ],
    ['a block without its defaults', { logging: [{ bucket: 'b' }] }, { logging: [{ bucket: 'b', prefix: 'logs/' }] }],
    [
      'blocks that the provider added',
      { rule: [{ port: 1 }] },
      {
        rule: [
          { port: 1, cidr: '' },
          { port: 2, cidr: 'x' },
        ],
      },
    ],
    [
      'fewer blocks than the provider has',
      { logging: [{ bucket: 'b' }] },
      { logging: [{ bucket: 'x' }, { bucket: 'b' }] },
    ],
    ['a set in another order', { ids: ['b', 'a'] }, { ids: ['a', 'b'] }],
    ['an attribute that the schema does not know', { nonsense: 1 }, {}],
  ] as [string, ValueMap, ValueMap][])('%s', (_, config, prior) => {
    expect(ask(config, prior)).toEqual([]);
  });

  it('but a plain difference beside it does', () => {
    expect(ask({ ids: [UNKNOWN], timeout: 7 }, { ids: ['b'] })).toEqual(['timeout replace 7 -> 5 (unapplied)']);
  });
});

describe('unapplied configuration', () => {
  it('is told by member of a set, by index of a list and by key of a map', () => {
    expect(ask({ ids: ['a', 'c'] }, { ids: ['a', 'b'] })).toEqual([
      'ids remove "c" -> null (unapplied)',
      'ids add null -> "b" (unapplied)',
    ]);
    expect(ask({ order: ['a', 'c'] }, { order: ['a', 'b'] })).toEqual(['order[1] replace "c" -> "b" (unapplied)']);
    expect(ask({ tags: { A: '1', B: 'x' } }, { tags: { A: '1', B: '2', C: '3' } })).toEqual([
      'tags.B replace "x" -> "2" (unapplied)',
      'tags.C add null -> "3" (unapplied)',
    ]);
  });

  it('is told in a nested block and in a set of blocks', () => {
    expect(ask({ logging: [{ bucket: 'new' }] }, { logging: [{ bucket: 'old', prefix: 'p' }] })).toEqual([
      'logging[0].bucket replace "new" -> "old" (unapplied)',
    ]);
    const prior = { rule: [{ port: 1, cidr: 'a', note: 'n' }] };
    expect(ask({ rule: [{ port: 1, cidr: 'b' }] }, prior)).toEqual([
      'rule replace {"port":1,"cidr":"b","note":"n"} -> {"port":1,"cidr":"a","note":"n"} (unapplied)',
    ]);
  });

  it('stands apart from what happened out of band in the same set', () => {
    expect(ask({ ids: ['a', 'new'] }, { ids: ['a'] }, { ids: ['a', 'rogue'] })).toEqual([
      'ids remove "new" -> null (unapplied)',
      'ids add null -> "rogue"',
    ]);
  });

  it('of one known key of a map is found beside an unknown one', () => {
    const prior = { tags: { A: '1', B: '2' } };
    expect(ask({ tags: { A: 'x', B: UNKNOWN } }, prior)).toEqual(['tags.A replace "x" -> "1" (unapplied)']);
  });
});

describe('tags in the configuration', () => {
  it('that the provider takes for its defaults are no difference', () => {
    const prior = { tags: { A: '1' }, tags_all: { A: '1', Env: 'prod' } };
    expect(ask({ tags: { A: '1', Env: 'prod' } }, prior)).toEqual([]);
    expect(ask({ tags: { A: '1', Env: 'dev' } }, prior)).toEqual(['tags.Env replace "dev" -> "prod" (unapplied)']);
  });

  it('that are not applied yet show under the merged comparison, too', () => {
    const prior = { tags: { A: '1' }, tags_all: { A: '1', Env: 'prod' } };
    expect(ask({ tags: { A: '2', B: '3' } }, prior)).toEqual([
      'tags.A replace "2" -> "1" (unapplied)',
      'tags.B remove "3" -> null (unapplied)',
    ]);
  });
});

describe('configuration without a schema', () => {
  it('is compared where scalars certainly differ', () => {
    const question = { prior: { timeout: 5, name: 'a' }, live: { timeout: 5, name: 'a' } };
    expect(told({ ...question, config: { timeout: 6, name: 'a' } })).toEqual(['timeout replace 6 -> 5 (unapplied)']);
    expect(told({ ...question, config: { timeout: '5', name: 'A' } })).toEqual([]);
  });
});
