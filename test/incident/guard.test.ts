import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GuardedPlan, guardPlan, type PlannedChange } from '../../src/incident/guard.ts';

const ADDRESS = 'module.a["x"].aws_sqs_queue.q';
const before = {
  delay_seconds: 5,
  name: 'q',
  tags: { a: '1' },
  tags_all: { a: '1' },
  rules: [{ port: 1 }, { port: 2 }],
};
const only = (after: object, more: Partial<PlannedChange> = {}): PlannedChange => ({
  address: ADDRESS,
  mode: 'managed',
  type: 'aws_sqs_queue',
  deposed: undefined,
  actions: ['update'],
  importing: false,
  before,
  after: { ...before, ...after },
  afterUnknown: {},
  ...more,
});
const plan = (...changes: PlannedChange[]): GuardedPlan => ({ errored: false, changes, deferred: [] });
const check = (guarded: GuardedPlan, ...attributes: string[]) => guardPlan(guarded, { address: ADDRESS, attributes });

describe('the check of a plan', () => {
  it('lets a plan pass that changes the named attributes of one address and nothing else', () => {
    const idle = only({}, { address: 'aws_sqs_queue.other', actions: ['no-op'], after: before });
    expect(check(plan(only({ delay_seconds: 0 }), idle), 'delay_seconds')).toEqual({
      refusals: [],
      changed: ['delay_seconds'],
      alongside: [],
    });
    expect(check(plan(only({ rules: [{ port: 1 }, { port: 3 }] })), 'rules').refusals).toEqual([]);
    expect(check(plan(only({ tags: { a: '2' }, tags_all: { a: '2' } })), 'tags.a').refusals).toEqual([]);
  });

  it('lets bookkeeping move along where it is known only after the apply, and refuses it where somebody chose it', () => {
    const moved = only({ delay_seconds: 0 }, { afterUnknown: { last_modified: true } });
    expect(check(plan(moved), 'delay_seconds')).toMatchObject({ refusals: [], alongside: ['last_modified'] });
    expect(check(plan(only({ delay_seconds: 0, version: '2' })), 'delay_seconds').refusals).toEqual([
      'it would also change version',
    ]);
    const unknown = only({ delay_seconds: 0 }, { afterUnknown: { policy: true } });
    expect(check(plan(unknown), 'delay_seconds').refusals).toEqual(['it would also change policy']);
  });

  it.each([
    ['another attribute', plan(only({ delay_seconds: 0, name: 'p' })), /also change name/],
    ['no change at all', plan(only({}, { actions: ['no-op'] })), /changes nothing of/],
    ['an attribute that stays', plan(only({ name: 'p' })), /does not change delay_seconds/],
    ['a replacement', plan(only({ delay_seconds: 0 }, { actions: ['delete', 'create'] })), /would delete and create/],
    [
      'another address',
      plan(only({ delay_seconds: 0 }), only({ name: 'p' }, { address: 'aws_x.y' })),
      /would update aws_x.y/,
    ],
    [
      'another instance',
      plan(only({ delay_seconds: 0 }, { address: 'module.a["y"].aws_sqs_queue.q' })),
      /changes nothing of/,
    ],
    [
      'a deposed object',
      plan(only({ delay_seconds: 0 }), only({}, { deposed: 'abc', actions: ['delete'] })),
      /deposed/,
    ],
    ['an import', plan(only({ delay_seconds: 0 }, { importing: true })), /import/],
    ['a plan that broke off', { ...plan(only({ delay_seconds: 0 })), errored: true }, /not whole/],
    [
      'what was put off',
      { ...plan(only({ delay_seconds: 0 })), deferred: [{ reason: 'unknown', change: { address: 'aws_x.y' } }] },
      /put off/,
    ],
  ] as const)('refuses %s', (_what, guarded, message) => {
    expect(check(guarded, 'delay_seconds').refusals.join('\n')).toMatch(message);
  });

  it('lets a missing resource be created, and nothing else, where no attribute is named', () => {
    expect(check(plan(only({}, { actions: ['create'], before: null }))).refusals).toEqual([]);
    expect(check(plan(only({ delay_seconds: 0 }))).refusals).toEqual([
      expect.stringContaining('only create is allowed'),
    ]);
  });

  it('passes an update exactly where every attribute that differs is allowed', () => {
    const attributes = ['delay_seconds', 'name', 'kms', 'policy'] as const;
    const subset = fc.subarray([...attributes]);
    fc.assert(
      fc.property(subset, subset, (moved, allowed) => {
        const change = only(Object.fromEntries(moved.map((name) => [name, 'new'])));
        const { refusals } = check(plan(change), ...allowed);
        const same =
          moved.length > 0 && moved.length === allowed.length && moved.every((name) => allowed.includes(name));
        expect(refusals.length === 0).toBe(same);
      }),
    );
  });
});
