import { masksFor } from '../compare/masking.ts';
import { normalise } from '../compare/normalise.ts';
import { factsOf } from '../compare/place-facts.ts';
import { deeperThan } from '../model/json-text.ts';
import type { LiveAnswer } from '../model/resource.ts';
import { counts, type Rule, type RuleJudgement, type ScanRules } from '../model/rule.ts';
import type { Scan, ScanSummary } from '../model/scan.ts';
import { ANY, shapeOf } from '../model/shape.ts';
import { isMap, type Value } from '../model/value.ts';
import { factsTable } from '../resources/index.ts';
import type { Subject } from '../rules/judge.ts';
import { RuleTally } from '../rules/tally.ts';
import { isTaggable } from '../rules/tags.ts';

/** The rules that a scan is held against, with those of the ledger as the next scan takes them over. */
export interface KnownRules extends Omit<ScanRules, 'judged'> {
  readonly rules: readonly Rule[];
}

/** No configuration is deeper; see compare. */
const DEEPEST = 256;

/**
 * Holds what was read live against rules. Secrets are masked before any rule sees a value, so none can be told by which
 * rule it breaks. A resource that is gone meets no rule: that it is missing is drift.
 */
export function judgeRules(
  scan: Scan,
  answers: readonly LiveAnswer[],
  known: KnownRules | undefined,
  redact: (secret: Value) => string,
): Scan {
  if (known === undefined) return scan;
  const { rules, ...list } = known;
  if (rules.length === 0) return { ...scan, rules: { ...list, judged: [] } };
  const tally = new RuleTally(rules);
  for (const answer of answers) {
    if (answer.kind === 'unread') tally.add(answer.resource.ref, () => 'unread');
    else if (answer.kind === 'found') tally.add(answer.resource.ref, () => subjectOf(answer, redact));
  }
  const judged = tally.judgements();
  return { ...scan, rules: { ...list, judged }, summary: { ...scan.summary, ...countsOf(judged) } };
}

function subjectOf(
  { resource, prior, live, schema }: Extract<LiveAnswer, { kind: 'found' }>,
  redact: (secret: Value) => string,
): Subject | 'undecodable' {
  if (!isMap(live) || deeperThan(live, DEEPEST) || deeperThan(prior, DEEPEST)) return 'undecodable';
  const { type } = resource.ref;
  const shape = shapeOf(schema);
  const masks = masksFor([prior, live], schema, resource.state?.sensitive ?? [], type, redact);
  const { masked } = masks.value(live, [], shape);
  return { type, value: normalise(masked, shape, factsOf(factsTable, type).root), taggable: isTaggable(live) };
}

/** The same of a masked document of the ledger, which has no schema beside it. */
export function subjectOfDocument(type: string, document: Value): Subject {
  const value = deeperThan(document, DEEPEST) ? null : normalise(document, ANY, factsOf(factsTable, type).root);
  return { type, value, taggable: isTaggable(document) };
}

function countsOf(
  judged: readonly RuleJudgement[],
): Pick<ScanSummary, 'violations' | 'minorViolations' | 'notAssessed'> {
  const violations = (of: readonly RuleJudgement[]): number => of.reduce((sum, one) => sum + one.violations.length, 0);
  return {
    violations: violations(judged),
    minorViolations: violations(judged.filter((one) => !counts(one))),
    notAssessed: judged.flatMap((one) => one.notAssessed).reduce((sum, { count }) => sum + count, 0),
  };
}
