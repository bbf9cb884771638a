import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { DriftbomError, messageOf } from '../model/error.ts';
import { type Facts, NO_FACTS } from './facts.ts';
import type { Severity, SeverityRule } from './policy.ts';
import { BUILT_IN_RULES } from './policy-built-in.ts';

/** What a rule may ask of the drift itself, besides its facts. */
export interface DriftWords {
  readonly type: string;
  readonly kind: string;
  readonly cause: string;
  readonly class: string;
  readonly address: string;
  readonly workspace: string;
  readonly verdict: string;
  readonly paths: readonly string[];
}

const DRIFT_WORDS = ['type', 'kind', 'cause', 'class', 'address', 'workspace', 'verdict', 'paths'];
const FACT_NAMES = Object.keys(NO_FACTS);

export interface Ranking {
  readonly severity: Severity;
  readonly rule: { readonly id: string; readonly title: string; readonly controls: readonly string[] } | null;
  /** Rules that could not be evaluated before one decided. */
  readonly faults: readonly string[];
}

/** Ranks facts: the first rule that holds decides. */
export type Policy = (facts: Facts, drift: DriftWords) => Ranking;

/** The policy of a report: the user's rules, then the built-in ones. Errors: E_CONFIG. */
export function policyOf(own: readonly SeverityRule[]): Promise<Policy> {
  return compilePolicy([...own, ...BUILT_IN_RULES]);
}

/** A rule speaks of facts; it is no program. */
const LIMITS = { maxAstNodes: 400, maxDepth: 24, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };
const LONGEST = 4000;

/**
 * Compiles rules (CEL). Refused at load, with every fault at once: what does not parse, `matches()` (it backtracks, and a
 * rule of a dozen characters can hang a report), names of facts or of the drift that there are not (`||` would absorb the
 * error and hide the misspelling), and conditions that give no truth value. Errors: E_CONFIG.
 */
export async function compilePolicy(rules: readonly SeverityRule[]): Promise<Policy> {
  const { Environment: CelEnvironment } = await import('@marcbachmann/cel-js');
  const environment = new CelEnvironment({ limits: LIMITS })
    .registerVariable('facts', 'map')
    .registerVariable('drift', 'map');
  const faults: string[] = [];
  const ids = new Set<string>();
  const compiled = rules.flatMap((rule) => {
    if (ids.has(rule.id)) faults.push(`${rule.id}: stands twice`);
    ids.add(rule.id);
    const condition = compile(environment, rule, faults);
    return condition === undefined ? [] : [{ rule, condition }];
  });
  if (faults.length > 0) {
    throw new DriftbomError(
      'E_CONFIG',
      `severity rules have ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
      'Correct these rules in driftbom.yaml; docs/reports.md lists the facts that rules may ask for.',
    );
  }
  return (facts, drift) => {
    const failed: string[] = [];
    for (const { rule, condition } of compiled) {
      try {
        const held: unknown = condition({ facts, drift });
        if (typeof held !== 'boolean') failed.push(`${rule.id}: gives no truth value`);
        else if (held && failed.length === 0) {
          return {
            severity: rule.severity,
            rule: { id: rule.id, title: rule.title, controls: rule.controls ?? [] },
            faults: [],
          };
        }
      } catch (thrown) {
        failed.push(`${rule.id}: ${firstLine(thrown)}`);
      }
      // What the broken rule would have said is not known; a later rule must not stand in for it.
      if (failed.length > 0) return { severity: 'unclassified', rule: null, faults: failed };
    }
    return { severity: 'info', rule: null, faults: [] };
  };
}

function compile(
  environment: Environment,
  rule: SeverityRule,
  faults: string[],
): ((context: { facts: Facts; drift: DriftWords }) => unknown) | undefined {
  try {
    if (rule.when.length > LONGEST) throw new Error(`is longer than ${LONGEST} characters`);
    const parsed = environment.parse(rule.when);
    const found = [...new Set(faultsOf(parsed.ast))];
    const checked = parsed.check();
    if (found.length === 0 && !checked.valid) found.push(firstLine(checked.error));
    if (found.length === 0 && checked.type !== 'bool' && checked.type !== 'dyn')
      found.push(`gives a ${checked.type}, no truth value`);
    faults.push(...found.map((fault) => `${rule.id}: ${fault}`));
    return found.length === 0 ? (context) => parsed(context) : undefined;
  } catch (thrown) {
    faults.push(`${rule.id}: ${firstLine(thrown)}`);
    return undefined;
  }
}

/** What must not stand in a rule, found by walking its tree. */
function faultsOf(node: ASTNode): string[] {
  const here: string[] = [];
  if ((node.op === 'rcall' || node.op === 'call') && node.args[0] === 'matches')
    here.push('matches() is refused; use contains, startsWith or in');
  if (node.op === '.' || node.op === '.?') here.push(...nameFault(node.args[0], node.args[1]));
  if (node.op === '[]' || node.op === '[?]') {
    const [target, key] = node.args;
    if (isRoot(target)) {
      here.push(
        ...(key.op === 'value'
          ? nameFault(target, String(key.args))
          : [`write ${String(target.args)}.name, not ${String(target.args)}[...]`]),
      );
    }
  }
  return [...here, ...childrenOf(node.args).flatMap(faultsOf)];
}

function nameFault(target: ASTNode, name: string): string[] {
  if (!isRoot(target)) return [];
  const known = target.args === 'facts' ? FACT_NAMES : DRIFT_WORDS;
  return known.includes(name) ? [] : [`there is no ${String(target.args)}.${name}; there are ${known.join(', ')}`];
}

function isRoot(node: ASTNode): boolean {
  return node.op === 'id' && (node.args === 'facts' || node.args === 'drift');
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split('\n')[0] as string;
}
