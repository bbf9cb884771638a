import type { Entry, Resolution } from '../../model/entry.ts';
import { aboutEntry, type DriftEntryView, driftEntryView, type EntryRef, entryRef, recordedAt } from '../entry-view.ts';
import { type ChangeEntry, type DriftStory, driftStories, observedAt, type ScanEntry } from '../../model/history.ts';
import { type LedgerFacts, type LedgerFactsView, ledgerFactsView } from '../ledger-facts.ts';
import { type StandingView, standingOf } from '../standing.ts';
import type { DiffLimits } from '../text/line-diff.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { type CalendarView, calendarView } from './calendar.ts';
import { type GapRow, gapRows, type IgnoredRow, ignoredRows, type WorkspaceRow, workspaceRows } from './coverage.ts';
import { type Balance, balanceOf, type Figure, figuresOf } from './figures.ts';
import { isBefore, isInside, knownAtEnd, type Period } from '../../model/period.ts';
import { periodText } from '../period.ts';
import { type WaiverRow, waiverRows } from './waivers.ts';

export interface ComplianceOptions {
  /** RFC 3339; from is included, to is not. Left out: the ledger's beginning, its end. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly ledger: LedgerFacts;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339: when the report is made. */
  readonly generatedAt: string;
}

/** What changed, what was looked at and what was not, over a period: facts of the ledger, no judgement. */
export interface ComplianceView {
  readonly title: string;
  readonly tool: string;
  readonly period: string;
  readonly generated: string;
  readonly ledger: LedgerFactsView;
  /** Which entries fall into the period. */
  readonly range: string;
  readonly workspaces: readonly WorkspaceRow[];
  readonly calendar: CalendarView;
  readonly gaps: { readonly count: number; readonly rows: readonly GapRow[] };
  readonly dataSources: string;
  readonly figures: readonly Figure[];
  readonly balance: Balance & { readonly concerned: number };
  readonly register: readonly RegisterRow[];
  readonly ignored: readonly IgnoredRow[];
  readonly accepted: readonly RegisterRow[];
  readonly waivers: readonly WaiverRow[];
  readonly entries: readonly EntryRow[];
}

interface RegisterRow extends DriftEntryView {
  readonly standing: StandingView;
  /** Set where the drift was recorded before the period and was still open in it. */
  readonly carriedOver: boolean;
}

interface EntryRow {
  readonly entry: EntryRef;
  readonly kind: string;
  readonly about: string;
  readonly recorded: string;
}

/** Ways in which a drift ends while live stays as it is: somebody has to stand behind each. */
const ACCEPTING: ReadonlySet<Resolution | null> = new Set<Resolution>(['accepted', 'ignored', 'no-longer-declared']);
const LIMITS: DiffLimits = { lines: 80, columns: 200 };

/** Builds the view from entries in the order of the ledger. Pure: same entries and options, same view. */
export function complianceView(entries: readonly Entry[], options: ComplianceOptions): ComplianceView {
  const period: Period = { from: options.from, to: options.to };
  const known = knownAtEnd(entries, period);
  const inside = known.filter((entry) => isInside(observedAt(entry), period));
  const scans = inside.filter((entry): entry is ScanEntry => entry.kind === 'scan');
  const stories = driftStories(known);
  const driftEntries = inside.filter((entry): entry is ChangeEntry => entry.kind === 'drift');
  const register = registerRows(stories, period, options);
  const balance = balanceOf(stories, period);
  const gaps = gapRows(scans);
  const waivers = waiverRows(known, period, judgedAt(options));
  return visibleDeep<ComplianceView>({
    title: 'Configuration drift: evidence report',
    tool: `${options.tool.name} ${options.tool.version}`,
    period: periodText(period),
    generated: utc(options.generatedAt),
    ledger: ledgerFactsView(options.ledger),
    range: rangeText(inside),
    workspaces: workspaceRows(scans),
    calendar: calendarView(scans, period),
    gaps: { count: gaps.length, rows: gaps },
    dataSources: count(scans.at(-1)?.statement.predicate.scan.scope.skippedDataSources ?? 0, 'data source'),
    figures: figuresOf(scans, stories, driftEntries, period),
    balance: { ...balance, concerned: balance.openBefore + balance.opened },
    register,
    ignored: ignoredRows(scans),
    accepted: register.filter((row) => ACCEPTING.has(row.standing.resolution)),
    waivers,
    entries: entryRows(entries, inside, [...register, ...waivers]),
  });
}

/** The end of the period, or now where it has not ended. */
function judgedAt({ generatedAt, to }: ComplianceOptions): string {
  return isBefore(generatedAt, to) ? generatedAt : (to ?? generatedAt);
}

/** Every drift entry of the period, and those that were open when it began. */
function registerRows(stories: readonly DriftStory[], period: Period, options: ComplianceOptions): RegisterRow[] {
  const until = judgedAt(options);
  return stories
    .flatMap((story) =>
      story.entries
        .filter((entry) => isInside(observedAt(entry), period) || concerns(entry, story, period))
        .map((entry) => ({
          ...driftEntryView(entry, LIMITS),
          standing: standingOf(entry, story, until),
          carriedOver: !isInside(observedAt(entry), period),
        })),
    )
    .sort((a, b) => a.entry.index - b.entry.index);
}

function concerns(entry: ChangeEntry, story: DriftStory, period: Period): boolean {
  const next = story.entries[story.entries.indexOf(entry) + 1];
  const end = next === undefined ? story.ended?.at : observedAt(next);
  return end === undefined || isInside(end, period);
}

/** Entries of the period, and those outside it that a line of the report leads to. */
function entryRows(
  all: readonly Entry[],
  inside: readonly Entry[],
  rows: readonly { readonly entry: EntryRef }[],
): EntryRow[] {
  const named = new Set([...inside.map((entry) => entry.index), ...rows.map((row) => row.entry.index)]);
  return all
    .filter((entry) => named.has(entry.index))
    .map((entry) => ({
      entry: entryRef(entry),
      kind: entry.kind,
      about: aboutEntry(entry),
      recorded: utc(recordedAt(entry)),
    }));
}

function rangeText(entries: readonly Entry[]): string {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return 'no entry falls into the period';
  return `${count(entries.length, 'entry', 'entries')} of the period, ${first.index} to ${last.index}`;
}
