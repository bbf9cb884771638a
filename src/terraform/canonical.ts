import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';

/**
 * One text for all equal values (map keys sorted): lets values stand in a Set. Undefined where an unknown is inside,
 * since two unknowns are not equal.
 */
export function canonicalText(value: Value): string | undefined {
  return withText('', value);
}

/** A text with that of a value behind it. One text grows from member to member: none is made twice. */
function withText(before: string, value: Value): string | undefined {
  if (typeof value === 'string') return before + quoted(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return before + JSON.stringify(value);
  if (isArray(value)) return withList(before, value);
  return isMap(value) ? withMap(before, value) : undefined;
}

function withList(before: string, list: readonly Value[]): string | undefined {
  let text: string | undefined = `${before}[`;
  for (let i = 0; i < list.length && text !== undefined; i++) {
    text = withText(i === 0 ? text : `${text},`, list[i] as Value);
  }
  return text === undefined ? undefined : `${text}]`;
}

function withMap(before: string, map: ValueMap): string | undefined {
  const keys = sorted(Object.keys(map));
  let text: string | undefined = `${before}{`;
  for (let i = 0; i < keys.length && text !== undefined; i++) {
    const key = keys[i] as string;
    text = withText(text + (i === 0 ? keyText(key) : `,${keyText(key)}`), map[key] as Value);
  }
  return text === undefined ? undefined : `${text}}`;
}

const keyTexts = new Map<string, string>();
const MOST_KEYS = 10_000;
const LONGEST_KEY = 100;

/** A key and what follows it. Most are met again and again. */
function keyText(key: string): string {
  const before = keyTexts.get(key);
  if (before !== undefined) return before;
  const text = `${quoted(key)}:`;
  if (key.length > LONGEST_KEY) return text;
  if (keyTexts.size >= MOST_KEYS) keyTexts.clear();
  keyTexts.set(key, text);
  return text;
}

/** Most maps have few keys: moving each to its place takes less time than the engine's way of sorting. */
const FEW = 24;

/** Sorts keys where they stand, by code units. */
function sorted(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string;
    let at = i;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

/** What JSON escapes, and halves of surrogate pairs, which it escapes where they stand alone. */
const ESCAPED = /["\\\x00-\x1f\ud800-\udfff]/;

/** A text as JSON. Most need no escapes, and asking that takes less time than writing them. */
function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
