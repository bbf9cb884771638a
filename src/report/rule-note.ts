import type { Entry } from '../model/entry.ts';
import { RULE_ADDED, RULE_RETIRED } from '../model/rule.ts';
import { readRuleNote } from '../rules/notes.ts';

/** What a note about a rule says, in a few words; undefined where an entry is none. */
export function ruleNoteText(entry: Entry): string | undefined {
  const { predicate } = entry.statement;
  if (entry.kind !== 'note' || !('annotation' in predicate)) return undefined;
  const { topic, facts } = predicate.annotation;
  if (topic === RULE_RETIRED) return `rule ${typeof facts?.id === 'string' ? facts.id : ''} retired`;
  if (topic !== RULE_ADDED) return undefined;
  const read = readRuleNote(entry);
  if (!('rule' in read)) return `rule that cannot be read: ${read.why}`;
  const { id, title, kind, severity } = read.rule.terms;
  return `rule ${id} added (${kind}, ${severity}): ${title}`;
}
