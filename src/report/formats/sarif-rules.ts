import { cut } from '../text/width.ts';
import { unlinked } from './sheet-parts.ts';
import type { Sheet, SheetDrift, SheetSeverity, SheetViolation } from './sheet.ts';

export type SarifLevel = 'error' | 'warning' | 'note';

/** A reportingDescriptor (SARIF 2.1.0 section 3.49) with the fields that GitHub asks for. */
export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: { readonly tags: readonly string[]; readonly [name: string]: unknown };
}

/** Longest descriptions and names that GitHub takes. */
const LONGEST_DESCRIPTION = 1000;
const LONGEST_NAME = 250;

const LEVELS: Readonly<Record<SheetSeverity, SarifLevel>> = {
  critical: 'error',
  high: 'error',
  unclassified: 'error',
  medium: 'warning',
  unranked: 'warning',
  low: 'note',
  info: 'note',
};

/** GitHub's scale: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below that low. */
const SCORES: Partial<Readonly<Record<SheetSeverity, string>>> = {
  critical: '9.5',
  high: '8.0',
  unclassified: '8.0',
  medium: '5.5',
  low: '3.0',
};

const HELP =
  'driftbom compared what is declared with what is live. Put the live value back, or declare it; driftbom report incident prints the commands for both. A waiver (driftbom waive) accepts a drift for a time.';

const KINDS: Readonly<Record<SheetDrift['kind'], string>> = {
  changed: 'A live resource differs from its declaration',
  missing: 'A declared resource does not exist',
  unmanaged: 'A live resource is declared nowhere',
};

/** A waived drift is on record and nobody has to act on it now. */
export function levelOf({ severity, state, kind }: SheetDrift): SarifLevel {
  if (state === 'waived') return 'note';
  return severity === 'unranked' && kind === 'missing' ? 'error' : LEVELS[severity];
}

export function ruleIdOf({ rule, kind, severity }: SheetDrift): string {
  return rule === null ? `drift/${severity === 'unranked' ? kind : `${kind}/${severity}`}` : `severity/${rule.id}`;
}

export function violatedRuleId(rule: string): string {
  return `rule/${rule}`;
}

/** What does not count in the exit code is a note here, too. */
export function violationLevel({ severity, counts }: SheetViolation): SarifLevel {
  return counts ? LEVELS[severity] : 'note';
}

export function checkRuleId(id: string): string {
  return `test/${id}`;
}

/** The rules that the drifts and failed tests of a sheet speak of, each once, in the order of first use. */
export function rulesOf(
  drifts: readonly SheetDrift[],
  violations: readonly SheetViolation[],
  checks: Sheet['checks'],
): SarifRule[] {
  const rules = new Map<string, SarifRule>();
  for (const violation of violations) {
    const id = violatedRuleId(violation.rule);
    if (!rules.has(id)) rules.set(id, violatedRule(id, violation));
  }
  for (const drift of drifts) {
    const id = ruleIdOf(drift);
    if (!rules.has(id)) rules.set(id, driftRule(id, drift));
  }
  for (const { id, title, rule } of checks) {
    const text = `Passes when: ${rule}`;
    rules.set(checkRuleId(id), describe(checkRuleId(id), title, text, 'error', { tags: ['compliance'] }));
  }
  return [...rules.values()];
}

function driftRule(id: string, drift: SheetDrift): SarifRule {
  const { rule, kind, severity } = drift;
  const score = SCORES[severity];
  return describe(id, rule?.title ?? KINDS[kind], `${KINDS[kind]}.`, levelOf({ ...drift, state: 'open' }), {
    tags: score === undefined ? ['drift'] : ['drift', 'security'],
    precision: 'very-high',
    ...(score === undefined ? {} : { 'security-severity': score }),
  });
}

function violatedRule(id: string, violation: SheetViolation): SarifRule {
  const { title, origin, severity } = violation;
  const score = SCORES[severity];
  const text = `Live configuration must meet this rule, whatever is declared. It is written in ${origin}.`;
  return describe(id, title, text, violationLevel(violation), {
    tags: score === undefined ? ['rule'] : ['rule', 'security'],
    precision: 'very-high',
    ...(score === undefined ? {} : { 'security-severity': score }),
  });
}

function describe(
  id: string,
  title: string,
  text: string,
  level: SarifLevel,
  properties: SarifRule['properties'],
): SarifRule {
  return {
    id,
    name: cut(id.replace(/[^A-Za-z0-9]+/g, '-'), LONGEST_NAME),
    shortDescription: { text: cut(unlinked(title), LONGEST_DESCRIPTION) },
    fullDescription: { text: cut(text, LONGEST_DESCRIPTION) },
    help: { text: HELP },
    defaultConfiguration: { level },
    properties,
  };
}
