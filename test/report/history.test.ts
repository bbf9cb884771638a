import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceOf, restoredIn, spreadOf } from '../../src/compliance/numbers.ts';
import { driftStories, lastOf } from '../../src/model/history.ts';
import { knownAtEnd } from '../../src/model/period.ts';
import { ledgerOf, type Night } from '../support/entry-samples.ts';
import { change, DRIFTS, ref } from '../support/scan-samples.ts';

const NAMES = ['a', 'b', 'c'];

/** Nights in which each of three resources is in sync (0) or drifts to one of two values. */
const nights = fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 12 }).map((rows) =>
  rows.map(
    (row, day): Night => ({
      at: `2026-03-${String(day + 1).padStart(2, '0')}T02:00:00`,
      drifts: row.flatMap((value, i) =>
        value === 0
          ? []
          : [{ kind: 'changed', resource: ref(`aws_x.${NAMES[i]}`), changes: [change('v', 0, value)] } as const],
      ),
    }),
  ),
);

describe('drift stories', () => {
  it('tell each run of nights with a drift as one drift, however its values move on', () => {
    fc.assert(
      fc.property(nights, (story) => {
        let runs = 0;
        for (const name of NAMES) {
          const seen = story.map((night) =>
            (night.drifts ?? []).some((drift) => drift.resource.address === `aws_x.${name}`),
          );
          runs += seen.filter((here, i) => here && seen[i - 1] !== true).length;
        }
        expect(driftStories(ledgerOf(story))).toHaveLength(runs);
      }),
    );
  });

  it('are open exactly where the last scan lists them as open', () => {
    fc.assert(
      fc.property(nights, (story) => {
        const entries = ledgerOf(story);
        const scan = entries.findLast((entry) => entry.kind === 'scan');
        const listed = scan?.kind === 'scan' ? scan.statement.predicate.scan.open.map((one) => one.entry) : [];
        const open = driftStories(entries).filter((one) => one.ended === undefined);
        expect(open.map((one) => lastOf(one).digest).sort()).toEqual([...listed].sort());
      }),
    );
  });

  it('add up in every period: open before and opened = ended and still open', () => {
    fc.assert(
      fc.property(nights, fc.nat(12), fc.nat(12), (story, a, b) => {
        const day = (n: number) => new Date(Date.UTC(2026, 2, 1 + n)).toISOString();
        const period = { from: day(Math.min(a, b)), to: day(Math.max(a, b) + 1) };
        const stories = driftStories(knownAtEnd(ledgerOf(story), period));
        const { openBefore, opened, ended, stillOpen } = balanceOf(stories, period);
        expect(openBefore + opened).toBe(ended + stillOpen);
      }),
    );
  });

  it('begin anew when a drift comes back after its end', () => {
    const entries = ledgerOf([
      { at: '2026-03-01T02:00:00', drifts: [DRIFTS.ingress] },
      { at: '2026-03-02T02:00:00' },
      { at: '2026-03-03T02:00:00', drifts: [DRIFTS.ingress] },
    ]);
    expect(driftStories(entries).map((story) => story.ended?.resolution)).toEqual(['reverted', undefined]);
  });

  it('end by the scan where no resolved entry stands in the ledger', () => {
    const entries = ledgerOf([{ at: '2026-03-01T02:00:00', drifts: [DRIFTS.ingress] }, { at: '2026-03-02T02:00:00' }]);
    const [story] = driftStories(entries.filter((entry) => entry.kind !== 'resolved'));
    expect(story?.ended).toMatchObject({ by: { kind: 'scan' }, resolution: undefined });
  });

  it('know since when nobody could look', () => {
    const gap = {
      address: DRIFTS.ingress.resource.address,
      workspace: 'prod',
      reason: 'timeout',
      message: '',
    } as const;
    const nightly: Night[] = [
      { at: '2026-03-01T02:00:00', drifts: [DRIFTS.ingress] },
      { at: '2026-03-02T02:00:00', gaps: [gap] },
      { at: '2026-03-03T02:00:00', gaps: [gap] },
    ];
    expect(driftStories(ledgerOf(nightly))[0]).toMatchObject({
      ended: undefined,
      unseenSince: '2026-03-02T02:00:02.604Z',
    });
    const again = ledgerOf([...nightly, { at: '2026-03-04T02:00:00', drifts: [DRIFTS.ingress] }]);
    expect(driftStories(again)[0]?.unseenSince).toBeUndefined();
  });
});

describe('exposure', () => {
  it('counts from first sight to seen gone, for drifts that ended in the period only', () => {
    const entries = ledgerOf([
      { at: '2026-03-01T02:00:00', drifts: [DRIFTS.ingress, DRIFTS.policy] },
      { at: '2026-03-02T02:00:00', drifts: [DRIFTS.policy] },
      { at: '2026-03-05T02:00:00' },
    ]);
    const stories = driftStories(entries);
    const day = 86_400_000;
    expect(restoredIn(stories, { from: undefined, to: undefined })).toEqual([day, 4 * day]);
    expect(restoredIn(stories, { from: '2026-03-03T00:00:00Z', to: undefined })).toEqual([4 * day]);
  });

  it('takes the middle, or the mean of the two in the middle', () => {
    expect([spreadOf([9, 1, 5]).median, spreadOf([3, 1]).median]).toEqual([5, 2]);
  });
});
