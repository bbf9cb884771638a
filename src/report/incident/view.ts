import type { Entry } from '../../model/entry.ts';
import {
  type DriftEntryView,
  driftEntryView,
  type EntryRef,
  entryRef,
  windowShort,
  windowText,
} from '../entry-view.ts';
import { type GapGroup, gapGroups } from '../gap-view.ts';
import { type ChangeEntry, type DriftStory, driftStories, firstOf, type ScanEntry } from '../../model/history.ts';
import { isBefore } from '../../model/period.ts';
import { type LedgerFacts, type LedgerFactsView, ledgerFactsView } from '../ledger-facts.ts';
import { type Remedy, remediesFor } from '../remedy.ts';
import { type StandingView, standingOf } from '../standing.ts';
import { count } from '../text/plural.ts';
import { between, span, utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { type IncidentScope, type LeftOut, selectStories } from './select.ts';

export interface IncidentOptions extends IncidentScope {
  readonly ledger: LedgerFacts;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339: when the brief is made. */
  readonly generatedAt: string;
}

/** One screen for who is on call: what changed, when, who, why, and how to undo it. It names no culprit. */
export interface IncidentView {
  readonly title: string;
  readonly headline: string;
  readonly tone: 'drift' | 'none';
  readonly tool: string;
  readonly generated: string;
  readonly question: readonly { readonly label: string; readonly value: string }[];
  /** All of them in one line each, where there are several. */
  readonly glance: readonly SuspectView[];
  readonly changes: readonly SuspectView[];
  readonly more: readonly SuspectView[];
  readonly leftOut: readonly { readonly why: LeftOut; readonly count: number; readonly addresses: readonly string[] }[];
  readonly horizon: HorizonView | null;
  readonly gaps: { readonly count: number; readonly groups: readonly GapGroup[] };
  readonly ledger: LedgerFactsView;
}

interface SuspectView extends DriftEntryView {
  readonly standing: StandingView;
  /** Earlier entries of the same drift, whose values moved on. */
  readonly earlier: readonly EntryRef[];
  /** Later ones, recorded after the incident began. */
  readonly later: readonly EntryRef[];
  /** Its changes in one line. */
  readonly glance: string;
  readonly remedies: readonly Remedy[];
}

/** How far the evidence reaches. */
interface HorizonView {
  readonly scan: EntryRef;
  readonly at: string;
  readonly age: string;
  readonly compared: string;
  /** Whether anything but scans was asked. */
  readonly audit: string;
}

/** Drifts that are shown in full; the rest is one line each, so that the brief stays brief. */
const IN_FULL = 5;
const IN_GLANCE = 3;
const LIMITS = { lines: 16, columns: 120 };

export function incidentView(entries: readonly Entry[], options: IncidentOptions): IncidentView {
  const { shown, leftOut } = selectStories(driftStories(entries), options);
  const suspects = shown.map((story) => suspectView(story, options));
  const lastScan = entries.findLast((entry): entry is ScanEntry => entry.kind === 'scan');
  const gaps = lastScan?.statement.predicate.scan.gaps ?? [];
  return visibleDeep<IncidentView>({
    title: 'What changed',
    headline: headlineOf(shown),
    tone: shown.some((story) => story.ended === undefined) ? 'drift' : 'none',
    tool: `${options.tool.name} ${options.tool.version}`,
    generated: utc(options.generatedAt),
    question: questionOf(options),
    glance: suspects.length > 1 ? suspects : [],
    changes: suspects.slice(0, IN_FULL),
    more: suspects.slice(IN_FULL),
    leftOut: groupLeftOut(leftOut),
    horizon: lastScan === undefined ? null : horizonView(lastScan, options.generatedAt),
    gaps: { count: gaps.length, groups: gapGroups(gaps) },
    ledger: ledgerFactsView(options.ledger),
  });
}

function headlineOf(shown: readonly DriftStory[]): string {
  const open = shown.filter((story) => story.ended === undefined).length;
  if (shown.length === 0) return 'No drift on record fits the question';
  const over = shown.length - open;
  const inEffect = `${count(open, 'drift is', 'drifts are')} in effect`;
  return over === 0 ? inEffect : `${inEffect}, ${count(over, 'is', 'are')} over again`;
}

function questionOf(options: IncidentOptions): IncidentView['question'] {
  return [
    { label: 'Incident began', value: options.at === undefined ? 'not given' : utc(options.at) },
    {
      label: 'Looking back to',
      value: options.since === undefined ? 'drifts that are still in effect' : utc(options.since),
    },
    { label: 'Resources', value: options.resource ?? 'all' },
  ];
}

/** A drift as it stood when the incident began, or as it stands now. */
function suspectView(story: DriftStory, options: IncidentOptions): SuspectView {
  const position = positionAt(story, options.at);
  const entry = story.entries[position] as ChangeEntry;
  const { change } = entry.statement.predicate;
  const view = driftEntryView(entry, LIMITS);
  return {
    ...view,
    ...(position === 0 ? {} : spanOf(firstOf(story), entry)),
    glance: glanceText(view),
    standing: standingOf(entry, story, options.generatedAt),
    earlier: story.entries.slice(0, position).map(entryRef),
    later: story.entries.slice(position + 1).map(entryRef),
    remedies:
      story.ended === undefined ? remediesFor({ ...change.resource, kind: change.driftKind, cause: change.cause }) : [],
  };
}

function positionAt(story: DriftStory, at: string | undefined): number {
  if (at === undefined) return story.entries.length - 1;
  const before = story.entries.findLastIndex((entry) => {
    const { notBefore } = entry.statement.predicate.when;
    return notBefore === null || isBefore(notBefore, at);
  });
  return Math.max(0, before);
}

/** The window of a drift whose values moved on: it has a beginning of its own. */
function spanOf(first: ChangeEntry, last: ChangeEntry): { window: string; windowShort: string } {
  const begun = first.statement.predicate.when;
  const moved = last.statement.predicate.when;
  return {
    window: `began ${windowText(begun)}; its values moved on ${windowText(moved)}`,
    windowShort: windowShort({ ...moved, notBefore: begun.notBefore }),
  };
}

/** The first changes of a drift as `path before → after`; long ones by path alone. */
function glanceText(drift: DriftEntryView): string {
  if (drift.changes.length === 0) return drift.kindMeaning;
  const shown = drift.changes.slice(0, IN_GLANCE);
  const texts = shown.map((one) => {
    if (one.long) return `${one.path} ${one.op === 'replace' ? 'rewritten' : one.op === 'add' ? 'added' : 'removed'}`;
    return `${one.path} ${one.before} → ${one.after}`;
  });
  const more = drift.changes.length - shown.length;
  return texts.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function groupLeftOut(leftOut: readonly { story: DriftStory; why: LeftOut }[]): IncidentView['leftOut'] {
  const groups = new Map<LeftOut, string[]>();
  for (const { story, why } of leftOut) {
    const { address } = firstOf(story).statement.predicate.change.resource;
    groups.set(why, [...(groups.get(why) ?? []), address]);
  }
  return [...groups].map(([why, addresses]) => ({ why, count: addresses.length, addresses }));
}

function horizonView(entry: ScanEntry, now: string): HorizonView {
  const { scan } = entry.statement.predicate;
  const { resources, unread } = scan.summary;
  return {
    scan: entryRef(entry),
    at: utc(scan.startedAt),
    age: span(between(scan.startedAt, now) ?? 0),
    compared: `${resources - unread} of ${count(resources, 'declared resource')}`,
    audit: 'No audit log was read.',
  };
}
