import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/attribution/port.ts';
import { isExclusion, populationOf, type Touch, type TouchedLeaf } from '../../src/attribution/population.ts';
import type { Actor, ActorKind } from '../../src/model/attribution.ts';
import type { Value } from '../../src/model/value.ts';
import { user, write } from '../support/who-records.ts';

interface Case {
  readonly id: string;
  readonly at?: string;
  readonly actor?: ActorKind;
  readonly ours?: boolean;
  readonly failed?: boolean;
  readonly touches?: readonly Touch[];
}

function touch(leaf: Partial<TouchedLeaf>, name = 'web', hidden = false): Touch {
  const resource = { address: `aws_instance.${name}`, type: 'aws_instance', id: 'i', workspace: 'w', provider: 'p' };
  const whole = { path: 'size', op: 'set', value: 1, live: null, before: null, ...leaf } as const;
  return { resource, matched: ['requestParameters.instanceId'], leaves: hidden ? [] : [whole] };
}

function answer(cases: readonly Case[], evidence: readonly string[] = [], recorded: readonly string[] = []) {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const of = (record: AuditRecord): Case => byId.get(record.eventId) as Case;
  return populationOf({
    writes: cases.map(({ id, at }) => ({
      ...write(user('a')),
      eventId: id,
      eventTime: at ?? `2026-03-14T02:00:0${id.length}Z`,
    })),
    succeeded: (record) => of(record).failed !== true,
    touched: (record) => of(record).touches ?? [touch({})],
    who: (record) => ({ name: 'a', kind: of(record).actor ?? 'person' }) as Actor,
    inBand: (record) => of(record).ours === true,
    evidence: new Set(evidence),
    recorded: new Set(recorded),
    window: { from: '2026-03-14T00:00:00Z', to: '2026-03-14T06:00:00Z' },
  });
}

const standings = (cases: readonly Case[], evidence: readonly string[] = [], recorded: readonly string[] = []) =>
  Object.fromEntries(answer(cases, evidence, recorded).changes.map((one) => [one.record.eventId, one.standing]));

describe('every write on a managed resource', () => {
  it('stands for a drift, an entry or a stated exclusion', () => {
    const cases: Case[] = [
      { id: 'drift' },
      { id: 'known' },
      { id: 'ci', actor: 'pipeline', ours: true },
      { id: 'otherci', actor: 'pipeline', touches: [touch({ path: 'e' })] },
      { id: 'aws', actor: 'service' },
      { id: 'undone', touches: [touch({ live: false, path: 'a' })] },
      { id: 'kept', touches: [touch({ live: true, path: 'b' })] },
      { id: 'hidden', touches: [touch({ live: null, path: 'c' })] },
      { id: 'bare', touches: [touch({}, 'web', true)] },
      { id: 'same', touches: [touch({ live: true, before: true, path: 'd' })] },
      { id: 'failed', failed: true },
      { id: 'elsewhere', touches: [] },
      { id: 'early', at: '2026-03-14T00:00:00Z' },
      { id: 'late', at: '2026-03-14T06:00:01Z' },
    ];
    expect(standings(cases, ['drift'], ['known'])).toEqual({
      drift: 'drift',
      known: 'already-recorded',
      ci: 'in-band',
      otherci: 'unseen',
      aws: 'service',
      undone: 'transient',
      kept: 'kept',
      hidden: 'unseen',
      bare: 'unseen',
      same: 're-applied',
    });
    expect(answer(cases, ['drift'], ['known']).population).toEqual({
      from: '2026-03-14T00:00:00Z',
      to: '2026-03-14T06:00:00Z',
      events: 10,
      entries: 6,
      excluded: { 'already-recorded': 1, 'in-band': 1, service: 1, 're-applied': 1 },
      difference: 0,
    });
  });

  it('counts once, however many resources it touched and however often the log holds it', () => {
    const both = { id: 'tags', touches: [touch({ live: false }, 'a'), touch({ live: true, before: true }, 'b')] };
    expect(answer([both, both])).toMatchObject({
      population: { events: 1, entries: 1, difference: 0 },
      changes: [{ standing: 'transient' }, { standing: 're-applied' }],
    });
  });

  it('names its call, its time and what it set', () => {
    const [change] = answer([{ id: 'x', at: '2026-03-14T02:00:00Z' }]).changes;
    expect(change).toMatchObject({
      call: 'ec2:ModifyInstanceAttribute',
      occurredAt: '2026-03-14T02:00:00Z',
      matched: ['requestParameters.instanceId'],
      actor: { name: 'a' },
      leaves: [{ path: 'size', value: 1 }],
    });
  });
});

describe('a value that was written again', () => {
  const set = (id: string, value: Value, at: string, more: Partial<TouchedLeaf> = {}): Case => ({
    id,
    at: `2026-03-14T0${at}:00:00Z`,
    touches: [touch({ value, live: value === 60, ...more })],
  });

  it('is told from one that was changed and changed back', () => {
    expect(standings([set('c', 60, '3'), set('a', 60, '1'), set('b', 60, '2')])).toEqual({
      a: 'kept',
      b: 're-applied',
      c: 're-applied',
    });
    expect(standings([set('a', 60, '1'), set('b', 50, '2'), set('c', 60, '3')])).toEqual({
      a: 'kept',
      b: 'transient',
      c: 'kept',
    });
  });

  it('is one of the same resource and attribute', () => {
    const other = { ...set('b', 60, '2'), touches: [touch({ value: 60, live: true }, 'db')] };
    expect(standings([set('a', 60, '1'), other, set('c', 60, '3', { path: 'other' })])).toEqual({
      a: 'kept',
      b: 'kept',
      c: 'kept',
    });
  });

  it('goes by member in sets: added, removed and added is three changes', () => {
    const member = (id: string, op: 'add' | 'remove', at: string, value: Value): Case =>
      set(id, value, at, { op, live: op === 'add' });
    expect(
      standings([
        member('a', 'add', '1', { cidr: 'x', port: 1 }),
        member('b', 'remove', '2', { port: 1, cidr: 'x' }),
        member('c', 'add', '3', { cidr: 'x', port: 1 }),
        member('d', 'add', '4', { cidr: 'x', port: 2 }),
        member('e', 'add', '5', { port: 1, cidr: 'x' }),
      ]),
    ).toEqual({ a: 'kept', b: 'transient', c: 'kept', d: 'kept', e: 're-applied' });
  });
});

describe('the sum', () => {
  const kinds = ['person', 'pipeline', 'service', 'role'] as const;
  const one = fc.record({
    id: fc.integer({ min: 0, max: 30 }).map(String),
    at: fc.integer({ min: 0, max: 9 }).map((hour) => `2026-03-14T0${hour}:00:00Z`),
    actor: fc.constantFrom(...kinds),
    failed: fc.boolean(),
    touches: fc.array(
      fc
        .tuple(fc.constantFrom(true, false, null), fc.integer({ min: 0, max: 2 }), fc.constantFrom('a', 'b'))
        .map(([live, value, name]) => touch({ live, value }, name)),
      { maxLength: 3 },
    ),
  });

  it('always agrees, and no order of files changes it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: (c) => c.id }),
        fc.array(fc.nat(30).map(String)),
        (cases, evidence) => {
          const told = answer(cases, evidence);
          const { events, entries, excluded, difference } = told.population;
          expect(difference).toBe(0);
          expect(entries + Object.values(excluded).reduce((sum, n) => sum + n, 0)).toBe(events);
          expect(answer([...cases].reverse(), evidence)).toEqual(told);
          for (const { standing, actor } of told.changes) {
            if (actor.kind === 'person' && isExclusion(standing)) expect(standing).toBe('re-applied');
          }
        },
      ),
    );
  });
});
