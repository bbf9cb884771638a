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
  for (const key of Object.keys(map).sort()) {
    const member = canonicalText(map[key] as Value);
    if (member === undefined) return undefined;
    text += text.length === 1 ? `${quoted(key)}:${member}` : `,${quoted(key)}:${member}`;
  }
  return `${text}}`;
}

/** What JSON escapes, and halves of surrogate pairs, which it escapes where they stand alone. */
const ESCAPED = /["\\\x00-\x1f\ud800-\udfff]/;

/** A text as JSON. Most need no escapes, and asking that takes less time than writing them. */
function quoted(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
