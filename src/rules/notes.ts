import type { KnownRule } from '../model/action-standing.ts';
import type { AnnotationEntry } from '../model/picture.ts';
import { RULE_ADDED, RULE_RETIRED, type Rule, type RuleBirth } from '../model/rule.ts';
import { isMap, type Value } from '../model/value.ts';
import { readWritten, ruleOf, writtenOf } from './written.ts';

/** A note that adds a rule, read; or why it cannot be. */
export type ReadRule = { readonly rule: Rule } | { readonly index: number; readonly why: string };

/** The facts of the note that adds a rule; its text is the reason. */
export function ruleFacts(rule: Pick<Rule, 'terms' | 'from'>): { readonly [name: string]: Value } {
  const { from } = rule;
  const born = from === null ? null : { incident: from.incident, entry: from.entry, action: from.action };
  return { rule: writtenOf({ terms: rule.terms, reason: null }), from: born };
}

/** Reads the note of a rule. Total: what a newer version or a strange hand wrote is told, and never thrown. */
export function readRuleNote({ index, digest, statement }: AnnotationEntry): ReadRule {
  const { facts, text } = statement.predicate.annotation;
  const read = readWritten(facts?.rule);
  if ('faults' in read) return { index, why: `its terms cannot be read: ${read.faults.join('; ')}` };
  return {
    rule: ruleOf(read.rule, {
      origin: { source: 'ledger', index, entry: digest },
      from: birthOf(facts?.from),
      reason: text,
    }),
  };
}

function birthOf(value: Value | undefined): RuleBirth | null {
  if (!isMap(value)) return null;
  const text = (name: string): string | null => {
    const member = Object.hasOwn(value, name) ? value[name] : null;
    return typeof member === 'string' ? member : null;
  };
  return { incident: text('incident'), entry: text('entry'), action: text('action') };
}

/** All rules that a ledger holds or held, in the order in which they were added, and the notes that cannot be read. */
export interface RuleBook {
  readonly rules: readonly KnownRule[];
  readonly unreadable: readonly { readonly index: number; readonly why: string }[];
}

/** Folds the notes of a ledger, in the order of the log, into its rules. Notes of other topics are passed over. */
export function ruleBook(notes: Iterable<AnnotationEntry>): RuleBook {
  const rules = new Map<string, KnownRule>();
  const unreadable: { index: number; why: string }[] = [];
  for (const note of notes) {
    const { annotation, when, supersedes } = note.statement.predicate;
    if (annotation.topic === RULE_ADDED) {
      const read = readRuleNote(note);
      if ('rule' in read) rules.set(note.digest, { rule: read.rule, retired: null });
      else unreadable.push(read);
    } else if (annotation.topic === RULE_RETIRED && supersedes !== null) {
      const known = rules.get(supersedes);
      const retired = { index: note.index, by: annotation.by, at: when.statedAt, reason: annotation.text };
      if (known !== undefined && known.retired === null) rules.set(supersedes, { ...known, retired });
    }
  }
  return { rules: [...rules.values()], unreadable };
}
