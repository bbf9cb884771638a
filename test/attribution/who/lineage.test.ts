import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineageOf } from '../../../src/attribution/who/lineage.ts';
import { recordOf, issuing, ROLE, session, user, write } from '../../support/who-records.ts';

describe('the lineage of credentials', () => {
  it('is followed through any chain in any order, to its end', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 8 })
          .chain((length) =>
            fc.tuple(fc.constant(length), fc.shuffledSubarray([...Array(length).keys()], { minLength: length })),
          ),
        ([length, order]) => {
          const chain = [...Array(length).keys()].map((i) => {
            const caller = i === 0 ? user('alice') : session(ROLE, `hop${i}`, `ASIA${i}`);
            return issuing(`s${i}`, caller, `ASIA${i + 1}`);
          });
          const lineage = lineageOf(order.map((i) => chain[i] as (typeof chain)[number]));
          const { steps } = lineage.of(write(session(ROLE, 'last', `ASIA${length}`)));
          expect(steps.map((step) => step.eventId)).toEqual([...Array(length).keys()].reverse().map((i) => `s${i}`));
          expect(steps.at(-1)?.principal).toBe('arn:aws:iam::111122223333:user/alice');
        },
      ),
    );
  });

  it('ends where a chain bites its tail', () => {
    const sessions = [
      issuing('s1', session(ROLE, 'a', 'ASIA2'), 'ASIA1'),
      issuing('s2', session(ROLE, 'b', 'ASIA1'), 'ASIA2'),
      issuing('s3', session(ROLE, 'c', 'ASIA3'), 'ASIA3'),
    ];
    expect(lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA1'))).steps).toHaveLength(2);
    expect(lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA3'))).steps).toHaveLength(1);
  });

  it('ends where a link is missing', () => {
    const sessions = [issuing('s2', session(ROLE, 'b', 'ASIA1'), 'ASIA2')];
    const { steps } = lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA2')));
    expect(steps.map((step) => step.eventId)).toEqual(['s2']);
  });

  it('takes no call that failed, none that came later, and none for a caller without a key', () => {
    const failed = issuing('s1', user('a'), 'ASIA1');
    const late = issuing('s2', user('b'), 'ASIA2');
    const sessions = [
      recordOf({ ...failed.json, errorCode: 'AccessDenied' }),
      recordOf({ ...late.json, eventTime: '2026-03-14T03:00:00Z' }),
      issuing('s3', user('c'), ''),
    ];
    for (const key of ['ASIA1', 'ASIA2', '']) {
      expect(lineageOf(sessions).of(write(session(ROLE, 'x', key))).steps).toEqual([]);
    }
  });

  it('prefers the record that names the caller to the copy that the role’s owner sees, in either order', () => {
    const full = issuing('b', user('alice'), 'ASIA1');
    const copy = issuing('a', { type: 'AWSAccount', accountId: '9' }, 'ASIA1');
    for (const sessions of [
      [full, copy],
      [copy, full],
    ]) {
      expect(lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA1'))).steps[0]?.eventId).toBe('b');
    }
  });

  it('collects session tags, and tells those of an earlier session that went no further', () => {
    const sessions = [
      issuing('s1', user('alice'), 'ASIA1', {
        tags: [{ key: 'Ticket', value: 'CHG-1' }, { key: 'Team', value: 'net' }, { key: 'Odd' }],
        transitiveTagKeys: ['Ticket'],
      }),
      issuing('s2', session(ROLE, 'a', 'ASIA1'), 'ASIA2', {
        tags: { items: [{ key: 'Run', value: '7' }] },
        incomingTransitiveTags: { Ticket: 'CHG-1' },
      }),
    ];
    expect(lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA2'))).tags).toEqual([
      { key: 'Run', value: '7', eventId: 's2', ofThisSession: true },
      { key: 'Ticket', value: 'CHG-1', eventId: 's2', ofThisSession: true },
      { key: 'Ticket', value: 'CHG-1', eventId: 's1', ofThisSession: true },
      { key: 'Team', value: 'net', eventId: 's1', ofThisSession: false },
    ]);
  });

  it('carries the source identity of the session that set it', () => {
    const sessions = [
      issuing('s1', user('alice'), 'ASIA1', { sourceIdentity: 'alice@example.com' }),
      issuing('s2', session(ROLE, 'a', 'ASIA1'), 'ASIA2'),
    ];
    expect(lineageOf(sessions).of(write(session(ROLE, 'x', 'ASIA2'))).sourceIdentity).toBe('alice@example.com');
  });
});
