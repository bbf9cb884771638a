import type { Ignored } from '../model/drift.ts';
import { formatPath, type Path } from '../model/path.ts';
import type { DeclaredResource } from '../model/resource.ts';
import type { FoundChange, Told } from './change.ts';
import type { CompareContext } from './context.ts';
import { type ApplicableRule, rulesFor } from './ignore.ts';

/** What stays a drift, and what the user set aside. */
export interface SetAside {
  readonly kept: readonly FoundChange[];
  readonly ignored: readonly Ignored[];
}

/**
 * Takes out what `lifecycle.ignore_changes` or an ignore rule covers, and keeps it on record. A rule silences a change of a
 * protection only if it says so, and nothing once it has run out.
 */
export function setAside(
  changes: readonly FoundChange[],
  resource: DeclaredResource,
  context: CompareContext,
  told: Told,
): SetAside {
  if (changes.length === 0) return { kept: [], ignored: [] };
  const rules = rulesFor(context.ignore, resource.ref, context.today);
  const kept: FoundChange[] = [];
  const ignored: Ignored[] = [];
  for (const change of changes) {
    const { path, guarded } = change.place;
    const rule = rules.find((one) => one.covers(path) && applies(one, path, guarded, told));
    if (ignoresChange(resource.config?.ignoreChanges, path)) {
      ignored.push(aside(resource, path, 'lifecycle.ignore_changes', 'the configuration ignores changes of it', told));
    } else if (rule !== undefined) ignored.push(aside(resource, path, rule.name, rule.rule.reason, told));
    else kept.push(change);
  }
  return { kept, ignored };
}

/** The rule, if any, that covers that a resource is gone: only one that says `missing: true` does. */
export function missingSetAside(resource: DeclaredResource, context: CompareContext, told: Told): readonly Ignored[] {
  const rules = rulesFor(context.ignore, resource.ref, context.today).filter((one) => one.rule.missing === true);
  const rule = rules.find((one) => applies(one, [], false, told));
  return rule === undefined ? [] : [aside(resource, [], rule.name, rule.rule.reason, told)];
}

function aside(resource: DeclaredResource, path: Path, rule: string, reason: string, told: Told): Ignored {
  told.explain(path, rule, 'ignored', reason);
  const { address, workspace } = resource.ref;
  return { address, workspace, path: formatPath(path), rule, reason };
}

function applies(one: ApplicableRule, path: Path, guarded: boolean, told: Told): boolean {
  if (one.expired) {
    told.explain(path, one.name, 'drift', `the rule ended on ${one.rule.until}`);
    return false;
  }
  if (guarded && one.rule.guarded !== true) {
    told.explain(path, one.name, 'drift', 'a protection: the rule must say `guarded: true` to cover it');
    return false;
  }
  return true;
}

function ignoresChange(ignores: readonly Path[] | 'all' | undefined, path: Path): boolean {
  if (ignores === undefined) return false;
  if (ignores === 'all') return true;
  return ignores.some((one) => one.length <= path.length && one.every((step, i) => sameStep(step, path[i], i)));
}

/** What is said of merged tags holds of tags. */
function sameStep(step: string | number, other: string | number | undefined, index: number): boolean {
  return step === other || (index === 0 && step === 'tags_all' && other === 'tags');
}
