import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../src/compare/normalise.ts';
import { formatPath } from '../../src/model/path.ts';
import { ANY, shapeOf } from '../../src/model/shape.ts';
import { sameValue, type Value } from '../../src/model/value.ts';
import { leafPaths, reordered, typed, withLeaf } from '../support/arbitrary-resource.ts';
import { compare } from '../support/compare.ts';

const noFacts = { facts: {} };

/** Another leaf of the same type that no rule can take for the same. */
function another(before: Value): Value {
  if (typeof before === 'boolean') return !before;
  if (typeof before === 'number') return before + 1001;
  return `${typeof before === 'string' ? before.length : ''}changed`;
}

describe('normalise', () => {
  it('is idempotent, with a schema and without', () => {
    fc.assert(
      fc.property(typed, ({ schema, value }) => {
        for (const shape of [shapeOf(schema), ANY]) {
          const once = normalise(value, shape);
          expect(sameValue(normalise(once, shape), once)).toBe(true);
        }
      }),
    );
  });

  it('gives the same for every order of a set', () => {
    fc.assert(
      fc.property(typed, ({ schema, value }) => {
        const shape = shapeOf(schema);
        expect(sameValue(normalise(reordered(value, schema.block), shape), normalise(value, shape))).toBe(true);
      }),
    );
  });
});

describe('comparison', () => {
  it('finds nothing between equal values', () => {
    fc.assert(
      fc.property(typed, ({ schema, value }) => {
        const copy = structuredClone(value);
        expect(compare({ prior: value, live: copy, schema, ...noFacts }).drift).toBeUndefined();
        expect(compare({ prior: value, live: copy, ...noFacts }).drift).toBeUndefined();
      }),
    );
  });

  it('finds nothing between sets in another order', () => {
    fc.assert(
      fc.property(typed, ({ schema, value }) => {
        const live = reordered(value, schema.block);
        expect(compare({ prior: value, live, schema, ...noFacts }).drift).toBeUndefined();
      }),
    );
  });

  it('finds a changed leaf at its path, and nothing else', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ({ schema, value }, pick) => {
        const paths = leafPaths(value, schema.block).filter(
          (path) => at(value, path) !== null && at(value, path) !== '',
        );
        fc.pre(paths.length > 0);
        const path = paths[pick % paths.length] as (typeof paths)[number];
        const live = withLeaf(value, path, another);
        const changes = compare({ prior: value, live, schema, ...noFacts }).drift?.changes ?? [];
        expect(changes.map((change) => change.path)).toEqual([formatPath(path)]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds a changed leaf without a schema, too', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ({ schema, value }, pick) => {
        const paths = leafPaths(value, schema.block).filter(
          (path) => at(value, path) !== null && at(value, path) !== '',
        );
        fc.pre(paths.length > 0);
        const path = paths[pick % paths.length] as (typeof paths)[number];
        const live = withLeaf(value, path, another);
        const changes = compare({ prior: value, live, ...noFacts }).drift?.changes ?? [];
        expect(changes.length).toBeGreaterThan(0);
        expect(changes.every((change) => change.path.startsWith(formatPath(path.slice(0, 1))))).toBe(true);
      }),
    );
  });

  it('finds a member that was added to a set, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.nat(),
        (members, place) => {
          const schema = {
            version: 0,
            block: { attributes: { ids: { type: ['set', 'string'] as const, optional: true } }, blocks: {} },
          };
          const live = [...members].reverse();
          live.splice(place % (live.length + 1), 0, 'rogue-member');
          const changes = compare({ prior: { ids: members }, live: { ids: live }, schema, ...noFacts }).drift?.changes;
          expect(changes).toMatchObject([{ path: 'ids', op: 'add', before: null, after: 'rogue-member' }]);
        },
      ),
    );
  });

  it('never throws, whatever stands where', () => {
    fc.assert(
      fc.property(
        typed,
        fc.jsonValue({ maxDepth: 5 }),
        fc.jsonValue({ maxDepth: 5 }),
        ({ schema, value }, live, config) => {
          const written =
            typeof config === 'object' && config !== null && !Array.isArray(config) ? config : { alpha: config };
          for (const one of [schema, undefined]) {
            compare({ prior: value, live: live as Value, schema: one, config: written as never });
            compare({ prior: { alpha: live as Value }, live: value, schema: one, config: written as never });
          }
        },
      ),
    );
  });
});

function at(value: Value, path: readonly (string | number)[]): Value {
  return path.reduce<Value>((here, step) => (here as Record<string, Value>)[step] ?? null, value);
}
