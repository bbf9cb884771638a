import type { Drift } from '../../model/drift.ts';
import { causeOf } from '../../model/drift.ts';
import type { Scan, ScannedDrift } from '../../model/scan.ts';
import { type AnswerView, answerView } from '../answer-view.ts';
import { type ChangesView, changesView } from '../change-view.ts';
import { shortDigest } from '../entry-view.ts';
import { type GapGroup, gapGroups, type IgnoredGroup, ignoredGroups } from '../gap-view.ts';
import type { DiffLimits } from '../text/line-diff.ts';
import { count } from '../text/plural.ts';
import { utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { causeMeaning, causeWord, kindMeaning, kindSign } from '../words.ts';
import { type AuditView, auditView, type ImprovedView, improvedViews } from './audit-view.ts';
import { recordedFor, type ScanReport } from './scan-report.ts';
import { type RulesView, rulesView } from './rule-view.ts';
import { waiverLines } from './waiver-view.ts';
import { durationOf, headline, type Verdict, verdictLine, verdictOf, verdictWord } from './verdict.ts';

/** A scan as the terminal, Markdown and HTML show it: all that is counted, worded or cut is done here. */
export interface ScanView {
  /** `tone`: how it is coloured; a violated rule like drift. */
  readonly verdict: {
    readonly name: Verdict;
    readonly tone: string;
    readonly word: string;
    readonly line: string;
    readonly headline: string;
  };
  readonly scan: {
    readonly id: string;
    readonly started: string;
    readonly duration: string;
    readonly tool: string;
    readonly live: string;
    readonly providers: readonly { source: string; version: string }[];
    readonly workspaces: readonly { name: string; declared: string }[];
    readonly coverage: string;
    readonly dataSources: string;
    readonly inputs: readonly { name: string; kind: string; workspace: string; sha256: string; state: string }[];
  };
  readonly figures: readonly { label: string; value: number; tone: string }[];
  readonly workspaces: readonly WorkspaceDrifts[];
  /** Drifts that active waivers cover completely. */
  readonly waived: { readonly count: number; readonly workspaces: readonly WorkspaceDrifts[] };
  /** What rules forbid; null where there were none to ask. */
  readonly rules: RulesView | null;
  readonly gaps: { readonly count: number; readonly groups: readonly GapGroup[] };
  readonly ignored: { readonly count: number; readonly groups: readonly IgnoredGroup[] };
  readonly computed: { readonly count: number; readonly drifts: readonly DriftView[] };
  readonly audit: AuditView | null;
  /** Answers of earlier scans that are better known by now. */
  readonly improved: readonly ImprovedView[];
  readonly ledger: LedgerView | null;
}

interface WorkspaceDrifts {
  readonly name: string;
  readonly drifts: readonly DriftView[];
}

export interface DriftView extends ChangesView {
  readonly address: string;
  readonly type: string;
  readonly id: string | null;
  readonly kind: Drift['kind'];
  readonly kindMeaning: string;
  readonly sign: '~' | '-' | '+';
  readonly cause: string;
  readonly causeMeaning: string;
  readonly standing: string | null;
  readonly entry: { readonly index: number; readonly digest: string; readonly short: string } | null;
  /** What the audit log told; null where none was read. */
  readonly answer: AnswerView | null;
  /** What waivers say of it, a sentence each. */
  readonly waiver: readonly string[];
}

interface LedgerView {
  readonly place: string;
  readonly origin: string;
  readonly size: number;
  readonly entry: { readonly index: number; readonly digest: string; readonly short: string };
  readonly resolved: readonly {
    address: string;
    workspace: string;
    resolution: string;
    index: number;
    short: string;
  }[];
}

/** Builds the view. Everything in it is inert text: hidden and control characters are visible escapes already. */
export function scanView(report: ScanReport, limits: DiffLimits): ScanView {
  const { scan, ledger } = report;
  const grouped = (drifts: readonly ScannedDrift[]): WorkspaceDrifts[] =>
    byWorkspace(drifts).map(([name, members]) => ({
      name,
      drifts: members.map((one) => driftView(one.drift, report, limits, one)),
    }));
  const waived = scan.drifts.filter((one) => one.waiver?.complete === true);
  return visibleDeep<ScanView>({
    verdict: {
      name: verdictOf(scan.summary),
      tone: verdictOf(scan.summary) === 'violation' ? 'drift' : verdictOf(scan.summary),
      word: verdictWord(verdictOf(scan.summary)),
      line: verdictLine(scan),
      headline: headline(scan.summary),
    },
    scan: scanFacts(scan),
    figures: figures(scan),
    workspaces: grouped(scan.drifts.filter((one) => one.waiver?.complete !== true)),
    waived: { count: waived.length, workspaces: grouped(waived) },
    rules: rulesView(scan),
    gaps: { count: scan.gaps.length, groups: gapGroups(scan.gaps) },
    ignored: { count: scan.ignored.length, groups: ignoredGroups(scan.ignored) },
    computed: { count: scan.computed.length, drifts: scan.computed.map((drift) => driftView(drift, report, limits)) },
    audit: auditView(scan),
    improved: improvedViews(report),
    ledger: ledger === undefined ? null : ledgerView(ledger),
  });
}

function scanFacts(scan: Scan): ScanView['scan'] {
  const { summary, scope } = scan;
  return {
    id: scan.id,
    started: utc(scan.startedAt),
    duration: durationOf(scan),
    tool: `${scan.tool.name} ${scan.tool.version}`,
    live: scope.live,
    providers: scope.providers.map(({ source, version }) => ({ source, version })),
    workspaces: scope.workspaces.map((name, i) => ({ name, declared: scope.declared[i] ?? scope.declared[0] ?? '' })),
    coverage: `${summary.resources - summary.unread} of ${count(summary.resources, 'declared resource')} read and compared`,
    dataSources: `${count(scope.skippedDataSources, 'data source')} not read`,
    inputs: scan.inputs.map(({ name, kind, workspace, sha256, serial }) => ({
      name,
      kind,
      workspace,
      sha256,
      state: serial === undefined ? '' : `serial ${serial}`,
    })),
  };
}

function figures({ summary }: Scan): ScanView['figures'] {
  return [
    { label: 'changed', value: summary.changed, tone: summary.changed > 0 ? 'changed' : 'none' },
    { label: 'missing', value: summary.missing, tone: summary.missing > 0 ? 'missing' : 'none' },
    { label: 'unmanaged', value: summary.unmanaged, tone: summary.unmanaged > 0 ? 'unmanaged' : 'none' },
    ...(summary.waived === undefined || summary.waived === 0
      ? []
      : [{ label: 'waived', value: summary.waived, tone: 'gap' }]),
    ...(summary.violations === undefined || summary.violations === 0
      ? []
      : [{ label: 'against rules', value: summary.violations, tone: 'missing' }]),
    { label: summary.gaps === 1 ? 'gap' : 'gaps', value: summary.gaps, tone: summary.gaps > 0 ? 'gap' : 'none' },
    { label: 'in sync', value: summary.inSync, tone: summary.inSync > 0 ? 'clean' : 'none' },
    { label: 'declared', value: summary.resources, tone: 'none' },
  ];
}

function byWorkspace(drifts: readonly ScannedDrift[]): [string, ScannedDrift[]][] {
  const groups = new Map<string, ScannedDrift[]>();
  for (const one of drifts) {
    const { workspace } = one.drift.resource;
    groups.set(workspace, [...(groups.get(workspace) ?? []), one]);
  }
  return [...groups];
}

function driftView(drift: Drift, report: ScanReport, limits: DiffLimits, more?: ScannedDrift): DriftView {
  const { address, type, id, workspace } = drift.resource;
  const recorded = recordedFor(report, address, workspace);
  return {
    address,
    type,
    id: id ?? null,
    kind: drift.kind,
    kindMeaning: kindMeaning(drift.kind),
    sign: kindSign(drift.kind),
    cause: causeWord(causeOf(drift)),
    causeMeaning: causeMeaning(causeOf(drift)),
    standing: recorded === undefined ? null : standingText(recorded.standing, recorded.firstSeen),
    entry: recorded === undefined ? null : entryView(recorded),
    answer: more?.attribution === undefined ? null : answerView(more.attribution),
    waiver: waiverLines(more?.waiver),
    ...changesView(drift.changes, limits),
  };
}

function standingText(standing: 'new' | 'still-open', firstSeen: string): string {
  return standing === 'new' ? 'new in this scan' : `still open since ${utc(firstSeen)}`;
}

function entryView(entry: { index: number; digest: string }): { index: number; digest: string; short: string } {
  return { index: entry.index, digest: entry.digest, short: shortDigest(entry.digest) };
}

function ledgerView(ledger: NonNullable<ScanReport['ledger']>): LedgerView {
  return {
    place: ledger.place,
    origin: ledger.origin,
    size: ledger.size,
    entry: entryView(ledger.scanEntry),
    resolved: ledger.resolved.map(({ address, workspace, resolution, index, digest }) => ({
      address,
      workspace,
      resolution: resolution.replaceAll('-', ' '),
      index,
      short: shortDigest(digest),
    })),
  };
}
