import { describe, expect, it } from 'vitest';
import { attribute, block, schemaOf, told } from '../support/compare.ts';

describe('a map', () => {
  const schema = schemaOf({ labels: attribute(['map', 'string']) });

  it('is compared by key', () => {
    const prior = { labels: { a: '1', b: '2', c: '3' } };
    const live = { labels: { a: '1', b: 'x', d: '4' } };
    expect(told({ prior, live, schema })).toEqual([
      'labels.b replace "2" -> "x"',
      'labels.c remove "3" -> null',
      'labels.d add null -> "4"',
    ]);
  });

  it('shows a key that comes or goes with an empty value, and lets null pass', () => {
    expect(told({ prior: { labels: {} }, live: { labels: { a: '' } }, schema })).toEqual(['labels.a add null -> ""']);
    expect(told({ prior: { labels: { a: null } }, live: { labels: null }, schema })).toEqual([]);
  });

  it('quotes a key that looks like a path', () => {
    const live = { labels: { 'a.b[0]': 'x' } };
    expect(told({ prior: { labels: null }, live, schema })).toEqual(['labels["a.b[0]"] add null -> "x"']);
  });

  it('keeps keys of the prototype apart as data', () => {
    const map = JSON.parse('{"__proto__":"a","constructor":"b"}');
    expect(told({ prior: { labels: {} }, live: { labels: map }, schema })).toEqual([
      'labels.__proto__ add null -> "a"',
      'labels.constructor add null -> "b"',
    ]);
    expect(
      told({ prior: { labels: map }, live: { labels: JSON.parse('{"__proto__":"a","constructor":"b"}') }, schema }),
    ).toEqual([]);
  });
});

describe('a list', () => {
  const schema = schemaOf({ layers: attribute(['list', 'string']) });
  const layers = (prior: string[], live: string[]) =>
    told({ prior: { layers: prior }, live: { layers: live }, schema });

  it('tells one insertion as one change, wherever it is', () => {
    expect(layers(['a', 'b', 'c'], ['x', 'a', 'b', 'c'])).toEqual(['layers[0] add null -> "x"']);
    expect(layers(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual(['layers[1] add null -> "x"']);
    expect(layers(['a', 'b', 'c'], ['a', 'c'])).toEqual(['layers[1] remove "b" -> null']);
  });

  it('tells a replaced element at its index', () => {
    expect(layers(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual(['layers[1] replace "b" -> "x"']);
  });

  it('tells another order as one change', () => {
    expect(layers(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(['layers replace ["a","b","c"] -> ["c","a","b"]']);
  });

  it('whose order the service does not keep is a set', () => {
    const question = { prior: { layers: ['a', 'b'] }, live: { layers: ['b', 'a'] }, schema };
    expect(told({ ...question, facts: { unordered: ['layers'] } })).toEqual([]);
  });

  it('of blocks tells the attribute inside', () => {
    const rules = schemaOf({}, { rule: block('list', { name: attribute('string'), port: attribute('number') }) });
    const prior = {
      rule: [
        { name: 'a', port: 1 },
        { name: 'b', port: 2 },
      ],
    };
    const live = {
      rule: [
        { name: 'a', port: 1 },
        { name: 'b', port: 3 },
      ],
    };
    expect(told({ prior, live, schema: rules })).toEqual(['rule[1].port replace 2 -> 3']);
    expect(told({ prior, live })).toEqual(['rule replace {"name":"b","port":2} -> {"name":"b","port":3}']);
  });
});

describe('a set', () => {
  const schema = schemaOf(
    { ids: attribute(['set', 'string']) },
    {
      rule: block('set', {
        port: attribute('number'),
        cidr: attribute('string'),
        self: attribute('bool'),
        arn: attribute('string', '='),
      }),
    },
  );

  it('has no order', () => {
    expect(told({ prior: { ids: ['a', 'b', 'c'] }, live: { ids: ['c', 'a', 'b'] }, schema })).toEqual([]);
  });

  it('tells each member that came or went at its own path', () => {
    expect(told({ prior: { ids: ['a', 'b'] }, live: { ids: ['b', 'c', 'd'] }, schema })).toEqual([
      'ids remove "a" -> null',
      'ids add null -> "c"',
      'ids add null -> "d"',
    ]);
  });

  const rule = (port: number, cidr: string, self: boolean | null = null) => ({ port, cidr, self, arn: null });

  it('tells one object that changed as one change', () => {
    const prior = { rule: [rule(22, '10.0.0.0/8'), rule(443, '0.0.0.0/0')] };
    const live = { rule: [rule(443, '0.0.0.0/0'), rule(22, '0.0.0.0/0')] };
    expect(told({ prior, live, schema })).toEqual([
      `rule replace ${JSON.stringify(rule(22, '10.0.0.0/8'))} -> ${JSON.stringify(rule(22, '0.0.0.0/0'))}`,
    ]);
  });

  it('tells objects that have little in common as one gone and one come', () => {
    const live = { rule: [rule(80, '0.0.0.0/0')] };
    expect(told({ prior: { rule: [rule(22, '10.0.0.0/8')] }, live, schema })).toHaveLength(2);
  });

  it('knows an element again whose unset member is spelled out', () => {
    const live = { rule: [rule(443, 'b', false), rule(22, 'a', false)] };
    expect(told({ prior: { rule: [rule(22, 'a'), rule(443, 'b')] }, live, schema })).toEqual([]);
    const self = { rule: [rule(22, 'a', true)] };
    expect(told({ prior: { rule: [rule(22, 'a')] }, live: self, schema })).toHaveLength(1);
  });

  it('knows an element again by what was declared of it', () => {
    const live = { rule: [{ ...rule(22, 'a'), arn: 'arn:new' }] };
    expect(told({ prior: { rule: [{ ...rule(22, 'a'), arn: 'arn:old' }] }, live, schema })).toEqual([]);
  });

  it('counts equal members', () => {
    expect(told({ prior: { list: ['a', 'a', 'b'] }, live: { list: ['a', 'b'] } })).toEqual(['list remove "a" -> null']);
  });
});

describe('an array without a schema', () => {
  it('tells another order as one change and other members one by one', () => {
    expect(told({ prior: { it: ['a', 'b'] }, live: { it: ['b', 'a'] } })).toEqual([
      'it replace ["a","b"] -> ["b","a"]',
    ]);
    expect(told({ prior: { it: ['a', 'b'] }, live: { it: ['b', 'c'] } })).toEqual([
      'it remove "a" -> null',
      'it add null -> "c"',
    ]);
  });

  it('of one block is compared by its members', () => {
    const prior = { versioning: [{ enabled: true, mfa: false }] };
    expect(told({ prior, live: { versioning: [{ enabled: false, mfa: false }] } })).toEqual([
      'versioning[0].enabled replace true -> false',
    ]);
  });
});
