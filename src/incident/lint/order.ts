import type { IncidentRecord, MilestoneName, TimelineNote } from '../../model/incident-record.ts';
import type { Remark } from './remark.ts';

/** Milestones of which the first cannot come after the second. Others may: what is mitigated need not be understood. */
const ORDERED: readonly (readonly [MilestoneName, MilestoneName])[] = [
  ['changed', 'onset'],
  ['onset', 'detected'],
  ['detected', 'acknowledged'],
  ['detected', 'identified'],
  ['onset', 'mitigated'],
  ['mitigated', 'resolved'],
  ['detected', 'resolved'],
];

/** What somebody writes who is still looking. */
const SEARCH =
  /\bmislead\w*|\bmisled\b|\bred herrings?\b|\b(?:wrong|false) (?:track|path|lead|trail|assumption|direction)s?\b|\bdead ends?\b|\binvestigat\w*|\blook(?:ed|ing)? into\b|\bsuspect(?:ed|ing)\b|\bassum(?:ed|ing|ption)s?\b|\bhypothes[ei]s\b|\brul(?:ed|ing) out\b|\bdebugg(?:ed|ing)\b|\btrying to find\b/i;

/** Moments of an incident that are known, milliseconds. */
export type KnownMoments = ReadonlyMap<MilestoneName, number>;

/** Remarks on the order of times. The order in which things were told is not the order in which they happened. */
export function lintOrder(
  { timeline, opened }: IncidentRecord,
  moments: KnownMoments,
  entryOf: (name: MilestoneName) => number | undefined,
): Remark[] {
  return [
    ...milestoneRemarks(moments, (name) => entryOf(name) ?? opened.index),
    ...searchRemarks(timeline, moments),
    ...toldRemarks(timeline),
  ];
}

function milestoneRemarks(moments: KnownMoments, entryOf: (name: MilestoneName) => number): Remark[] {
  return ORDERED.flatMap(([first, second]) => {
    const [a, b] = [moments.get(first), moments.get(second)];
    if (a === undefined || b === undefined || a <= b) return [];
    return [
      {
        rule: 'order-milestones',
        words: `${first} ${clock(a)}, ${second} ${clock(b)}`,
        why: `${first} cannot come after ${second}; no length of time is computed from the two`,
        instead: 'set the one that is wrong again: driftbom incident milestone INC NAME --at T',
        entry: Math.max(entryOf(first), entryOf(second)),
        where: 'milestones',
      } as const,
    ];
  });
}

/** Rows that tell of the search and stand after the moment at which it had ended. */
function searchRemarks(timeline: readonly TimelineNote[], moments: KnownMoments): Remark[] {
  const identified = moments.get('identified');
  if (identified === undefined) return [];
  return timeline.flatMap(({ at, text, said }) => {
    const words = SEARCH.exec(text)?.[0];
    if (words === undefined || Date.parse(at) <= identified) return [];
    return [
      {
        rule: 'order-search',
        words: `${clock(Date.parse(at))} ${text}`,
        why: `it tells of the search ("${words}") and stands after ${clock(identified)}, when the cause was identified: the order of telling is not the order of events`,
        instead: 'give it the time at which it happened, or say what was still looked for',
        entry: said.index,
        where: 'timeline note',
      } as const,
    ];
  });
}

/** Rows that were told after a later one, by memory alone: where a source says the time, telling late is no fault. */
function toldRemarks(timeline: readonly TimelineNote[]): Remark[] {
  const told = timeline.toSorted((a, b) => a.said.index - b.said.index);
  const remarks: Remark[] = [];
  let latest: TimelineNote | undefined;
  for (const note of told) {
    if (latest !== undefined && Date.parse(note.at) < Date.parse(latest.at)) {
      if (note.basis === 'stated' && note.source === null)
        remarks.push({
          rule: 'order-told',
          words: `${clock(Date.parse(note.at))} ${note.text}`,
          why: `it was told after the row of ${clock(Date.parse(latest.at))} (entry ${latest.said.index}) and stands before it, and nothing but memory says when it was`,
          instead: 'say what shows the time (--source), or set the time right',
          entry: note.said.index,
          where: 'timeline note',
        });
    } else latest = note;
  }
  return remarks;
}

function clock(at: number): string {
  return Number.isNaN(at) ? 'at no time' : `${new Date(at).toISOString().slice(11, 16)} UTC`;
}
