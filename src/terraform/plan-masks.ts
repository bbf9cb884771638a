import type { Path } from '../model/path.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';

/**
 * A plan's masks (`before_sensitive`, `after_sensitive`, `after_unknown`) have the structure of the value they speak of
 * and hold `true` where they apply; `true` higher up means the whole subtree.
 */

/** The paths at which a mask says true. A mask that is true at the root names each attribute of `value`. */
export function maskedPaths(mask: Value, value: Value): readonly Path[] {
  if (mask === true) return isMap(value) ? Object.keys(value).map((key) => [key]) : [];
  return [...trueAt(mask, [])];
}

function* trueAt(mask: Value, path: Path): Iterable<Path> {
  if (mask === true) yield path;
  else if (isArray(mask)) {
    for (const [i, item] of mask.entries()) yield* trueAt(item, [...path, i]);
  } else if (isMap(mask)) {
    for (const [key, item] of Object.entries(mask)) yield* trueAt(item, [...path, key]);
  }
}

/** The value with UNKNOWN wherever the mask says true; plans leave such members out. */
export function withUnknown(value: Value, mask: Value): Value {
  if (mask === true) return UNKNOWN;
  if (isArray(mask)) {
    if (!isArray(value) && !mask.some(holdsTrue)) return value;
    const items = isArray(value) ? value : [];
    return Array.from({ length: Math.max(items.length, mask.length) }, (_, i) =>
      withUnknown(items[i] ?? null, mask[i] ?? null),
    );
  }
  if (!isMap(mask) || !holdsTrue(mask)) return value;
  const map: Record<string, Value> = Object.create(null);
  if (isMap(value)) Object.assign(map, value);
  for (const [key, item] of Object.entries(mask)) {
    if (holdsTrue(item)) map[key] = withUnknown(Object.hasOwn(map, key) ? (map[key] as Value) : null, item);
  }
  return map as ValueMap;
}

function holdsTrue(mask: Value): boolean {
  if (isArray(mask)) return mask.some(holdsTrue);
  return isMap(mask) ? Object.values(mask).some(holdsTrue) : mask === true;
}
