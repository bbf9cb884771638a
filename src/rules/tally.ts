import type { ResourceRef } from '../model/resource.ts';
import type { NotAssessed, Rule, RuleJudgement, RuleTerms, RuleViolation } from '../model/rule.ts';
import { isSecret, judge, type Subject } from './judge.ts';
import { isLike } from './like.ts';

/** Which resource of which workspace. */
export type Place = Pick<ResourceRef, 'workspace' | 'address' | 'type'>;

/** Says which resources a rule speaks of. */
export function scopeOf({ type, address, workspace }: RuleTerms): (place: Place) => boolean {
  const fits = (text: string, pattern: string | undefined): boolean => pattern === undefined || isLike(text, pattern);
  return (place) => fits(place.type, type) && fits(place.address, address) && fits(place.workspace, workspace);
}

/** Holds resources against rules, one after the other, and counts. */
export class RuleTally {
  readonly #rules: readonly Counting[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({
      rule,
      appliesTo: scopeOf(rule.terms),
      checked: 0,
      violations: [],
      notAssessed: new Map(),
    }));
  }

  /** `subject` is asked for only where some rule applies; a reason stands for a resource of which nothing is known. */
  add(place: Place, subject: () => Subject | NotAssessed): void {
    const applying = this.#rules.filter((one) => one.appliesTo(place));
    if (applying.length === 0) return;
    const known = subject();
    for (const one of applying) count(one, place, known);
  }

  judgements(): RuleJudgement[] {
    return this.#rules.map(({ rule, checked, violations, notAssessed }) => {
      const { id, title, kind, severity } = rule.terms;
      const reasons = [...notAssessed].map(([reason, { count, first }]) => ({ reason, count, first }));
      return {
        ...{ id, title, kind, severity, digest: rule.digest, origin: rule.origin, checked },
        violations: [...violations].sort(byPlace),
        notAssessed: reasons.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      };
    });
  }
}

interface Counting {
  readonly rule: Rule;
  readonly appliesTo: (place: Place) => boolean;
  checked: number;
  readonly violations: RuleViolation[];
  readonly notAssessed: Map<NotAssessed, { count: number; first: { workspace: string; address: string } }>;
}

function count(one: Counting, { workspace, address, type }: Place, known: Subject | NotAssessed): void {
  const verdict =
    typeof known === 'string' ? ({ kind: 'not-assessed', reason: known } as const) : judge(one.rule, known);
  switch (verdict.kind) {
    case 'passes':
      one.checked++;
      break;
    case 'violates':
      one.checked++;
      for (const place of verdict.places) {
        one.violations.push({ workspace, address, type, ...place, sensitive: isSecret(place) });
      }
      break;
    case 'not-assessed': {
      const { reason } = verdict;
      const before = one.notAssessed.get(reason);
      // The first by name, not by arrival: answers come in any order, and entries of equal scans should be equal.
      const first =
        before === undefined || isBefore({ workspace, address }, before.first) ? { workspace, address } : before.first;
      one.notAssessed.set(reason, { count: (before?.count ?? 0) + 1, first });
      break;
    }
    case 'not-applicable':
      break;
  }
}

function byPlace(a: RuleViolation, b: RuleViolation): number {
  if (isBefore(a, b)) return -1;
  if (isBefore(b, a)) return 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

type Somewhere = Pick<Place, 'workspace' | 'address'>;

function isBefore(a: Somewhere, b: Somewhere): boolean {
  return a.workspace < b.workspace || (a.workspace === b.workspace && a.address < b.address);
}
