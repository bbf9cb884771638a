import type { Path, Step } from '../model/path.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { parseJsonText, printJsonText } from '../model/json-text.ts';
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
 * every index, since a set's order means nothing. A path may go on into JSON that a string holds: then the string is
 * left out whole where the declared side has the very same, or else the secret inside alone, so that the rest shows.
 */
export function omitSecrets(
  live: Value,
  prior: Value,
  secrets: readonly Path[],
): { readonly value: Value; readonly omitted: readonly Omission[] } {
  const places = secrets.map((path) => placeIn(live, path));
  const all = places.some((path) => path.length === 0) && isMap(live) ? Object.keys(live).map((key) => [key]) : places;
  const known = all
    .filter((path) => !isEmpty(valueAt(live, path)))
    .map((path): Omission => {
      const text = path.slice(0, textDepth(live, path));
      const whole = text.length < path.length ? samePlace(prior, text, valueAt(live, text) ?? null, sameValue) : null;
      if (whole !== null) return { path: text, prior: whole };
      return { path, prior: samePlace(prior, path, valueAt(live, path) ?? null, sameMeaning) };
    });
  const omitted = outermost(known);
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

/** The value at a path, undefined where there is none. Paths go on into JSON that a string holds. */
function valueAt(value: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>(childOf, value);
}

function childOf(value: Value | undefined, step: Step): Value | undefined {
  const inside = typeof value === 'string' ? parseJsonText(value) : value;
  if (typeof step === 'number') return isArray(inside) ? inside[step] : undefined;
  return isMap(inside) && Object.hasOwn(inside, step) ? inside[step] : undefined;
}

/** The path as far as it can be followed: what cannot be found inside must not stay for that reason. */
function placeIn(value: Value, path: Path): Path {
  let place = path;
  while (place.length > 0 && valueAt(value, place) === undefined) place = place.slice(0, -1);
  return place;
}

/** How many steps lead to the first string on the way; all of them where there is none before the end. */
function textDepth(value: Value, path: Path): number {
  let here: Value | undefined = value;
  for (const [depth, step] of path.entries()) {
    if (typeof here === 'string') return depth;
    here = childOf(here, step);
  }
  return path.length;
}

/** Omissions without those that lie inside another: a subtree is left out whole. */
function outermost(omitted: readonly Omission[]): readonly Omission[] {
  const inside = (path: Path, other: Path): boolean =>
    other.length < path.length && other.every((step, i) => step === path[i]);
  const unique = [...new Map(omitted.map((one) => [JSON.stringify(one.path), one])).values()];
  return unique.filter((one) => !unique.some((other) => inside(one.path, other.path)));
}

function samePlace(prior: Value, path: Path, secret: Value, same: (a: Value, b: Value) => boolean): Path | null {
  for (const place of placesLike(prior, path, [])) {
    const value = valueAt(prior, place);
    if (value !== undefined && same(value, secret)) return place;
  }
  return null;
}

/** The path itself, then every path that differs from it in indices alone. */
function* placesLike(value: Value | undefined, path: Path, before: Path): Iterable<Path> {
  const [step, ...rest] = path;
  if (step === undefined) yield before;
  else if (typeof step === 'string') yield* placesLike(childOf(value, step), rest, [...before, step]);
  else {
    const inside = typeof value === 'string' ? parseJsonText(value) : value;
    const others = isArray(inside) ? [...inside.keys()].filter((i) => i !== step) : [];
    for (const i of [step, ...others]) yield* placesLike(childOf(inside, i), rest, [...before, i]);
  }
}

function sameMeaning(a: Value, b: Value): boolean {
  if (sameValue(a, b)) return true;
  const x = typeof a === 'string' ? parseJsonText(a) : undefined;
  const y = typeof b === 'string' ? parseJsonText(b) : undefined;
  return x !== undefined && y !== undefined && sameValue(x, y);
}

function replaceAll(value: Value, omitted: readonly Omission[], put: (one: Omission) => Value): Value {
  return omitted.reduce((whole, one) => replaceAt(whole, one.path, () => put(one)), value);
}

function replaceAt(value: Value, path: Path, put: () => Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return put();
  if (typeof value === 'string') {
    const document = parseJsonText(value);
    return document === undefined ? value : printJsonText(replaceAt(document, path, put));
  }
  if (typeof step === 'number') {
    return isArray(value) ? value.map((item, i) => (i === step ? replaceAt(item, rest, put) : item)) : value;
  }
  if (!isMap(value) || !Object.hasOwn(value, step)) return value;
  const copy: Record<string, Value> = Object.assign(Object.create(null), value);
  copy[step] = replaceAt(value[step] as Value, rest, put);
  return copy satisfies ValueMap;
}
