import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parsePathPattern } from '../model/path-pattern.ts';
import { type Plain, type Rule, RULE_SEVERITIES, type RuleTerms, UNSET_MEANINGS } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';

const path = z
  .string()
  .min(1)
  .max(400)
  .refine((text) => parsePathPattern(text) !== undefined, 'no attribute path')
  // Names with stars are matched by backtracking: few of them cannot hang a scan.
  .refine((text) => !/(\*[^.[\]*]+){3}/.test(text), 'at most two * in one name')
  .describe('Attribute path or pattern: timeout, tags.Owner, ingress[*].from_port. Goes on into JSON inside a string.');
const scopeGlob = z.string().min(1).max(400);
const plain = z.union([z.string().max(2000), z.number(), z.boolean()]);
const oneOrMore = z
  .union([plain, z.array(plain).min(1).max(100)])
  .transform((one): readonly Plain[] => (Array.isArray(one) ? one : [one]));
const likeText = z.string().min(1).max(400);

const COMPARISONS = ['is', 'not', 'atLeast', 'atMost', 'like', 'set'] as const;

const condition = z
  .strictObject({
    path,
    is: oneOrMore.optional().describe('One of the values at the path is this, or one of these.'),
    not: oneOrMore.optional().describe('None of the values at the path is this, or one of these.'),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    like: likeText.optional().describe('* and ? are wildcards.'),
    set: z.boolean().optional().describe('Whether anything is set there.'),
  })
  .refine((one) => COMPARISONS.filter((name) => one[name] !== undefined).length === 1, {
    message: `a condition has exactly one of ${COMPARISONS.join(', ')}`,
  });

const clause = z.union([
  condition,
  z.strictObject({ any: z.array(condition).min(1).max(20) }).describe('One of these holds.'),
]);

const common = {
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens')
    .max(60),
  title: z.string().min(1).max(200).describe('What it demands, in a few words.'),
  severity: z
    .enum(RULE_SEVERITIES)
    .default('medium')
    .describe('Violations of low and info are told and do not count in the exit code.'),
  type: scopeGlob.optional().describe('Resource type; * and ? are wildcards.'),
  address: scopeGlob.optional().describe('Terraform address; * and ? are wildcards.'),
  workspace: scopeGlob.optional().describe('Workspace; * and ? are wildcards.'),
  reason: z.string().min(1).max(4000).optional().describe('Why there is such a rule.'),
};

const range = z
  .strictObject({
    kind: z.literal('range'),
    ...common,
    path,
    min: z.number().optional(),
    max: z.number().optional(),
    oneOf: oneOrMore.optional(),
    ifUnset: z.enum(UNSET_MEANINGS).default('not-assessed').describe('What it means that nothing is set there.'),
  })
  .refine((one) => one.min !== undefined || one.max !== undefined || one.oneOf !== undefined, {
    message: 'a range needs min, max or oneOf',
  })
  .refine((one) => one.oneOf === undefined || (one.min === undefined && one.max === undefined), {
    message: 'oneOf stands without min and max',
  })
  .refine((one) => one.min === undefined || one.max === undefined || one.min <= one.max, {
    message: 'min is above max',
  });

const combination = z.strictObject({
  kind: z.literal('combination'),
  ...common,
  each: path.optional().describe('Members of a list, set or map: the clauses have to meet in one of them.'),
  all: z.array(clause).min(1).max(20).describe('May not all hold together.'),
});

const tag = z.strictObject({
  kind: z.literal('tag'),
  ...common,
  tag: z.string().min(1).max(200).describe('Key of the tag that has to be there.'),
  like: likeText.optional().describe('The value has to fit; * and ? are wildcards.'),
});

/** A rule as people write it, in driftbom.yaml and in files of `driftbom rule add`. */
export const writtenRule = z
  .discriminatedUnion('kind', [range, combination, tag])
  .refine((rule) => rule.type !== undefined || rule.address !== undefined || rule.kind === 'tag', {
    message: 'a rule needs type or address',
  });

export type WrittenRule = z.infer<typeof writtenRule>;

/** A rule out of what was written, or every fault of that. */
export function readWritten(json: unknown): { readonly rule: WrittenRule } | { readonly faults: readonly string[] } {
  const parsed = writtenRule.safeParse(json);
  if (parsed.success) return { rule: parsed.data };
  return { faults: parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`) };
}

/** The rule that stands somewhere, from what was written there. */
export function ruleOf(written: WrittenRule, { origin, from, reason }: Pick<Rule, 'origin' | 'from' | 'reason'>): Rule {
  const { reason: own = null, ...terms } = written;
  return { terms, digest: digestOf(terms), origin, from, reason: reason ?? own };
}

/** Rules of driftbom.yaml. */
export function rulesOfConfig(written: readonly WrittenRule[]): Rule[] {
  return written.map((one) => ruleOf(one, { origin: { source: 'config' }, from: null, reason: null }));
}

/** Over what a rule demands of what: a new title is the same rule. */
function digestOf({ title: _title, ...demands }: RuleTerms): string {
  return createHash('sha256')
    .update(canonicalText(defined(demands)) as string)
    .digest('hex');
}

/** Without members that are undefined: not written and not there are the same. */
function defined(value: object): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** What was written of a rule, as it stands in files and in the facts of a note: what says nothing is left out. */
export function writtenOf({ terms, reason }: Pick<Rule, 'terms' | 'reason'>): { readonly [name: string]: Value } {
  const document = defined({ ...terms, ...(reason === null ? {} : { reason }) });
  return document as { readonly [name: string]: Value };
}
