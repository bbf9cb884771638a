import { formatPath, type Path } from '../model/path.ts';
import type { CombinationTerms, NotAssessed, RangeTerms, Rule, RuleTerms, TagTerms } from '../model/rule.ts';
import { isArray, isEmpty, isMap, UNKNOWN, type Value } from '../model/value.ts';
import { numberIn, type Sight, samePlain, sightOf, holds } from './conditions.ts';
import { type Found, isMasked, leavesAt, membersAt, patternOf } from './places.ts';
import { judgeTag } from './tags.ts';
import { inWords, oneOfWords } from './words.ts';

/** A resource as rules see it: normalised, and with a digest in the place of each secret. */
export interface Subject {
  readonly type: string;
  readonly value: Value;
  /** Whether it can carry tags at all. */
  readonly taggable: boolean;
}

/** What a rule forbids, and where. */
export interface Forbidden {
  readonly path: string;
  readonly value: Value;
  readonly because: string;
}

/** How one resource meets one rule. */
export type Verdict =
  | { readonly kind: 'passes' }
  | { readonly kind: 'violates'; readonly places: readonly Forbidden[] }
  | { readonly kind: 'not-assessed'; readonly reason: NotAssessed }
  /** It cannot carry what the rule asks for. */
  | { readonly kind: 'not-applicable' };

const PASSES: Verdict = { kind: 'passes' };

/** Judges one resource by one rule that applies to it. Pure, total; what cannot be seen is never taken for good. */
export function judge({ terms }: Pick<Rule, 'terms'>, subject: Subject): Verdict {
  if (!isMap(subject.value)) return { kind: 'not-assessed', reason: 'undecodable' };
  return judgeTerms(terms, subject);
}

function judgeTerms(terms: RuleTerms, subject: Subject): Verdict {
  switch (terms.kind) {
    case 'range':
      return judgeRange(terms, subject);
    case 'combination':
      return judgeCombination(terms, subject);
    case 'tag':
      return judgeTagTerms(terms, subject);
  }
}

function judgeRange(terms: RangeTerms, { type, value }: Subject): Verdict {
  const sight = sightOf(type);
  const leaves = leavesAt(value, patternOf(terms.path));
  if (leaves.length === 0) return unset(terms, sight);
  const judged = leaves.map((leaf) => ({ leaf, says: inRange(leaf, terms, sight) }));
  const places = judged.flatMap(({ leaf, says }) =>
    says === undefined || !('because' in says) ? [] : [forbidden(leaf, says.because)],
  );
  if (places.length > 0) return { kind: 'violates', places };
  const hidden = judged.find(({ says }) => says !== undefined)?.says;
  return hidden !== undefined && 'reason' in hidden ? { kind: 'not-assessed', ...hidden } : PASSES;
}

function unset({ path, ifUnset }: RangeTerms, sight: Sight): Verdict {
  const reason = sight.at(path);
  if (reason !== undefined) return { kind: 'not-assessed', reason };
  if (ifUnset === 'allowed') return PASSES;
  if (ifUnset === 'not-assessed') return { kind: 'not-assessed', reason: 'not-set' };
  return { kind: 'violates', places: [{ path, value: null, because: 'nothing is set' }] };
}

/** Undefined where the value is as it should be. */
function inRange(
  leaf: Found,
  { min, max, oneOf }: RangeTerms,
  sight: Sight,
): { readonly because: string } | { readonly reason: NotAssessed } | undefined {
  const reason = sight.of(leaf);
  if (reason !== undefined) return { reason };
  const { value } = leaf;
  if (isMap(value)) return { reason: 'no-value' };
  if (oneOf !== undefined) {
    if (oneOf.some((one) => samePlain(value, one))) return undefined;
    return { because: `${inWords(value)} is not ${oneOfWords(oneOf)}` };
  }
  const number = numberIn(value);
  if (number === undefined) return { reason: 'no-number' };
  if (min !== undefined && number < min) return { because: `${inWords(value)} is below ${min}` };
  if (max !== undefined && number > max) return { because: `${inWords(value)} is above ${max}` };
  return undefined;
}

function judgeCombination({ each, all }: CombinationTerms, { type, value }: Subject): Verdict {
  const members: readonly Found[] = each === undefined ? [{ path: [], value }] : membersAt(value, patternOf(each));
  const reason = each === undefined || members.length > 0 ? undefined : sightOf(type).at(each);
  if (reason !== undefined) return { kind: 'not-assessed', reason };
  const places: Forbidden[] = [];
  let hidden: NotAssessed | undefined;
  for (const member of members) {
    const held = all.map((clause) => holds(clause, member.value, sightOf(type, member.path)));
    if (held.some((one) => one.held === false)) continue;
    const unseen = held.find((one) => one.held === 'unseen');
    if (unseen?.held === 'unseen') {
      hidden ??= unseen.why;
      continue;
    }
    const met = held.filter((one) => one.held === true);
    const by: Found = met.find((one) => one.by !== undefined)?.by ?? { path: [], value: null };
    const path: Path = [...member.path, ...by.path];
    const where = member.path.length === 0 ? '' : `${formatPath(member.path)}: `;
    const because = `${where}${met.map(({ words }) => words).join(', and ')}`;
    places.push({
      ...forbidden({ path, value: by.value }, because),
      ...(path.length === 0 ? { path: firstPath(all) } : {}),
    });
  }
  if (places.length > 0) return { kind: 'violates', places };
  return hidden === undefined ? PASSES : { kind: 'not-assessed', reason: hidden };
}

/** Where nothing is set, the place that was asked for. */
function firstPath([first]: CombinationTerms['all']): string {
  if (first === undefined) return '';
  return 'any' in first ? (first.any[0]?.path ?? '') : first.path;
}

function judgeTagTerms(terms: TagTerms, { value, taggable }: Subject): Verdict {
  if (!taggable || !isMap(value)) return { kind: 'not-applicable' };
  const says = judgeTag(terms, value);
  if (says === undefined) return PASSES;
  return 'reason' in says ? { kind: 'not-assessed', ...says } : { kind: 'violates', places: [says] };
}

/** A list or a block is told by its place; long texts are cut: the ledger is no copy of the cloud. */
const LONGEST = 300;

function forbidden({ path, value }: Found, because: string): Forbidden {
  const plain: Value = isEmpty(value) || isMap(value) || isArray(value) || value === UNKNOWN ? null : value;
  const shown: Value = typeof plain === 'string' && plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
  return { path: formatPath(path), value: shown, because };
}

/** Whether a violation's value is a secret's digest. */
export function isSecret({ value }: Pick<Forbidden, 'value'>): boolean {
  return isMasked(value);
}
