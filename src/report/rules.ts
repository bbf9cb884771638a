import pc from 'picocolors';
import type { KnownRule } from '../model/action-standing.ts';
import type { Rule, RuleJudgement } from '../model/rule.ts';
import { shortDigest } from './entry-view.ts';
import type { Paint } from './text/paint.ts';
import { count } from './text/plural.ts';
import { utc } from './text/time.ts';
import { visible, visibleDeep, visibleJson } from './text/visible.ts';

export interface RuleListing {
  readonly rules: readonly KnownRule[];
  readonly unreadable: readonly { readonly index: number; readonly why: string }[];
  readonly last: { readonly scan: number; readonly judged: readonly RuleJudgement[] } | null;
  readonly shown: string;
}

/** All rules that stand, each as the newest scan met it; with `all`, those that were retired, too. */
export function rulesTerminal(
  listing: RuleListing,
  { colour, all }: { readonly colour: boolean; readonly all: boolean },
): string {
  const paint = pc.createColors(colour);
  const { rules, unreadable, last, shown } = visibleDeep(listing);
  const standing = rules.filter(({ retired }) => retired === null);
  const lines = (all ? rules : standing).flatMap((one) => listLines(one, last, paint));
  const broken = unreadable.map(({ index, why }) => paint.yellow(`! the rule of entry ${index}: ${why}`));
  const retired = rules.length - standing.length;
  const more = retired === 0 ? '' : `, ${retired} retired${all ? '' : ' (--all shows them)'}`;
  const sum = paint.bold(`driftbom: ${count(standing.length, 'rule')}${more} (${shown})`);
  return `${[...lines, ...broken, sum].join('\n')}\n`;
}

function listLines({ rule, retired }: KnownRule, last: RuleListing['last'], paint: Paint): string[] {
  const { terms, origin } = rule;
  const where = origin.source === 'ledger' ? `entry ${origin.index}` : 'driftbom.yaml';
  return [
    `${paint.bold(terms.id)}  ${terms.title}`,
    paint.dim(`      ${terms.severity} · ${terms.kind} · ${scopeText(rule)} · ${where}`),
    retired === null
      ? `      ${meetingText(rule, last, paint)}`
      : paint.dim(
          `      retired ${utc(retired.at)} by ${retired.by}, entry ${retired.index}: ${retired.reason ?? 'no reason given'}`,
        ),
  ];
}

function scopeText({ terms }: Rule): string {
  const parts = [
    ...(terms.address === undefined ? [] : [terms.address]),
    ...(terms.type === undefined || terms.address !== undefined ? [] : [`every ${terms.type}`]),
    ...(terms.workspace === undefined ? [] : [`in ${terms.workspace}`]),
  ];
  return parts.length === 0 ? 'everything' : parts.join(' ');
}

/** How the newest scan met a rule. */
function meetingText({ terms, digest }: Rule, last: RuleListing['last'], paint: Paint): string {
  const judged = last?.judged.find((one) => one.id === terms.id && one.digest === digest);
  if (last === null || judged === undefined) return paint.dim('no scan has asked it yet');
  const { checked, violations, notAssessed } = judged;
  const open = notAssessed.reduce((sum, one) => sum + one.count, 0);
  const sum = `${count(checked, 'resource')} checked in scan #${last.scan}`;
  if (violations.length > 0) return paint.red(`${count(violations.length, 'violation')}, ${sum}`);
  if (open > 0) return paint.yellow(`${open} not assessed, ${sum}`);
  return checked > 0 ? paint.green(`green, ${sum}`) : paint.yellow(`met no resource in scan #${last.scan}`);
}

/** The same as JSON: `driftbom.rules/v1`. */
export function rulesJson({ rules, unreadable, last, shown }: RuleListing): string {
  const document = {
    schema: 'driftbom.rules/v1',
    ledger: shown,
    scan: last?.scan ?? null,
    rules: rules.map(({ rule, retired }) => ({ ...ruleDocument(rule), retired, last: meetingOf(rule, last) })),
    unreadable,
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}

function meetingOf({ terms, digest }: Rule, last: RuleListing['last']): RuleJudgement | null {
  return last?.judged.find((one) => one.id === terms.id && one.digest === digest) ?? null;
}

/** A rule as JSON has it. */
export function ruleDocument({ terms, digest, origin, from, reason }: Rule): object {
  return { ...terms, reason, digest, origin, from };
}

export interface WrittenReport {
  readonly rules: readonly Rule[];
  readonly by: string;
  readonly shown: string;
}

/** One line a rule that was signed. */
export function writtenTerminal({ rules, by, shown }: WrittenReport): string {
  return rules.map((rule) => `${visible(writtenLine(rule, by, shown))}\n`).join('');
}

export function writtenLine({ terms, origin }: Rule, by: string, shown: string): string {
  const where = origin.source === 'ledger' ? `entry ${origin.index} ${shortDigest(origin.entry)} in ${shown}` : shown;
  return `driftbom: ${terms.id} ${terms.title}: every scan asks it from now on · by ${by} · ${where}`;
}

export function writtenJson({ rules, by, shown }: WrittenReport): string {
  const document = { schema: 'driftbom.rules-added/v1', ledger: shown, by, rules: rules.map(ruleDocument) };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}

export interface RetiredReport {
  readonly id: string;
  readonly by: string;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly shown: string;
}

export function retiredTerminal({ id, by, entry, shown }: RetiredReport): string {
  const where = `entry ${entry.index} ${shortDigest(entry.digest)} in ${shown}`;
  return `${visible(`driftbom: ${id} is retired, no scan asks it from now on · by ${by} · ${where}`)}\n`;
}

export function retiredJson({ id, by, entry, shown }: RetiredReport): string {
  const { index, digest } = entry;
  const document = { schema: 'driftbom.rule-retired/v1', ledger: shown, rule: id, by, entry: { index, digest } };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
