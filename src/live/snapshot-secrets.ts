import type { Path } from '../model/path.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { formatPath } from '../model/path.ts';
import { isArray, isEmpty, isMap, sameValue } from '../model/value.ts';

/** A secret that a snapshot leaves out: null stands in its place. */
export interface Omission {
  readonly path: Path;
  /** Where the declared side held the same secret when the snapshot was recorded; null where it held another. */
  readonly prior: Path | null;
}

/**
 * The live value without its secrets, and what was left out. An empty value is no secret and stays: that a password was
 * taken away may be told. Equality is by meaning for JSON text, as in comparison, and members of sets are looked for at
 * every index, since a set's order means nothing.
 */
export function omitSecrets(
  live: Value,
  prior: Value,
  secrets: readonly Path[],
): { readonly value: Value; readonly omitted: readonly Omission[] } {
  const all =
    secrets.some((path) => path.length === 0) && isMap(live) ? Object.keys(live).map((key) => [key]) : secrets;
  const omitted = outermost(all)
    .filter((path) => !isEmpty(valueAt(live, path)))
    .map((path) => ({ path, prior: samePlace(prior, path, valueAt(live, path) as Value) }));
  return { value: replaceAll(live, omitted, () => null), omitted };
}

/**
 * Puts a secret back where it was left out: the declared side's own, where both held the same, else a text that equals
 * no secret, so that the change shows again. A declared side that has lost the place since gives such a text, too.
 */
export function restoreSecrets(live: Value, prior: Value, omitted: readonly Omission[]): Value {
  return replaceAll(live, omitted, ({ path, prior: place }) => {
    const known = place === null ? undefined : valueAt(prior, place);
    return known ?? `left out of the snapshot: ${formatPath(path)}`;
  });
}

/** The value at a path, undefined where there is none. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') here = isArray(here) ? here[step] : undefined;
    else here = isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

/** Paths without those that lie inside another: a subtree is left out whole. */
function outermost(paths: readonly Path[]): readonly Path[] {
  const inside = (path: Path, other: Path): boolean =>
    other.length < path.length && other.every((step, i) => step === path[i]);
  const unique = [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
  return unique.filter((path) => path.length > 0 && !unique.some((other) => inside(path, other)));
}

function samePlace(prior: Value, path: Path, secret: Value): Path | null {
  for (const place of placesLike(prior, path, [])) {
    const value = valueAt(prior, place);
    if (value !== undefined && sameMeaning(value, secret)) return place;
  }
  return null;
}

/** The path itself, then every path that differs from it in indices alone. */
function* placesLike(value: Value | undefined, path: Path, before: Path): Iterable<Path> {
  const [step, ...rest] = path;
  if (step === undefined) yield before;
  else if (typeof step === 'string') yield* placesLike(valueAt(value, [step]), rest, [...before, step]);
  else if (isArray(value)) {
    const indices = [step, ...value.keys()].filter((i, at) => i < value.length && (at === 0 || i !== step));
    for (const i of indices) yield* placesLike(valueAt(value, [i]), rest, [...before, i]);
  }
}

function sameMeaning(a: Value, b: Value): boolean {
  if (sameValue(a, b)) return true;
  const x = jsonIn(a);
  const y = jsonIn(b);
  return x !== undefined && y !== undefined && sameValue(x, y);
}

/** An object or list that a text holds as JSON. */
function jsonIn(value: Value): Value | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

function replaceAll(value: Value, omitted: readonly Omission[], put: (one: Omission) => Value): Value {
  return omitted.reduce((whole, one) => replaceAt(whole, one.path, () => put(one)), value);
}

function replaceAt(value: Value, path: Path, put: () => Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return put();
  if (typeof step === 'number') {
    return isArray(value) ? value.map((item, i) => (i === step ? replaceAt(item, rest, put) : item)) : value;
  }
  if (!isMap(value) || !Object.hasOwn(value, step)) return value;
  const copy: Record<string, Value> = Object.assign(Object.create(null), value);
  copy[step] = replaceAt(value[step] as Value, rest, put);
  return copy satisfies ValueMap;
}
