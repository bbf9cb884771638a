import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { netOf, stepsOf, undone } from '../../../src/ledger/query/steps.ts';
import type { SignedChange } from '../../../src/model/entry.ts';
import type { ChangeEntry } from '../../../src/model/picture.ts';
import { LEDGERS } from '../../support/entry-samples.ts';

const sample = LEDGERS.week.find((entry): entry is ChangeEntry => entry.kind === 'drift') as ChangeEntry;

function change(
  path: string,
  before: SignedChange['before'],
  after: SignedChange['after'],
  op: SignedChange['op'] = 'replace',
): SignedChange {
  return { path, op, before, after, sensitive: false, cause: 'out-of-band' };
}

function drift(...paths: SignedChange[]): ChangeEntry {
  const { statement } = sample;
  const { predicate } = statement;
  return {
    ...sample,
    kind: 'drift',
    statement: { ...statement, predicate: { ...predicate, change: { ...predicate.change, paths } } },
  };
}

describe('what a drift entry did by itself', () => {
  const before = drift(change('timeout', 5, 900), change('memory', 1, 2), change('ingress', null, { port: 22 }, 'add'));

  it('is all that it tells where it continues nothing', () => {
    expect(stepsOf(before, undefined)).toHaveLength(3);
  });

  it('leaves out what differed before in the same way', () => {
    const after = drift(
      change('timeout', 5, 900),
      change('memory', 1, 4),
      change('ingress', null, { port: 22 }, 'add'),
    );
    expect(stepsOf(after, before)).toEqual([change('memory', 2, 4)]);
  });

  it('undoes what differs no longer', () => {
    const after = drift(change('timeout', 5, 900));
    expect(stepsOf(after, before)).toEqual([change('memory', 2, 1), change('ingress', { port: 22 }, null, 'remove')]);
  });
});

describe('several steps together', () => {
  it('go from the first value to the last', () => {
    expect(netOf([change('a', 1, 2), change('b', 1, 1), change('a', 2, 3)])).toEqual([change('a', 1, 3)]);
  });

  it('tell members of a set apart, whatever the order of their keys', () => {
    const added = change('set', null, { x: 1, y: 2 }, 'add');
    const other = change('set', null, { x: 3 }, 'add');
    expect(netOf([added, other, change('set', { y: 2, x: 1 }, null, 'remove')])).toEqual([other]);
  });

  it('leave nothing where each was undone in reverse', () => {
    const value = fc.constantFrom(1, 2, 'x', null);
    const member = fc.record({ path: fc.constantFrom('s', 't'), v: fc.integer({ min: 0, max: 4 }) });
    const steps = fc.oneof(
      fc
        .array(value, { minLength: 2, maxLength: 6 })
        .map((chain) => chain.slice(1).map((v, i) => change('a', chain[i] ?? null, v))),
      fc.array(member, { maxLength: 6 }).map((list) => list.map(({ path, v }) => change(path, null, { v }, 'add'))),
    );
    fc.assert(
      fc.property(steps, (list) => {
        expect(netOf([...list, ...list.toReversed().map(undone)])).toEqual([]);
      }),
    );
  });
});
