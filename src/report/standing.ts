import type { Resolution } from '../model/entry.ts';
import { type EntryRef, entryRef } from './entry-view.ts';
import { type ChangeEntry, type DriftStory, firstOf, lastOf, observedAt } from '../model/history.ts';
import { between, span, utc } from './text/time.ts';

/** Where a drift entry stands at the end of what a report covers. */
export interface StandingView {
  readonly name: 'open' | 'resolved' | 'moved-on';
  readonly resolution: Resolution | null;
  readonly text: string;
  /** The entry that ended it or that it moved on to. */
  readonly by: EntryRef | null;
  /** First seen to seen gone; while it is open, `3 d 04 h so far`. */
  readonly exposure: string;
  readonly since: string;
}

/** What became of a drift, by how it ended. `ignored` and `no-longer-declared` say nothing about live. */
const RESOLUTIONS: Readonly<Record<Resolution, string>> = {
  reverted: 'ended: live is what was declared again',
  accepted: 'ended: the declared side was brought to the live value',
  superseded: 'ended: both sides agree again, on another value',
  'no-longer-declared': 'ended: nobody declares the resource any more',
  ignored: 'ended: a rule sets the difference aside now',
  unknown: 'ended: both sides agree, and nothing tells which one moved',
};

/** How a drift ended, in words. */
export function resolutionText(resolution: Resolution | undefined): string {
  return resolution === undefined ? 'ended: how is not recorded' : RESOLUTIONS[resolution];
}

/** `until`: RFC 3339, the moment up to which an open drift's exposure is counted. */
export function standingOf(entry: ChangeEntry, story: DriftStory, until: string): StandingView {
  const since = observedAt(firstOf(story));
  const end = story.ended?.at ?? until;
  const exposed = span(between(since, end) ?? 0);
  const exposure = story.ended === undefined ? `${exposed} so far` : exposed;
  const common = { exposure, since: utc(since), resolution: null };
  const next = story.entries[story.entries.indexOf(entry) + 1];
  if (entry !== lastOf(story) && next !== undefined) {
    return { name: 'moved-on', text: 'moved on: its values changed again', by: entryRef(next), ...common };
  }
  if (story.ended === undefined) return { name: 'open', text: openText(story), by: null, ...common };
  const { resolution, by } = story.ended;
  return {
    name: 'resolved',
    text: resolutionText(resolution),
    by: entryRef(by),
    ...common,
    resolution: resolution ?? null,
  };
}

function openText(story: DriftStory): string {
  if (story.unseenSince === undefined) return 'still open';
  return `open as far as known: scans could not look since ${utc(story.unseenSince)}`;
}
