/** What the linter looks for. A closed list: scripts may rely on it, and docs/incident.md explains each. */
export const LINT_RULES = [
  'blame',
  'human-error',
  'counterfactual',
  'stop-at-person',
  'single-cause',
  'outage',
  'careful',
  'action-verb',
  'action-owner',
  'action-due',
  'action-done-when',
  'order-told',
  'order-search',
  'order-milestones',
  'time-basis',
  'why-unanswered',
  'lesson-surprised',
] as const;
export type LintRule = (typeof LINT_RULES)[number];

/** A remark on words, and how to say it instead. */
export interface Wording {
  readonly rule: LintRule;
  /** The words that it is about, as they were written. */
  readonly words: string;
  readonly why: string;
  readonly instead: string;
}

/** The same, with the place where the words stand. */
export interface Remark extends Wording {
  /** Index of the entry that says it. */
  readonly entry: number;
  /** What it is there: `cause`, `timeline note`, `action A1`. */
  readonly where: string;
}
