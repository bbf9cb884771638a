import type { ComplianceModel } from '../../compliance/model.ts';
import type { GapRow } from '../../compliance/model-scope.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
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
  readonly calendar: {
    readonly days: string;
    readonly cadence: string;
    readonly daysWithout: readonly string[];
    readonly missing: readonly { readonly workspace: string; readonly text: string }[];
    readonly scans: Cut<ScanLine>;
  };
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

interface CoverageLine {
  readonly workspace: string;
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
  const { workspaces, modules } = provenance.arguments;
  return {
    narrowed:
      [...workspaces.map((one) => `workspace ${one}`), ...modules.map((one) => `module ${one}`)].join(', ') || null,
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
      scope.coverage.map(({ workspace, type, planned, compared, unread }) => ({
        workspace,
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
    gaps: { count: scope.gaps.length, ...cut(scope.gaps.map(gapLine), { folded: 25, most: 500 }) },
    ignored: cut(
      scope.ignored.map((one) => ({ ...one, lastScan: entryRef(one.lastScan) })),
      { folded: 25, most: 500 },
    ),
    dataSources: scope.dataSources,
  };
}

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
