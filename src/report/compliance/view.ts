import type { ComplianceModel, RegisterRow, ReportNumber } from '../../compliance/model.ts';
import type { Verdict } from '../../model/attribution.ts';
import { verdictMeaning } from '../answer-view.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { type LedgerFactsView, ledgerFactsView } from '../ledger-facts.ts';
import { periodText } from '../period.ts';
import { count } from '../text/plural.ts';
import { span, utc } from '../text/time.ts';
import { visibleDeep } from '../text/visible.ts';
import { type Cut, cutOf } from './cut.ts';
import {
  approvalsView,
  type ApprovalsView,
  populationView,
  type PopulationView,
  remediationView,
  type RemediationView,
} from './handling-view.ts';
import { type JudgementView, judgementView } from './judgement-view.ts';
import { numberLabel, numberValue, percent } from './labels.ts';
import {
  type RegisterCard,
  type RegisterLine,
  registerCard,
  registerLine,
  type RegisterView,
  registerView,
} from './register-view.ts';
import { type ScopeView, scopeView } from './scope-view.ts';
import { type TrendView, trendView } from './trend-view.ts';

/** The report as templates place it: texts and lists, nothing to compute. */
export interface ComplianceView {
  readonly title: string;
  readonly tool: string;
  readonly period: string;
  readonly generated: string;
  readonly ledger: LedgerFactsView;
  readonly range: string;
  readonly frameworkNames: string;
  readonly policyDigest: string;
  readonly redo: string;
  readonly listing: readonly { readonly question: string; readonly answer: string }[];
  readonly scope: ScopeView;
  readonly sentences: readonly string[];
  readonly figures: readonly Figure[];
  readonly balance: string;
  readonly population: PopulationView;
  readonly register: RegisterView;
  readonly outside: { readonly reasons: readonly ReasonLine[]; readonly lines: Cut<RegisterLine> };
  readonly approvals: ApprovalsView;
  readonly remediation: RemediationView;
  readonly accepted: Cut<RegisterLine>;
  readonly judgement: JudgementView;
  readonly trend: TrendView;
  readonly sample: {
    readonly text: string;
    readonly redo: string;
    readonly method: string;
    readonly items: readonly (RegisterCard & { readonly rank: string })[];
  } | null;
  readonly entries: Cut<EntryLine>;
  readonly rules: readonly {
    readonly id: string;
    readonly severity: string;
    readonly title: string;
    readonly when: string;
    readonly source: string;
    readonly matched: number;
  }[];
  readonly thresholds: readonly { readonly name: string; readonly value: string }[];
}

/** A number with what it is a part of: none stands without its denominator. */
interface Figure {
  readonly label: string;
  readonly value: string;
  readonly basis: string;
  readonly before: string;
  readonly tone: 'none' | 'gap' | 'open' | 'clean';
}

interface ReasonLine {
  readonly code: string;
  readonly meaning: string;
  readonly n: number;
}

interface EntryLine {
  readonly entry: EntryRef;
  readonly kind: string;
  readonly about: string;
  readonly recorded: string;
}

/** Entries listed on the page; those to which a line leads are never cut. */
const ENTRIES = 1000;

/** Turns the model into texts. Pure: the same model, the same view. */
export function complianceView(model: ComplianceModel): ComplianceView {
  const { provenance } = model;
  const { ledger, frameworks, generatedAt, tool } = provenance;
  const period = { from: model.period.from ?? undefined, to: model.period.to ?? undefined };
  const register = registerView(model);
  const rest = {
    scope: scopeView(model),
    outside: outsideOf(model),
    approvals: approvalsView(model),
    remediation: remediationView(model),
    accepted: cutOf(model.register.filter(isAccepted), registerLine, { folded: 40, most: 500 }),
    judgement: judgementView(model),
    sample: sampleOf(model),
    register,
  };
  return visibleDeep<ComplianceView>({
    title: 'Configuration change: evidence report',
    tool: `${tool.name} ${tool.version}`,
    period: periodText(period),
    generated: utc(generatedAt),
    ledger: ledgerFactsView(ledger),
    range: rangeText(model),
    frameworkNames: frameworks.map(({ title, version }) => `${title} (${version})`).join('; ') || 'none was asked for',
    policyDigest: model.policyDigest,
    redo: 'driftbom report --verify FILE --ledger LEDGER',
    listing: listingOf(model),
    ...rest,
    sentences: sentencesOf(model),
    figures: model.numbers.map(figureOf),
    balance: `Open when the period began ${model.balance.openBefore} + opened ${model.balance.opened} = ended ${model.balance.ended} + still open ${model.balance.stillOpen}.`,
    population: populationView(model),
    trend: trendView(model.weeks),
    entries: entriesOf(model, namedIn(rest)),
    rules: model.rules.map(({ id, severity, title, when, source, matched }) => ({
      id,
      severity,
      title,
      when,
      source,
      matched,
    })),
    thresholds: thresholdsOf(model),
  });
}

function rangeText({ range }: ComplianceModel): string {
  if (range.first === null || range.last === null) return 'no entry falls into the period';
  return `${count(range.entries, 'entry', 'entries')} of the period, ${range.first} to ${range.last}`;
}

/** The five questions that an auditor asks of every listing. */
function listingOf({ provenance, population, range, scope, policyDigest }: ComplianceModel): ComplianceView['listing'] {
  const { ledger, arguments: given } = provenance;
  const compared = scope.workspaces.reduce((sum, one) => sum + one.compared, 0);
  const planned = scope.workspaces.reduce((sum, one) => sum + one.planned, 0);
  const total =
    population.audited === 0
      ? `${population.changes} changes; no audit log was read, so there is no control total`
      : `${population.changes} changes; audit log: ${population.events} writes, difference ${population.difference}`;
  const narrowed = [...given.workspaces, ...given.modules].join(', ');
  return [
    {
      question: 'Source',
      answer: `ledger ${ledger.origin}, ${ledger.size} entries, of which ${range.entries} in the period`,
    },
    {
      question: 'Scope',
      answer: `${count(scope.workspaces.length, 'workspace')}, ${compared} of ${planned} declared resources compared${narrowed === '' ? '' : `; confined to ${narrowed}`}`,
    },
    { question: 'Completeness', answer: total },
    { question: 'Integrity', answer: `root ${ledger.root}; list of changes as CSV: SHA-256 ${population.list.csv}` },
    {
      question: 'Parameters',
      answer: `from ${given.from ?? 'the beginning'} to ${given.to ?? 'the end'}; policy ${policyDigest}`,
    },
  ];
}

function sentencesOf({ balance, scope, register, tests, population }: ComplianceModel): string[] {
  const failed = scope.calendar.scans.filter((scan) => scan.standing === 'failed').length;
  const missing = scope.calendar.missing.reduce((sum, one) => sum + one.scans, 0);
  const open = register.filter((row) => row.standing.name === 'open');
  const critical = open.filter((row) => row.severity === 'critical').length;
  const fails = tests.filter((test) => test.standing === 'fail').map((test) => test.id);
  return [
    `${count(scope.calendar.scans.length, 'scan')} ran, ${failed} of them failed; by the declared cadence ${count(missing, 'workspace scan')} did not run; ${count(scope.gaps.length, 'gap')} left something unread or not compared.`,
    `${count(balance.opened, 'drift')} opened and ${balance.ended} ended; ${open.length} stand open, ${critical} of them critical; ${population.classes['out-of-band']} of ${count(population.changes, 'change')} were made past the pipeline.`,
    fails.length === 0
      ? 'No test failed; those that could not be assessed say why.'
      : `${count(fails.length, 'test')} failed: ${fails.join(', ')}.`,
  ];
}

function figureOf(number: ReportNumber): Figure {
  const { label, whole } = numberLabel(number.id);
  const { numerator, denominator, unit, exclusions, before } = number;
  const parts = [
    unit === 'ratio'
      ? `of ${denominator} ${whole} (${percent(numerator ?? 0, denominator)})`
      : `over ${denominator} ${whole}`,
    ...(number.p95 === null ? [] : [`95th percentile ${span(number.p95)}, longest ${span(number.max ?? 0)}`]),
    ...exclusions.map(({ why, n }) => (n === 0 ? `without ${why}` : `without ${n}: ${why}`)),
  ];
  const was =
    before === null
      ? 'no period before'
      : `before: ${numberValue({ unit, numerator: before.numerator })}${unit === 'ratio' ? ` of ${before.denominator}` : ''}`;
  return { label, value: numberValue(number), basis: parts.join('; '), before: was, tone: toneOf(number) };
}

function toneOf({ id, numerator, denominator }: ReportNumber): Figure['tone'] {
  const part = numerator ?? 0;
  if (id === 'scan-success' || id === 'coverage' || id === 'approval-link') return part < denominator ? 'gap' : 'none';
  if (id === 'drift-rate' || id === 'out-of-band') return part > 0 ? 'open' : 'none';
  return id === 'unattributed' && part > 0 ? 'gap' : 'none';
}

function outsideOf({ register, population }: ComplianceModel): ComplianceView['outside'] {
  const rows = register.filter((row) => row.class === 'out-of-band' || (!row.attributed && row.class !== 'unapplied'));
  return {
    reasons: Object.entries(population.unattributed).map(([code, n]) => ({
      code,
      meaning: verdictMeaning(code as Verdict),
      n,
    })),
    lines: cutOf(rows, registerLine, { folded: 60, most: 1000 }),
  };
}

/** Ways in which a drift ends while live stays as it is: somebody has to stand behind each. */
function isAccepted({ standing }: RegisterRow): boolean {
  return ['accepted', 'ignored', 'no-longer-declared'].includes(standing.resolution ?? '');
}

function sampleOf({ sample, register }: ComplianceModel): ComplianceView['sample'] {
  if (sample === null) return null;
  return {
    text: `${sample.items.length} of ${count(sample.of, 'change')}, drawn with the seed ${sample.seed}`,
    method: sample.method,
    redo: `for each digest of the list: printf '%s\\n%s' "$SEED" "$DIGEST" | sha256sum; sort; take the first ${sample.n}`,
    items: sample.items.flatMap(({ rank, entry }) => {
      const row = register.find((one) => one.entry.index === entry.index);
      return row === undefined ? [] : [{ ...registerCard(row), rank }];
    }),
  };
}

/** Indexes of all entries to which something on the page leads. */
function namedIn(value: unknown): Set<number> {
  const found = new Set<number>();
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return;
    if ('anchor' in one && 'index' in one && typeof one.index === 'number') found.add(one.index);
    else for (const member of Object.values(one)) walk(member);
  };
  walk(value);
  return found;
}

function entriesOf({ entries }: ComplianceModel, named: ReadonlySet<number>): Cut<EntryLine> {
  let room = Math.max(0, ENTRIES - named.size);
  const shown = entries.filter((one) => {
    if (named.has(one.entry.index)) return true;
    room -= 1;
    return room >= 0;
  });
  const rows = shown.map(({ entry, kind, about, recordedAt }) => ({
    entry: entryRef(entry),
    kind,
    about,
    recorded: utc(recordedAt),
  }));
  return { rows, folded: entries.length > 60, total: entries.length, hidden: entries.length - rows.length };
}

function thresholdsOf({ provenance }: ComplianceModel): ComplianceView['thresholds'] {
  const { slaHours, builds, ...plain } = provenance.thresholds;
  const all = [
    ...Object.entries(plain),
    ...(builds === undefined ? [] : [['builds', builds.join(', ')] as const]),
    ...Object.entries(slaHours ?? {}).map(([name, value]) => [`slaHours.${name}`, value] as const),
  ];
  return all.filter(([, value]) => value !== undefined).map(([name, value]) => ({ name, value: String(value) }));
}
