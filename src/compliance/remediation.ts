import { type DriftStory, firstOf, lastOf, observedAt } from '../model/history.ts';
import { isInside, type Period } from '../model/period.ts';
import { refOf } from './coverage.ts';
import type { RegisterRow, Remediation } from './model.ts';
import { detectOf, restoredIn, spreadOf } from './numbers.ts';
import { SEVERITIES, type Thresholds } from './policy.ts';

const DAY = 86_400_000;
const AGAIN = 30 * DAY;
const AGES = [
  ['1 day', DAY],
  ['7 days', 7 * DAY],
  ['30 days', 30 * DAY],
  ['90 days', 90 * DAY],
  ['more', Number.POSITIVE_INFINITY],
] as const;

/** How long drifts stood, which broke their declared time, and which came back. */
export function remediationOf(
  rows: readonly RegisterRow[],
  stories: readonly DriftStory[],
  period: Period,
  thresholds: Thresholds,
): Remediation {
  const detect = detectOf(rows);
  const open = rows.filter((row) => row.standing.name === 'open').map((row) => row.standing.age);
  const ended = stories.filter((story) => story.ended !== undefined && isInside(story.ended.at, period));
  const judged = rows.filter((row) => row.standing.name === 'open' || row.standing.name === 'resolved');
  return {
    detect: detect.spread,
    detectUnknown: detect.unknown,
    restore: spreadOf(restoredIn(stories, period)),
    open: spreadOf(open),
    ages: AGES.map(([upTo, most], i) => ({
      upTo,
      drifts: open.filter((age) => age <= most && age > (AGES[i - 1]?.[1] ?? -1)).length,
    })),
    sla: SEVERITIES.map((severity) => {
      const own = judged.filter((row) => row.severity === severity);
      const limit = thresholds.slaHours?.[severity === 'unclassified' ? 'high' : severity];
      return {
        severity,
        limit: limit === undefined ? null : limit * 3_600_000,
        drifts: own.length,
        overdue: own.filter((row) => row.standing.overdue).length,
      };
    }),
    again: againOf(stories, period),
    endings: endingsOf(ended),
    noise: {
      drifts: ended.filter((story) => ['accepted', 'ignored'].includes(story.ended?.resolution ?? '')).length,
      of: ended.length,
    },
  };
}

/** Resources of which a new drift began in the period within 30 days after an earlier one ended. */
function againOf(stories: readonly DriftStory[], period: Period): Remediation['again'] {
  const byKey = grouped(stories, (story) => story.driftKey);
  return [...byKey].flatMap(([driftKey, list]) => {
    const back = list.filter((story, i) => {
      const before = list[i - 1]?.ended;
      const begun = observedAt(firstOf(story));
      return before !== undefined && isInside(begun, period) && Date.parse(begun) - Date.parse(before.at) <= AGAIN;
    });
    if (back.length === 0) return [];
    const { address } = lastOf(back.at(-1) as DriftStory).statement.predicate.change.resource;
    return [{ driftKey, address, times: back.length, entries: back.map((story) => refOf(firstOf(story))) }];
  });
}

function endingsOf(ended: readonly DriftStory[]): { [resolution: string]: number } {
  const groups = grouped(ended, (story) => story.ended?.resolution ?? 'not-recorded');
  return Object.fromEntries(
    [...groups].map(([name, list]) => [name, list.length] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
