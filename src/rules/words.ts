import type { Plain } from '../model/rule.ts';
import { isArray, isMap, type Value } from '../model/value.ts';

const LONGEST = 120;

/** A value in a sentence. Texts are quoted and cut; what they hold is for whoever shows it to make visible. */
export function inWords(value: Value): string {
  if (isArray(value)) return `a list of ${value.length}`;
  if (isMap(value)) return 'a block';
  const text = typeof value === 'symbol' ? 'unknown' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Several of them: `1, 2 or 3`. */
export function oneOfWords(list: readonly Plain[]): string {
  const words = list.map(inWords);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
