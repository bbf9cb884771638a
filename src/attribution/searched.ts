import type { Searched } from '../model/attribution.ts';
import { isGlobalSource } from '../resources/aws/audit-services.ts';
import { gapTexts } from './gap-texts.ts';
import type { Asked } from './mention.ts';
import { needleOf } from './needles.ts';
import type { AuditCoverage, AuditSilence, CoverageGap } from './port.ts';

/** How far an answer can be relied on: what the log covers of a question's window. */
export interface Covered {
  readonly searched: Searched;
  /** Times or files that are missing: another call may lie there. */
  readonly holes: readonly string[];
  /** Why nothing found does not mean that nothing happened, though nothing is missing so far. */
  readonly open: readonly string[];
}

/**
 * What a log covers of the window of each question. Most questions of a scan ask for the same time in the same place: what
 * is covered there is worked out once.
 */
export function coveredBy(coverage: AuditCoverage): (asked: Asked) => Covered {
  const known = new Map<string, Covered>();
  return (asked) => {
    const { question, sources } = asked;
    const { account, region, notBefore, notAfter } = question;
    const place = JSON.stringify([account ?? null, region ?? null, hasGlobal(sources), notBefore, notAfter]);
    let covered = known.get(place);
    if (covered === undefined) {
      covered = coveredOf(asked, coverage);
      known.set(place, covered);
    }
    const common = unsearched(asked);
    return common.length === 0 ? covered : withOpen(covered, common);
  };
}

function withOpen({ searched, holes, open }: Covered, more: readonly string[]): Covered {
  const all = [...open, ...more];
  return { searched: { ...searched, gaps: [...holes, ...all] }, holes, open: all };
}

/** The same for any other question of this time and place. */
function coveredOf(asked: Asked, coverage: AuditCoverage): Covered {
  const { question } = asked;
  const regions = regionsOf(asked, coverage);
  const horizon = horizonOf(asked, coverage, regions);
  const holes = [
    ...gapTexts(coverage.gaps.filter((gap) => concerns(gap, question, regions))),
    ...coverage.silences.filter((silence) => isIn(silence, asked)).map(silenceText),
    ...beginning(question.notBefore, coverage),
  ];
  const open = lateness(question.notAfter, horizon, coverage, regions);
  return {
    searched: { from: question.notBefore, to: question.notAfter, regions, horizon, gaps: [...holes, ...open] },
    holes,
    open,
  };
}

/** Regions in which calls on the resource are logged; all that the log has where the resource's own is not known. */
function regionsOf({ question, sources }: Asked, { horizons }: AuditCoverage): readonly string[] {
  if (hasGlobal(sources) || question.region === undefined)
    return [...new Set(horizons.map((one) => one.region))].sort();
  return [question.region];
}

function hasGlobal(sources: ReadonlySet<string>): boolean {
  for (const source of sources) if (isGlobalSource(source)) return true;
  return false;
}

function horizonOf({ question }: Asked, { horizons }: AuditCoverage, regions: readonly string[]): string | null {
  const own = horizons
    .filter(({ region }) => regions.includes(region))
    .filter(({ account }) => question.account === undefined || account === question.account);
  return own
    .map((one) => one.newest)
    .reduce<string | null>((best, one) => (best === null || one > best ? one : best), null);
}

/** An account may be quiet for so long: less than that before the end of a window is no gap. */
const LAG_MS = 15 * 60_000;

/** Whether a gap lies in the window of a question, and in a region in which its calls are logged. */
function concerns(
  { from, to, region }: CoverageGap,
  { notBefore, notAfter }: Asked['question'],
  regions: readonly string[],
): boolean {
  if (region !== undefined && regions.length > 0 && !regions.includes(region)) return false;
  if (from !== undefined && Date.parse(from) + LAG_MS >= Date.parse(notAfter)) return false;
  return to === undefined || notBefore === null || Date.parse(to) > Date.parse(notBefore);
}

function beginning(from: string | null, { oldest, window }: AuditCoverage): readonly string[] {
  if (oldest === null) return [];
  if (window.from !== null && (from === null || Date.parse(window.from) > Date.parse(from))) {
    return [`the log was read from ${window.from} on`];
  }
  return from !== null && Date.parse(oldest) > Date.parse(from) ? [`the oldest record is of ${oldest}`] : [];
}

function lateness(
  to: string,
  horizon: string | null,
  { oldest }: AuditCoverage,
  regions: readonly string[],
): readonly string[] {
  if (oldest === null) return ['the log holds no record'];
  if (horizon === null) return [`the log holds no record of ${regions.join(', ') || 'the account'}`];
  if (Date.parse(horizon) >= Date.parse(to)) return [];
  return [`the newest record is of ${horizon}; later calls may not have arrived yet`];
}

/** Names that are too common to search a log for. */
function unsearched({ question: { identifiers } }: Asked): readonly string[] {
  if (identifiers.length === 0) return ['the state holds nothing by which calls name the resource'];
  const common = identifiers.filter((identifier) => needleOf(identifier) === undefined);
  return [...new Set(common.map(({ text }) => `its name "${text}" is too common to be searched for`))];
}

function isIn(silence: AuditSilence, { question, sources }: Asked): boolean {
  const { from, to, account, region } = silence;
  if (question.account !== undefined && account !== '' && account !== question.account) return false;
  if (region !== null && question.region !== undefined && !hasGlobal(sources) && region !== question.region)
    return false;
  const begins = Date.parse(from) <= Date.parse(question.notAfter);
  return begins && (to === null || question.notBefore === null || Date.parse(to) > Date.parse(question.notBefore));
}

function silenceText({ from, to, call, region }: AuditSilence): string {
  const where = region === null ? '' : ` in ${region}`;
  return `logging was off${where} from ${from} ${to === null ? 'on' : `to ${to}`} (${call})`;
}
