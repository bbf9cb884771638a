import type { ChangeEntry } from '../model/history.ts';
import type { NotAssessed, Rule } from '../model/rule.ts';
import { type Forbidden, judge, type Subject } from './judge.ts';
import { scopeOf } from './tally.ts';

/** A drift or its end as the ledger keeps it, with what stood on both sides. */
export interface Witness {
  readonly entry: ChangeEntry;
  /** Undefined where there was no object. */
  readonly before: Subject | undefined;
  readonly after: Subject | undefined;
  /** Log index of the scan that recorded it. */
  readonly scan: number | null;
}

export interface Hit {
  readonly index: number;
  readonly address: string;
  readonly workspace: string;
  readonly scan: number | null;
  readonly places: readonly Forbidden[];
}

/** What a rule would have said in the history of a ledger. */
export interface Trial {
  /** Drifts and ends of drifts that it applies to. */
  readonly looked: number;
  /** Drifts whose live side it forbids. */
  readonly caught: readonly Hit[];
  /** What was declared, or agreed again, and that it forbids all the same. */
  readonly falseAlarms: readonly Hit[];
  readonly notAssessed: readonly { readonly index: number; readonly reason: NotAssessed }[];
  /** The change that it was born from; null where it was born from none, or the ledger does not hold it. */
  readonly original: { readonly index: number; readonly caught: boolean; readonly scan: number | null } | null;
}

/** Holds the history of a ledger, in its order, against a rule. Pure. */
export function tryRule(rule: Rule, witnesses: Iterable<Witness>): Trial {
  const appliesTo = scopeOf(rule.terms);
  const caught: Hit[] = [];
  const falseAlarms: Hit[] = [];
  const notAssessed: { index: number; reason: NotAssessed }[] = [];
  let looked = 0;
  let original: Trial['original'] = null;
  for (const { entry, before, after, scan } of witnesses) {
    const { resource, kind } = entry.statement.predicate.change;
    if (!appliesTo(resource)) continue;
    looked++;
    const { index } = entry;
    const where = { index, address: resource.address, workspace: resource.workspace, scan };
    const said = (subject: Subject | undefined): readonly Forbidden[] => {
      const verdict = subject === undefined ? undefined : judge(rule, subject);
      if (verdict?.kind === 'not-assessed') notAssessed.push({ index, reason: verdict.reason });
      return verdict?.kind === 'violates' ? verdict.places : [];
    };
    // A resolved entry's first side is the drift again, which its own entry told.
    const [clean, live] = kind === 'drift' ? [said(before), said(after)] : [said(after), []];
    if (clean.length > 0) falseAlarms.push({ ...where, places: clean });
    if (live.length > 0) caught.push({ ...where, places: live });
    if (kind === 'drift' && entry.digest === rule.from?.entry) original = { index, caught: live.length > 0, scan };
  }
  return { looked, caught, falseAlarms, notAssessed, original };
}
