import { describe, expect, it } from 'vitest';
import { attribute, compare, schemaOf } from '../support/compare.ts';

describe('explanations', () => {
  const schema = schemaOf({
    name: attribute('string'),
    arn: attribute('string', '='),
    policy: attribute('string'),
    layers: attribute(['list', 'string']),
    enabled: attribute('bool'),
    timeouts: attribute(['map', 'string']),
  });

  it('say for every path that a rule touched which rule it was and what it found', () => {
    const { explanations } = compare({
      schema,
      prior: { name: 'a', arn: 'x', policy: '{"a":1}', layers: null, enabled: null, timeouts: { create: '1m' } },
      live: { name: 'b', arn: 'y', policy: '{ "a": 1 }', layers: [], enabled: false, timeouts: null },
    });
    const told = explanations.map((one) => `${one.path}: ${one.rule} ${one.verdict}`).sort();
    expect(told).toEqual([
      'arn: bookkeeping computed',
      'enabled: unset-is-off equal',
      'layers: same-meaning equal',
      'name: out-of-band drift',
      'policy: same-meaning equal',
      'timeouts: apply-knob equal',
    ]);
    expect(explanations.every((one) => one.detail.length > 10)).toBe(true);
  });

  it('are silent on what is plainly equal', () => {
    expect(
      compare({ schema, prior: { name: 'a', layers: ['x'] }, live: { name: 'a', layers: ['x'] } }).explanations,
    ).toEqual([]);
  });
});
