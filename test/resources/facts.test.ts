import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/compare/place-facts.ts';
import type { ResourceFacts } from '../../src/resources/facts.ts';
import { factsTable } from '../../src/resources/index.ts';

const entries = Object.entries(factsTable.types);
const PLACE = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/;

function placesOf(facts: ResourceFacts): string[] {
  return [
    ...(facts.knobs ?? []),
    ...(facts.neverRead ?? []),
    ...(facts.volatile ?? []),
    ...(facts.significant ?? []),
    ...(facts.unordered ?? []),
    ...(facts.rewritten ?? []),
    ...(facts.protocols ?? []),
    ...(facts.secrets ?? []),
    ...(facts.nothingWhenOff ?? []),
    ...Object.keys(facts.guards ?? {}),
    ...Object.entries(facts.copies ?? {}).flat(),
    ...(facts.aggregates ?? []).map((one) => one.place),
    ...(facts.bands ?? []).map((one) => one.place),
  ];
}

describe('facts of resource types', () => {
  it('cover the commonly used types', () => {
    expect(entries.length).toBeGreaterThanOrEqual(100);
  });

  it.each(entries)('of %s name places as attribute names joined by dots', (_, facts) => {
    for (const place of placesOf(facts)) expect(place).toMatch(PLACE);
  });

  it.each(entries)('of %s say nothing twice or against itself', (_, facts) => {
    const quiet = [...(facts.knobs ?? []), ...(facts.neverRead ?? []), ...(facts.volatile ?? [])];
    expect(new Set(quiet).size).toBe(quiet.length);
    for (const place of facts.significant ?? []) expect(quiet).not.toContain(place);
    for (const [copy, original] of Object.entries(facts.copies ?? {})) expect(copy).not.toBe(original);
  });

  it.each(entries)('of %s never silence a protection', (_, facts) => {
    const quiet = [...(facts.knobs ?? []), ...(facts.neverRead ?? []), ...(facts.volatile ?? [])];
    const guards = Object.keys({ ...factsTable.every.guards, ...facts.guards });
    expect(quiet.filter((place) => guards.includes(place))).toEqual([]);
  });

  it.each(entries.filter(([, facts]) => facts.aggregates !== undefined))(
    'of %s give every owner of members an answer to their key',
    (_, facts) => {
      for (const aggregate of facts.aggregates ?? []) {
        for (const owner of aggregate.owners) {
          if (aggregate.members === 'whole') expect(owner.member).toBeUndefined();
          else if (Array.isArray(aggregate.members)) expect(owner.member).toHaveLength(aggregate.members.length);
          else expect(owner.member?.length).toBeGreaterThan(0);
        }
      }
    },
  );

  it('of one type do not leak into another, nor from the prototype', () => {
    expect(factsOf(factsTable, 'constructor').root).toEqual(factsOf(factsTable, 'nothing_known').root);
    expect(factsOf(factsTable, 'aws_lambda_function').root.below.get('filename')?.neverRead).toBe(true);
    expect(factsOf(factsTable, 'aws_s3_bucket').root.below.get('filename')).toBeUndefined();
  });
});
