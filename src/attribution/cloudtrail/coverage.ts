import { byCodeUnit } from '../../model/order.ts';
import type { AuditCoverage, AuditQuestion, CoverageGap, FoldedRecords } from '../port.ts';
import type { Collection } from './collection.ts';
import type { PlaceTimes } from './findings.ts';
import { silencesOf } from './silences.ts';
import { GLOBAL_REGION, LAG, type Scope, timeText } from './window.ts';

/** What tells from when to when one log reaches. */
export interface Reach {
  readonly places: ReadonlyMap<string, PlaceTimes>;
  /** Times of files, earliest by account: a file shows that the log was on, also one that was not read. */
  readonly earliest: ReadonlyMap<string, number>;
  /** Until when all calls are known to be there; undefined: only the newest record tells. */
  readonly latest: number | undefined;
}

/** What was read, and how it ended. */
export interface Covered {
  readonly source: string;
  readonly question: AuditQuestion;
  readonly scope: Scope;
  readonly collection: Collection;
  readonly folded: FoldedRecords;
  /** Records that are part of the answer. */
  readonly answered: number;
  /** Regions that were looked at for certain, also where nothing happened in them. */
  readonly quiet: ReadonlySet<string>;
  readonly reaches: readonly Reach[];
  readonly gaps: readonly CoverageGap[];
}

/** How well what was read covers what was asked. */
export function coverageOf(covered: Covered): AuditCoverage {
  const { collection, folded, question, scope } = covered;
  const places = [...collection.places.values()].sort((a, b) => (placeName(a) < placeName(b) ? -1 : 1));
  const kept = covered.answered + folded.duplicates + folded.shared + folded.superseded;
  return {
    source: covered.source,
    window: question.window,
    horizons: places.map(({ account, region, newest }) => ({ account, region, newest })),
    oldest: places.reduce<string | null>((old, { oldest }) => (old === null || oldest < old ? oldest : old), null),
    gaps: [
      ...covered.gaps,
      // Files are read beside each other, and end in any order.
      ...collection.gaps.toSorted((a, b) => byCodeUnit(a.what, b.what)),
      ...fromTheFuture(covered),
      ...unseenPlaces(question, places, covered.quiet),
      ...edges(covered),
    ],
    silences: silencesOf(collection.switches, collection.places).filter(
      ({ from, to }) => Date.parse(from) <= scope.to && (to === null || Date.parse(to) >= scope.from),
    ),
    files: collection.files,
    records: collection.records,
    unrelated: collection.records - kept,
    folded,
    digestChain: chainOf(collection),
  };
}

/** Such a record moves no horizon: what is dated so may be of any time, and shows nothing of what lies before. */
function fromTheFuture({ source, collection: { future, futureTo }, scope }: Covered): readonly CoverageGap[] {
  if (future === 0) return [];
  const records = future === 1 ? 'one record is' : `${future} records are`;
  const message = `${records} dated in the future (up to ${futureTo}): no answer rests on what is dated so`;
  return [{ what: source, message, from: timeText(scope.to) }];
}

function chainOf({ chains }: Collection): AuditCoverage['digestChain'] {
  const [first, ...others] = chains;
  if (others.length > 0) return 'mixed';
  return first ?? 'not-verified';
}

/** Accounts and regions that were asked for and of which there is no record at all. */
function unseenPlaces(
  { accounts, regions }: AuditQuestion,
  places: readonly PlaceTimes[],
  quiet: ReadonlySet<string>,
): readonly CoverageGap[] {
  const missing = (asked: readonly string[] | undefined, seen: ReadonlySet<string>): readonly string[] =>
    [...new Set(asked)].filter((one) => !seen.has(one)).sort();
  const noRecord = (what: string): CoverageGap => ({ what, message: `the log holds no record of ${what}` });
  return [
    ...missing(accounts, new Set(places.map(({ account }) => account))).map((one) => noRecord(`account ${one}`)),
    ...missing(regions, new Set([...places.map(({ region }) => region), ...quiet])).map((region) => ({
      ...noRecord(`region ${region}`),
      region,
    })),
  ];
}

/**
 * Where the log of an account begins after the window does, ends before it, or where one log of it ends before the next
 * begins. Regions are taken together: in a quiet one the first call of a week may be days after the trail was switched on.
 */
function edges({ reaches, scope }: Covered): readonly CoverageGap[] {
  const accounts = [...new Set(reaches.flatMap(({ places }) => [...places.values()].map(({ account }) => account)))];
  return accounts.sort().flatMap((account) => {
    const spans = reaches.flatMap((reach) => spanOf(reach, account)).sort((a, b) => a.from - b.from);
    const what = account === '' ? 'the log' : `account ${account}`;
    const gaps: CoverageGap[] = [];
    let end: number | undefined;
    for (const span of spans) {
      if (end === undefined && scope.from > 0 && span.from > scope.from + LAG) {
        const to = timeText(span.from);
        gaps.push({ what, message: `the log of ${what} begins at ${to}: nothing shows what was before`, to });
      }
      if (end !== undefined && span.from > end + LAG && span.from > scope.from && end < scope.to) {
        const [from, to] = [timeText(end), timeText(span.from)];
        gaps.push({ what, message: `no log of ${what} shows what was between ${from} and ${to}`, from, to });
      }
      end = Math.max(end ?? 0, span.to);
    }
    if (end !== undefined && end < scope.to - LAG) {
      const from = timeText(end);
      gaps.push({ what, message: `the log of ${what} ends at ${from}: later calls are not in it yet`, from });
    }
    return gaps;
  });
}

/** From when to when one log shows the calls of an account; none where it has nothing of it. */
function spanOf({ places, earliest, latest = 0 }: Reach, account: string): { from: number; to: number }[] {
  const own = [...places.values()].filter((place) => place.account === account);
  const first = earliest.get(account) ?? Number.POSITIVE_INFINITY;
  if (own.length === 0) return Number.isFinite(first) ? [{ from: first, to: first }] : [];
  return [
    {
      from: Math.min(first, ...own.map(({ oldest }) => Date.parse(oldest))),
      to: Math.max(latest, ...own.map(({ newest }) => Date.parse(newest))),
    },
  ];
}

function placeName({ account, region }: PlaceTimes): string {
  return `${account} ${region === GLOBAL_REGION ? '' : region}`;
}
