import type { ComplianceModel } from '../../compliance/model.ts';
import type { GapRow } from '../../compliance/model-scope.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { between, span, utc } from '../text/time.ts';
import { gapMeaning } from '../words.ts';
import { scanTone, scanWord } from './labels.ts';
import { type Cut, cut } from './cut.ts';

/** What was looked at and what was not; stands before any finding. */
export interface ScopeView {
  readonly narrowed: string | null;
  readonly workspaces: readonly WorkspaceLine[];
  readonly providers: readonly string[];
  readonly coverage: Cut<CoverageLine>;
  readonly places: Cut<PlaceLine>;
  /** Resources of the last scans whose account is not known. */
  readonly unplaced: string;
  readonly calendar: {
    readonly days: string;
    readonly cadence: string;
    readonly daysWithout: readonly string[];
    readonly missing: readonly { readonly workspace: string; readonly text: string }[];
    readonly scans: Cut<ScanLine>;
  };
  /** What scanned, by program and policy. */
  readonly tools: Cut<ToolLine>;
  readonly gaps: Cut<GapLine> & { readonly count: number };
  readonly ignored: Cut<IgnoredLine>;
  readonly dataSources: number;
}

interface WorkspaceLine {
  readonly name: string;
  readonly declared: string;
  readonly scans: number;
  readonly compared: string;
  readonly lastScan: EntryRef | null;
  readonly lastAt: string;
  readonly pause: string;
}

interface PlaceLine {
  readonly account: string;
  readonly region: string;
  readonly compared: string;
}

interface CoverageLine {
  readonly workspace: string;
  readonly place: string;
  readonly type: string;
  readonly planned: number;
  readonly compared: number;
  readonly unread: string;
}

interface ScanLine {
  readonly entry: EntryRef;
  readonly started: string;
  readonly duration: string;
  readonly workspaces: string;
  readonly compared: string;
  readonly drifts: number;
  readonly gaps: number;
  readonly audited: string;
  readonly tone: string;
  readonly word: string;
}

interface ToolLine {
  readonly version: string;
  readonly build: string;
  readonly policy: string;
  readonly scans: number;
  readonly first: EntryRef;
  readonly last: EntryRef;
}

interface GapLine {
  readonly address: string;
  readonly workspace: string;
  readonly path: string | null;
  readonly reason: string;
  readonly meaning: string;
  readonly message: string;
  readonly scans: number;
  readonly persists: string;
  readonly lastScan: EntryRef;
}

interface IgnoredLine {
  readonly address: string;
  readonly workspace: string;
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
  readonly scans: number;
  readonly lastScan: EntryRef;
}

export function scopeView({ scope, provenance }: ComplianceModel): ScopeView {
  const { calendar } = scope;
  const { workspaces, modules, accounts = [], regions = [] } = provenance.arguments;
  return {
    narrowed:
      [
        ...workspaces.map((one) => `workspace ${one}`),
        ...modules.map((one) => `module ${one}`),
        ...accounts.map((one) => `account ${one}`),
        ...regions.map((one) => `region ${one}`),
      ].join(', ') || null,
    workspaces: scope.workspaces.map((one) => ({
      name: one.name,
      declared: one.declared,
      scans: one.scans,
      compared: `${one.compared} of ${one.planned}`,
      lastScan: one.lastScan && entryRef(one.lastScan),
      lastAt: one.lastScanAt === null ? 'never in this period' : utc(one.lastScanAt),
      pause: one.longestPause === null ? 'n/a' : span(one.longestPause),
    })),
    providers: scope.providers.map(({ source, version }) => `${source} ${version}`),
    coverage: cut(
      scope.coverage.map(({ workspace, account, region, type, planned, compared, unread }) => ({
        workspace,
        place: account === null && region === null ? NOT_KNOWN : `${account ?? NOT_KNOWN} · ${region ?? NO_REGION}`,
        type,
        planned,
        compared,
        unread:
          unread.length === 0
            ? '0'
            : `${unread.length}: ${[...new Set(unread.map(({ reason }) => reason))].join(', ')}`,
      })),
      { folded: 12, most: 400 },
    ),
    places: cut(
      scope.places.map(({ account, region, planned, compared }) => ({
        account: account ?? NOT_KNOWN,
        region: region ?? NO_REGION,
        compared: `${compared} of ${planned}`,
      })),
      { folded: 25, most: 200 },
    ),
    unplaced: unplacedText(scope.places),
    calendar: {
      days: `${calendar.days.scanned} of ${calendar.days.all}`,
      cadence:
        calendar.cadence === null
          ? 'none is declared'
          : `at most ${span(calendar.cadence)} between completed scans of a workspace`,
      daysWithout: calendar.daysWithout,
      missing: calendar.missing.map(({ workspace, from, to, scans }) => ({
        workspace,
        text: `${utc(from)} to ${utc(to)} (${span(between(from, to) ?? 0)}): ${scans} missing`,
      })),
      scans: cut(
        calendar.scans.map((one) => ({
          entry: entryRef(one.entry),
          started: utc(one.startedAt),
          duration: span(between(one.startedAt, one.finishedAt) ?? 0),
          workspaces: one.workspaces.join(', '),
          compared: `${one.compared} of ${one.planned}`,
          drifts: one.drifts,
          gaps: one.gaps,
          audited: one.audited ? 'read' : 'not read',
          tone: scanTone(one.standing),
          word: scanWord(one.standing),
        })),
        { folded: 40, most: 400 },
      ),
    },
    tools: cut(toolLines(calendar.scans), { folded: 25, most: 200 }),
    gaps: { count: scope.gaps.length, ...cut(scope.gaps.map(gapLine), { folded: 25, most: 500 }) },
    ignored: cut(
      scope.ignored.map((one) => ({ ...one, lastScan: entryRef(one.lastScan) })),
      { folded: 25, most: 500 },
    ),
    dataSources: scope.dataSources,
  };
}

const NOT_KNOWN = 'not known';
const NO_REGION = 'none known';

function unplacedText(places: ComplianceModel['scope']['places']): string {
  const planned = (of: typeof places): number => of.reduce((sum, one) => sum + one.planned, 0);
  return `${planned(places.filter(({ account }) => account === null))} of ${count(planned(places), 'resource')}`;
}

/** Each pair of program and policy once, in the order in which they first scanned. */
function toolLines(scans: ComplianceModel['scope']['calendar']['scans']): ToolLine[] {
  const lines = new Map<string, ToolLine>();
  for (const { tool, build, policy, entry } of scans) {
    const key = JSON.stringify([tool, build, policy]);
    const known = lines.get(key);
    const last = entryRef(entry);
    const words = { version: tool, build: build ?? NOT_RECORDED, policy: policy ?? NOT_RECORDED };
    lines.set(key, { ...words, scans: (known?.scans ?? 0) + 1, first: known?.first ?? last, last });
  }
  return [...lines.values()];
}

const NOT_RECORDED = 'not recorded';

function gapLine({ address, workspace, path, reason, message, scans, persists, lastScan }: GapRow): GapLine {
  return {
    address,
    workspace,
    path,
    reason,
    meaning: gapMeaning(reason),
    message,
    scans,
    persists: persists ? 'yes' : 'no',
    lastScan: entryRef(lastScan),
  };
}
