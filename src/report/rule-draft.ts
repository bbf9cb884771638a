import { stringify } from 'yaml';
import { NEXT_ID, type NotAssessed, type Rule } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { ruleDocument, writtenLine } from './rules.ts';
import { notAssessedMeaning } from './rule-words.ts';
import { visible, visibleJson } from './text/visible.ts';

/** How one side of a change meets a rule. */
export type RuleVerdict =
  | { readonly kind: 'passes' | 'not-applicable' }
  | {
      readonly kind: 'violates';
      readonly places: readonly { readonly path: string; readonly value: Value; readonly because: string }[];
    }
  | { readonly kind: 'not-assessed'; readonly reason: NotAssessed };

export interface DraftReport {
  readonly rule: Rule;
  readonly change: { readonly index: number; readonly address: string; readonly path: string };
  readonly note: string | null;
  readonly declared: RuleVerdict;
  readonly live: RuleVerdict;
  readonly others: readonly { readonly kind: string; readonly path: string }[];
  readonly undrafted: readonly { readonly path: string; readonly why: string }[];
  readonly byHand: boolean;
  readonly written: { readonly by: string; readonly shown: string } | undefined;
  readonly action: string | null;
}

/** A draft as it would be written by hand, how it judges both sides of its change, and how to sign it. */
export function draftTerminal(draft: DraftReport): string {
  const { rule, change, note, declared, live, others, undrafted, byHand, written, action } = draft;
  const lines = [
    `# from entry ${change.index}: ${change.address} · ${change.path}`,
    ...ruleYaml(rule, written === undefined).split('\n'),
    `declared  ${verdictText(declared)}`,
    `live      ${verdictText(live)}`,
    ...(note === null ? [] : [`bounds    ${note}`]),
    ...others.map(({ kind, path }) => `or        --kind ${kind} --path '${path}'`),
    ...undrafted.map(({ path, why }) => `not       ${path}: ${why}`),
    ...(byHand
      ? [
          `warning   entry ${change.index} was recorded by hand: a scan meets the rule only where it reads such a resource`,
        ]
      : []),
    ...(written === undefined
      ? ['driftbom: nothing is written; --write signs it into the ledger']
      : [writtenLine(rule, written.by, written.shown)]),
    ...(action === null || written === undefined
      ? []
      : [`driftbom: ${rule.from?.incident ?? ''} ${action} closes when ${rule.terms.id} is green`]),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

/** A rule as files hold it; a draft that is not signed has no id yet. */
export function ruleYaml({ terms, reason }: Rule, isDraft = false): string {
  const { id, ...rest } = terms;
  const written = { ...(isDraft && id === NEXT_ID ? {} : { id }), ...rest, ...(reason === null ? {} : { reason }) };
  return stringify(JSON.parse(JSON.stringify(written)), {
    lineWidth: 120,
  }).trimEnd();
}

function verdictText(verdict: RuleVerdict): string {
  switch (verdict.kind) {
    case 'passes':
      return 'passes';
    case 'not-applicable':
      return 'does not apply';
    case 'not-assessed':
      return `not assessed: ${notAssessedMeaning(verdict.reason)}`;
    case 'violates':
      return `violates: ${verdict.places.map(placeText).join('; ')}`;
  }
}

/** Where and why. What decides a combination names its place itself. */
export function placeText({ path, because }: { readonly path: string; readonly because: string }): string {
  return because.startsWith(path) ? because : `${path}: ${because}`;
}

/** The same as JSON: `driftbom.rule-draft/v1`. */
export function draftJson({
  rule,
  change,
  note,
  declared,
  live,
  others,
  undrafted,
  byHand,
  written,
  action,
}: DraftReport): string {
  const document = {
    schema: 'driftbom.rule-draft/v1',
    rule: { ...ruleDocument(rule), ...(rule.terms.id === NEXT_ID ? { id: null } : {}) },
    ...{ change, note, declared, live, others, undrafted, byHand, action, written: written !== undefined },
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
