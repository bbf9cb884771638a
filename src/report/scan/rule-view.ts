import { counts, type RuleJudgement, type RuleViolation } from '../../model/rule.ts';
import type { Scan } from '../../model/scan.ts';
import { notAssessedMeaning } from '../rule-words.ts';
import { count } from '../text/plural.ts';
import { inlineValue } from '../text/value-text.ts';
import { cut } from '../text/width.ts';

const LONGEST = 200;

/** Rules as the terminal, Markdown and HTML show them. */
export interface RulesView {
  /** One line: how many were asked, and what came of it. */
  readonly sum: string;
  readonly violations: { readonly count: number; readonly rules: readonly ViolatedRule[] };
  readonly notAssessed: { readonly count: number; readonly rows: readonly UnassessedRow[] };
  /** Rules of the ledger that cannot be read. */
  readonly unreadable: readonly string[];
}

interface ViolatedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly origin: string;
  /** Said of rules that do not count in the exit code. */
  readonly note: string | null;
  readonly places: readonly { address: string; workspace: string; path: string; value: string; because: string }[];
}

interface UnassessedRow {
  readonly id: string;
  readonly reason: string;
  readonly meaning: string;
  readonly count: number;
  readonly first: string;
  readonly workspace: string;
}

/** The rules of a scan; null where there were none to ask. */
export function rulesView({ rules }: Scan): RulesView | null {
  if (rules === undefined) return null;
  const { judged, unreadable, off } = rules;
  if (judged.length === 0 && unreadable.length === 0 && off === undefined) return null;
  const violated = judged.filter(({ violations }) => violations.length > 0);
  const rows = judged.flatMap(unassessedRows);
  return {
    sum: off === true ? 'Rules were switched off for this scan (--no-rules).' : sumOf(judged),
    violations: {
      count: violated.reduce((sum, { violations }) => sum + violations.length, 0),
      rules: violated.map(violatedRule),
    },
    notAssessed: { count: rows.reduce((sum, row) => sum + row.count, 0), rows },
    unreadable: unreadable.map(({ index, why }) => `entry ${index}: ${why}`),
  };
}

function sumOf(judged: readonly RuleJudgement[]): string {
  const green = judged.filter(isGreen).length;
  const idle = judged.filter((one) => one.checked === 0 && one.notAssessed.length === 0).length;
  const checked = judged.reduce((sum, one) => sum + one.checked, 0);
  const nothing = idle === 0 ? '' : `, ${idle} met no resource`;
  return `${count(judged.length, 'rule')} asked, ${green} green${nothing} (${count(checked, 'check')})`;
}

function isGreen({ checked, violations, notAssessed }: RuleJudgement): boolean {
  return checked > 0 && violations.length === 0 && notAssessed.length === 0;
}

function violatedRule(one: RuleJudgement): ViolatedRule {
  const { id, title, severity, violations } = one;
  return {
    ...{ id, title, severity, origin: originText(one) },
    note: counts(one) ? null : 'does not count in the exit code',
    places: violations.map((violation) => ({
      address: violation.address,
      workspace: violation.workspace,
      path: violation.path,
      value: violationValue(violation),
      because: becauseText(violation),
    })),
  };
}

/** Where a rule is written. */
export function originText({ origin }: Pick<RuleJudgement, 'origin'>): string {
  return origin.source === 'ledger' ? `entry ${origin.index} of the ledger` : 'driftbom.yaml';
}

export function violationValue({ value, sensitive }: RuleViolation): string {
  return value === null ? 'not set' : cut(inlineValue(value, sensitive), LONGEST);
}

/** Why, cut; where the value is a secret its digest is nothing to read. */
export function becauseText({ because, sensitive }: RuleViolation): string {
  return cut(sensitive ? because.replace(/hmac-sha256:[^\s"]*/g, '(sensitive)') : because, 2 * LONGEST);
}

function unassessedRows({ id, notAssessed }: RuleJudgement): UnassessedRow[] {
  return notAssessed.map(({ reason, count: n, first }) => ({
    id,
    reason,
    meaning: notAssessedMeaning(reason),
    count: n,
    first: first.address,
    workspace: first.workspace,
  }));
}
