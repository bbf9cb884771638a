import { type ChangeEntry, type DriftStory, observedAt, type ScanEntry } from '../model/history.ts';
import type { Entry } from '../model/entry.ts';
import { isInside, knownAtEnd, type Period } from '../model/period.ts';
import { calendarOf, type Edges, workspaceRows } from './calendar.ts';
import { frameworkOutcome } from './controls.ts';
import { coverageCells, gapRows, ignoredRows, lastScans, order, placeCoverage, refOf } from './coverage.ts';
import type { ComplianceModel, EntryRow, RegisterRow, ReportNumber, WaiverRow } from './model.ts';
import type { Calendar, Scope } from './model-scope.ts';
import { narrowed } from './narrow.ts';
import { balanceOf, numbersOf } from './numbers.ts';
import { digestOf } from './policy.ts';
import { BUILT_IN_RULES } from './policy-built-in.ts';
import type { Policy } from './policy-engine.ts';
import { populationOf } from './population.ts';
import type { Provenance } from './provenance.ts';
import { registerOf } from './register.ts';
import { remediationOf } from './remediation.ts';
import { drawSample } from './sample.ts';
import { judgeTests } from './tests.ts';
import { waiverRows } from './waivers.ts';
import { weeksOf } from './weeks.ts';

/** A period, the entries known at its end, and what is computed from them. */
interface Sight {
  readonly known: readonly Entry[];
  readonly scans: readonly ScanEntry[];
  readonly workspaces: readonly string[];
  readonly rows: RegisterRow[];
  readonly stories: DriftStory[];
  readonly edges: Edges;
  readonly calendar: Calendar;
}

/**
 * Computes the model of a report. `all`: the whole ledger in its order, with corrections put where they belong;
 * `policy`: of the provenance's rules. The same entries and provenance give the same model.
 */
export function complianceModel(all: readonly Entry[], provenance: Provenance, policy: Policy): ComplianceModel {
  const { thresholds, arguments: given, ledger, frameworks } = provenance;
  const entries = narrowed(all, given);
  const period: Period = { from: given.from ?? undefined, to: given.to ?? undefined };
  const sight = sightOf(entries, period, given.end, provenance, policy);
  const { known, scans, rows, stories, edges, calendar } = sight;
  const own = rows.filter((row) => !row.carriedOver);
  const scope = scopeOf(sight);
  const population = populationOf(rows, scans);
  const waivers = waiverRows(known, rows, period.from, given.end);
  const inside = known.filter((entry) => isInside(observedAt(entry), period));
  const oldest = all[0] && recordedAt(all[0]);
  const evidence = {
    scans,
    rows,
    workspaces: scope.workspaces,
    calendar,
    population,
    waivers,
    ledger,
    thresholds,
    oldest,
    end: given.end,
  };
  const tests = judgeTests(evidence);
  const now = numbersOf({ scans, rows, stories, period, calendar });
  const earlier = before(entries, period, provenance, policy);
  return {
    format: 'driftbom.compliance/v1',
    provenance,
    period: { from: given.from, to: given.to, end: given.end },
    range: { entries: inside.length, first: inside[0]?.index ?? null, last: inside.at(-1)?.index ?? null },
    policyDigest: digestOf({ rules: [...provenance.rules, ...BUILT_IN_RULES], thresholds, frameworks }),
    scope,
    numbers: now.map((one) => ({ ...one, before: earlier?.find(({ id }) => id === one.id) ?? null })).map(shortBefore),
    balance: balanceOf(stories, period),
    population,
    register: rows,
    remediation: remediationOf(rows, stories, period, thresholds),
    waivers,
    tests,
    frameworks: frameworks.map((framework) => frameworkOutcome(framework, tests, evidence)),
    weeks: weeksOf(rows, stories, scans, edges),
    sample:
      given.sample === null
        ? null
        : drawSample(
            own.map((row) => row.entry),
            given.seed ?? ledger.root,
            given.sample,
          ),
    entries: entryRows(entries, inside, rows, waivers),
    rules: [
      ...provenance.rules.map((rule) => ({ rule, source: 'user' as const })),
      ...BUILT_IN_RULES.map((rule) => ({ rule, source: 'built-in' as const })),
    ].map(({ rule, source }) => ({
      id: rule.id,
      severity: rule.severity,
      title: rule.title,
      when: rule.when,
      controls: rule.controls ?? [],
      source,
      matched: rows.filter((row) => row.rule?.id === rule.id).length,
    })),
  };
}

function sightOf(
  entries: readonly Entry[],
  period: Period,
  end: string,
  { thresholds }: Provenance,
  policy: Policy,
): Sight {
  const known = knownAtEnd(entries, period);
  const all = known.filter((entry): entry is ScanEntry => entry.kind === 'scan');
  const scans = all.filter((entry) => isInside(observedAt(entry), period));
  const workspaces = [...new Set(all.flatMap((scan) => scan.statement.predicate.scan.scope.workspaces))].sort(order);
  const { rows, stories } = registerOf({ entries: known, period, end, policy, thresholds });
  const edges = { from: period.from === undefined ? undefined : Date.parse(period.from), end: Date.parse(end) };
  return {
    known,
    scans,
    workspaces,
    rows,
    stories,
    edges,
    calendar: calendarOf(scans, workspaces, edges, thresholds.cadenceHours),
  };
}

function scopeOf({ scans, workspaces, edges, calendar }: Sight): Scope {
  const coverage = coverageCells(scans);
  const last = [...new Set(lastScans(scans).values())];
  const providers = new Map(
    last.flatMap(({ statement }) =>
      statement.predicate.scan.scope.providers.map((one) => [`${one.source} ${one.version}`, one] as const),
    ),
  );
  return {
    workspaces: workspaceRows(scans, workspaces, edges),
    coverage,
    places: placeCoverage(coverage),
    providers: [...providers].sort(([a], [b]) => order(a, b)).map(([, one]) => one),
    calendar,
    gaps: gapRows(scans),
    ignored: ignoredRows(scans),
    dataSources: last.reduce((sum, { statement }) => sum + statement.predicate.scan.scope.skippedDataSources, 0),
  };
}

/** The numbers of the period of equal length before; undefined where there is none or the ledger is silent about it. */
function before(
  entries: readonly Entry[],
  { from, to }: Period,
  provenance: Provenance,
  policy: Policy,
): Omit<ReportNumber, 'before'>[] | undefined {
  if (from === undefined || to === undefined) return undefined;
  const length = Date.parse(to) - Date.parse(from);
  const period = { from: new Date(Date.parse(from) - length).toISOString(), to: from };
  const sight = sightOf(entries, period, from, provenance, policy);
  return sight.scans.length === 0 ? undefined : numbersOf({ ...sight, period });
}

function shortBefore(
  one: Omit<ReportNumber, 'before'> & { readonly before: Pick<ReportNumber, 'numerator' | 'denominator'> | null },
): ReportNumber {
  const { before: was } = one;
  return { ...one, before: was === null ? null : { numerator: was.numerator, denominator: was.denominator } };
}

/** Entries of the period, and those outside it to which a row of the register or a waiver leads. */
function entryRows(
  all: readonly Entry[],
  inside: readonly Entry[],
  rows: readonly RegisterRow[],
  waivers: readonly WaiverRow[],
): EntryRow[] {
  const named = new Set([
    ...inside.map((entry) => entry.index),
    ...waivers.flatMap(({ entry, revoked }) => (revoked === null ? [entry.index] : [entry.index, revoked.entry.index])),
    ...rows.flatMap((row) => [row.entry, ...row.said.map((one) => one.entry)].map((one) => one.index)),
  ]);
  return all
    .filter((entry) => named.has(entry.index))
    .map((entry) => ({ entry: refOf(entry), kind: entry.kind, about: aboutOf(entry), recordedAt: recordedAt(entry) }));
}

function recordedAt(entry: Entry): string {
  return entry.kind === 'scan' ? entry.statement.predicate.recordedAt : entry.statement.predicate.when.recordedAt;
}

/** What an entry is about, in a few words. */
function aboutOf(entry: Entry): string {
  if (entry.kind === 'scan') return `scan of ${entry.statement.predicate.scan.scope.workspaces.join(', ')}`;
  const { predicate } = entry.statement;
  if ('change' in predicate) return (entry as ChangeEntry).statement.predicate.change.resource.address;
  const { annotation } = predicate;
  return (
    annotation.waiver?.address ??
    annotation.text ??
    annotation.topic ??
    `${annotation.kind} about ${annotation.about.length}`
  );
}
