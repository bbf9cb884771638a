import type { Value } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';

/**
 * One text for all equal values (map keys sorted): lets values stand in a Set. Undefined where an unknown is inside,
 * since two unknowns are not equal.
 */
export function canonicalText(value: Value): string | undefined {
  if (value === UNKNOWN) return undefined;
  if (isArray(value)) return joined(value.map(canonicalText), '[', ']');
  if (!isMap(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => {
      const text = canonicalText(value[key] as Value);
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
    });
  return joined(parts, '{', '}');
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : open + parts.join(',') + close;
}
