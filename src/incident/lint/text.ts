import type { Severity } from '../../model/incident-record.ts';
import type { Wording } from './remark.ts';
import { type WordRule, wordRulesFor } from './word-rules.ts';

/** How far around the words is looked for what excuses them. */
const AROUND = 24;
const LONGEST = 20_000;

/**
 * Remarks on what a person wrote, in the order of the text; each rule at most once. What stands in quotes or in code is
 * somebody else's or no prose, and is passed over. Pure; at most the first 20,000 characters are read.
 */
export function lintText(text: string, severity: Severity | null): Wording[] {
  const prose = unquoted(text.slice(0, LONGEST));
  return wordRulesFor(severity)
    .flatMap((rule) => first(rule, prose))
    .sort((a, b) => a.at - b.at)
    .map(({ wording }) => wording);
}

function first(rule: WordRule, prose: string): { readonly at: number; readonly wording: Wording }[] {
  for (const match of prose.matchAll(new RegExp(rule.pattern, 'gi'))) {
    const [words] = match;
    const around = prose.slice(Math.max(0, match.index - AROUND), match.index + words.length + AROUND);
    if (rule.unless?.test(around) === true) continue;
    const { why, instead } = rule;
    return [{ at: match.index, wording: { rule: rule.rule, words: words.trim(), why, instead } }];
  }
  return [];
}

/** The text with blanks in the place of what is quoted or code; lengths stay. */
function unquoted(text: string): string {
  return text.replace(/`[^`\n]*`|"[^"\n]*"|“[^”\n]*”|«[^»\n]*»/g, (quoted) => ' '.repeat(quoted.length));
}
