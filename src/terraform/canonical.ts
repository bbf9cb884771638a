import type { Value, ValueMap } from '../model/value.ts';
import { isArray, UNKNOWN } from '../model/value.ts';

/**
 * One text for all equal values (map keys sorted): lets values stand in a Set. Undefined where an unknown is inside,
 * since two unknowns are not equal.
 */
export function canonicalText(value: Value): string | undefined {
  if (value === UNKNOWN) return undefined;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return isArray(value) ? listText(value) : mapText(value);
}

function listText(list: readonly Value[]): string | undefined {
  let text = '[';
  for (const item of list) {
    const member = canonicalText(item);
    if (member === undefined) return undefined;
    text += text.length === 1 ? member : `,${member}`;
  }
  return `${text}]`;
}

function mapText(map: ValueMap): string | undefined {
  let text = '{';
  for (const key of sorted(Object.keys(map))) {
    const member = canonicalText(map[key] as Value);
    if (member === undefined) return undefined;
    text += text.length === 1 ? `${quoted(key)}:${member}` : `,${quoted(key)}:${member}`;
  }
  return `${text}}`;
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
