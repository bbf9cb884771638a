import { describe, expect, it } from 'vitest';
import { attribute, block, changesOf, compare, schemaOf, told } from '../support/compare.ts';

describe('an attribute that only the provider sets', () => {
  const schema = schemaOf({
    arn: attribute('string', '='),
    name: attribute('string'),
    etag: attribute('string', '?='),
  });

  it('is bookkeeping, told apart from drift', () => {
    const comparison = compare({ prior: { arn: 'a', name: 'n' }, live: { arn: 'b', name: 'n' }, schema });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.documents).toBeUndefined();
    expect(comparison.computed?.changes).toMatchObject([{ path: 'arn', class: 'computed' }]);
  });

  it('does not hide a change beside it', () => {
    const comparison = compare({ prior: { arn: 'a', name: 'n' }, live: { arn: 'b', name: 'm' }, schema });
    expect(changesOf(comparison).map((change) => change.path)).toEqual(['name']);
    expect(comparison.computed?.changes).toHaveLength(1);
  });

  it('is drift where the facts call it significant', () => {
    const facts = { significant: ['arn'] };
    expect(told({ prior: { arn: 'a' }, live: { arn: 'b' }, schema, facts })).toHaveLength(1);
  });

  it('is what the name says where there is no schema', () => {
    const comparison = compare({ prior: { arn: 'a', last_modified: '1' }, live: { arn: 'b', last_modified: '2' } });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.computed?.changes).toHaveLength(2);
  });

  it('that the user may set, too, is drift by value', () => {
    expect(told({ prior: { etag: 'a' }, live: { etag: 'b' }, schema })).toHaveLength(1);
  });
});

describe('a volatile attribute', () => {
  it('is bookkeeping by exact name and type', () => {
    const question = {
      type: 'aws_db_instance',
      prior: { engine_version_actual: '1' },
      live: { engine_version_actual: '2' },
    };
    expect(compare(question).drift).toBeUndefined();
    expect(told({ prior: { state: 'a' }, live: { state: 'b' }, facts: { volatile: ['state'] } })).toEqual([]);
    expect(told({ prior: { state: 'a' }, live: { state: 'b' }, facts: {} })).toHaveLength(1);
  });
});

describe('what is never observed', () => {
  it('is no change and is explained: knobs of apply and destroy', () => {
    const comparison = compare({
      prior: { force_destroy: true, timeouts: { create: '1m' } },
      live: { timeouts: null },
    });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.explanations).toContainEqual(
      expect.objectContaining({ path: 'force_destroy', rule: 'apply-knob' }),
    );
  });

  it('is no change and is explained: what the service never gives back', () => {
    const schema = schemaOf({ password: attribute('string', '?*'), token: attribute('string', '?w') });
    const question = {
      type: 'aws_db_instance',
      prior: { password: 'a', token: null },
      live: { password: 'a', token: 'x' },
    };
    const comparison = compare({ ...question, schema });
    expect(comparison.drift).toBeUndefined();
    const rules = comparison.explanations.map((one) => `${one.path} ${one.rule} ${one.verdict}`);
    expect(rules).toEqual(['password never-read gap', 'token never-read gap']);
  });

  it('does not cover an attribute of another type with that name', () => {
    expect(told({ prior: { filename: 'a' }, live: { filename: 'b' } })).toHaveLength(1);
    expect(told({ type: 'aws_lambda_function', prior: { filename: 'a' }, live: { filename: 'b' } })).toEqual([]);
  });
});

describe('one fact under two names', () => {
  it('is told once, under the name that people know', () => {
    const prior = { vpc_security_group_ids: ['sg-1'], security_groups: ['sg-1'] };
    const live = { vpc_security_group_ids: ['sg-2'], security_groups: ['sg-2'] };
    expect(told({ type: 'aws_instance', prior, live }).every((one) => one.startsWith('vpc_'))).toBe(true);
  });

  it('is told under the copy where only the copy changed', () => {
    const prior = { vpc_security_group_ids: ['sg-1'], security_groups: ['sg-1'] };
    const live = { vpc_security_group_ids: ['sg-1'], security_groups: ['sg-2'] };
    expect(told({ type: 'aws_instance', prior, live })).not.toEqual([]);
  });
});

describe('tags', () => {
  const schema = schemaOf({ tags: attribute(['map', 'string']), tags_all: attribute(['map', 'string'], '?=') });

  it('merged with defaults of the provider are told once, under tags', () => {
    const prior = { tags: { A: '1' }, tags_all: { A: '1', Env: 'prod' } };
    const live = { tags: { A: '2' }, tags_all: { A: '2', Env: 'prod' } };
    expect(told({ prior, live, schema })).toEqual(['tags.A replace "1" -> "2"']);
    expect(told({ prior, live })).toEqual(['tags.A replace "1" -> "2"']);
  });

  it('do not alarm where only the split between own and default moved', () => {
    const prior = { tags: { A: '1', Env: 'prod' }, tags_all: { A: '1', Env: 'prod' } };
    const live = { tags: { A: '1' }, tags_all: { A: '1', Env: 'prod' } };
    expect(told({ prior, live, schema })).toEqual([]);
  });

  it('show a default that somebody changed or took away', () => {
    const prior = { tags: null, tags_all: { Env: 'prod' } };
    expect(told({ prior, live: { tags: { Env: 'x' }, tags_all: { Env: 'x' } }, schema })).toEqual([
      'tags.Env replace "prod" -> "x"',
    ]);
    expect(told({ prior, live: { tags: {}, tags_all: {} }, schema })).toEqual(['tags.Env remove "prod" -> null']);
  });

  it('are compared themselves where a side knows no merged ones', () => {
    const prior = { tags: { A: '1' }, tags_all: null };
    expect(told({ prior, live: { tags: { A: '2' }, tags_all: null }, schema })).toEqual(['tags.A replace "1" -> "2"']);
  });
});

describe('a number that an autoscaler moves', () => {
  const group = (desired: number) => ({ name: 'g', min_size: 2, max_size: 6, desired_capacity: desired });

  it('is no drift within its bounds', () => {
    const comparison = compare({ type: 'aws_autoscaling_group', prior: group(3), live: group(6) });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.explanations).toContainEqual(expect.objectContaining({ rule: 'autoscaler', verdict: 'equal' }));
  });

  it('is drift outside them, and so is a moved bound', () => {
    expect(told({ type: 'aws_autoscaling_group', prior: group(3), live: group(0) })).toHaveLength(1);
    expect(told({ type: 'aws_autoscaling_group', prior: group(3), live: { ...group(5), max_size: 9 } })).toEqual([
      'max_size replace 6 -> 9',
    ]);
  });

  it('is bounded in a nested block', () => {
    const scaling = (size: number) => ({ scaling_config: [{ min_size: 1, max_size: 3, desired_size: size }] });
    expect(told({ type: 'aws_eks_node_group', prior: scaling(1), live: scaling(3) })).toEqual([]);
    expect(told({ type: 'aws_eks_node_group', prior: scaling(1), live: scaling(4) })).toHaveLength(1);
  });

  const service = (count: number) => ({
    cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/main',
    name: 'web',
    desired_count: count,
  });
  const target = {
    type: 'aws_appautoscaling_target',
    prior: {
      scalable_dimension: 'ecs:service:DesiredCount',
      resource_id: 'service/main/web',
      min_capacity: 1,
      max_capacity: 4,
    },
  };

  it('is bounded by a declared scaling target', () => {
    const question = { type: 'aws_ecs_service', prior: service(1), live: service(4), siblings: [target] };
    expect(told(question)).toEqual([]);
    expect(told({ ...question, live: service(5) })).toHaveLength(1);
    expect(told({ ...question, siblings: [] })).toHaveLength(1);
    const other = { ...target, prior: { ...target.prior, resource_id: 'service/main/other' } };
    expect(told({ ...question, siblings: [other] })).toHaveLength(1);
  });
});

describe('a nested attribute of protocol 6', () => {
  const schema = schemaOf({
    settings: {
      optional: true,
      nested: { nesting: 'list', attributes: { mode: attribute('string'), seen: attribute('string', '=') } },
    },
  });

  it('is compared member by member, bookkeeping apart', () => {
    const prior = { settings: [{ mode: 'a', seen: '1' }] };
    const comparison = compare({ prior, live: { settings: [{ mode: 'b', seen: '2' }] }, schema });
    expect(changesOf(comparison).map((change) => change.path)).toEqual(['settings[0].mode']);
    expect(comparison.computed?.changes.map((change) => change.path)).toEqual(['settings[0].seen']);
  });
});

describe('a hostile value', () => {
  it('that is nested too deep is a gap, never a crash', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const comparison = compare({ prior: { it: 'a' }, live: { it: deep as never } });
    expect(comparison.drift).toBeUndefined();
    expect(comparison.gaps).toMatchObject([{ reason: 'undecodable' }]);
  });

  it('that is no object is a gap', () => {
    expect(compare({ prior: { it: 'a' }, live: null }).gaps).toHaveLength(1);
    expect(compare({ prior: { it: 'a' }, live: 'text' }).gaps).toHaveLength(1);
  });

  it('of another kind than the schema says is drift, not a crash', () => {
    const schema = schemaOf(
      { m: attribute(['map', 'string']), s: attribute(['set', 'string']) },
      { b: block('list', { x: attribute('string') }) },
    );
    const prior = { m: { a: '1' }, s: ['a'], b: [{ x: '1' }] };
    expect(told({ prior, live: { m: 'text', s: { a: 1 }, b: 7 }, schema }).length).toBeGreaterThan(0);
    expect(told({ prior: { m: 'text', s: 5, b: [1] }, live: prior, schema }).length).toBeGreaterThan(0);
  });
});
