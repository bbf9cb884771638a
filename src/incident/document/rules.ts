import type { Entry } from '../../model/entry.ts';
import { isMap, type Value } from '../../model/value.ts';

/** A rule that was born from an incident. */
export interface RuleFromIncident {
  readonly id: string;
  readonly title: string | null;
  readonly action: string | null;
  readonly retired: boolean;
  readonly entry: { readonly index: number; readonly digest: string };
}

/** The rules that notes in the ledger say to come from an incident, in the order in which they were added. */
export function rulesFrom(incident: string, entries: readonly Entry[]): RuleFromIncident[] {
  const rules = new Map<string, RuleFromIncident>();
  for (const { kind, statement, index, digest } of entries) {
    if (kind !== 'note' || !('annotation' in statement.predicate)) continue;
    const { topic, facts = {} } = statement.predicate.annotation;
    const id = textOf(facts.id);
    if (id === null) continue;
    const known = rules.get(id);
    if (topic === 'rule.retired' && known !== undefined) rules.set(id, { ...known, retired: true });
    const { from } = facts;
    if (topic !== 'rule.added' || !isMap(from) || textOf(from.incident) !== incident) continue;
    rules.set(id, {
      id,
      title: textOf(facts.title),
      action: textOf(from.action),
      retired: false,
      entry: { index, digest },
    });
  }
  return [...rules.values()];
}

function textOf(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
