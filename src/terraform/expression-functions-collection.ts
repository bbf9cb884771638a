import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap, sameValue, UNKNOWN } from '../model/value.ts';
import { byText, isContainer, isSet, makeSet, toNumber, toText, unifyPrimitives } from './evaluate-convert.ts';
import type { Fn, Functions } from './expression-function.ts';

function ofList(apply: (list: readonly Value[]) => Value): Fn {
  return (list = null) => (isArray(list) ? apply(list) : UNKNOWN);
}

function ofMap(apply: (map: ValueMap) => Value): Fn {
  return (map = null) => (isMap(map) ? apply(map) : UNKNOWN);
}

function ofSets(apply: (a: readonly Value[], b: readonly Value[]) => readonly Value[]): Fn {
  return (...args) => {
    if (!args.every(isArray)) return UNKNOWN;
    const sets = args.map(makeSet);
    if (!sets.every(isArray)) return UNKNOWN;
    return sets.length === 0 ? UNKNOWN : makeSet(sets.reduce((all, next) => apply(all, next)));
  };
}

const sortedKeys = (map: ValueMap): string[] => Object.keys(map).sort(byText);

/** Collection functions over known values. Source: Terraform language, "Collection Functions". */
export const collectionFunctions: Functions = {
  length: (of = null) => {
    if (isArray(of)) return of.length;
    if (isMap(of)) return Object.keys(of).length;
    // Grapheme clusters are characters in ASCII only.
    return typeof of === 'string' && /^[ -~]*$/.test(of) ? of.length : UNKNOWN;
  },
  keys: ofMap(sortedKeys),
  values: ofMap((map) => sortedKeys(map).map((key) => map[key] ?? null)),
  lookup: (map, key, fallback) => lookup(map ?? null, toText(key ?? null), fallback),
  element: (list, index) => element(list ?? null, toNumber(index ?? null)),
  contains: (list, wanted) => contains(list ?? null, wanted ?? null),
  index: (list, wanted) => {
    if (!isArray(list)) return UNKNOWN;
    const at = list.findIndex((item) => sameValue(item, wanted));
    return at < 0 ? UNKNOWN : at;
  },
  distinct: ofList((list) => list.filter((item, i) => list.findIndex((other) => sameValue(item, other)) === i)),
  compact: ofList((list) => list.filter((item) => item !== null && item !== '')),
  flatten: ofList(flatten),
  reverse: ofList((list) => (isSet(list) ? UNKNOWN : list.toReversed())),
  sort: ofList((list) => {
    const texts = list.map(toText);
    return texts.every((text): text is string => text !== UNKNOWN) ? texts.toSorted(byText) : UNKNOWN;
  }),
  slice: (list, from, to) => slice(list ?? null, toNumber(from ?? null), toNumber(to ?? null)),
  one: ofList((list) => (list.length > 1 ? UNKNOWN : (list[0] ?? null))),
  alltrue: ofList((list) => list.every((item) => item === true || item === 'true')),
  anytrue: ofList((list) => list.some((item) => item === true || item === 'true')),
  range: (...args) => range(args.map(toNumber)),
  zipmap: (keys, values) => zipmap(keys ?? null, values ?? null),
  coalescelist: (...lists) => lists.find((list) => isArray(list) && list.length > 0) ?? UNKNOWN,
  setunion: ofSets((a, b) => [...a, ...b]),
  setintersection: ofSets((a, b) => a.filter((item) => b.includes(item))),
  setsubtract: ofSets((a, b) => a.filter((item) => !b.includes(item))),
  toset: ofList(makeSet),
  tolist: ofList((list) => [...unifyPrimitives(list)]),
  tomap: ofMap((map) => {
    const values = unifyPrimitives(Object.values(map));
    return Object.assign(Object.create(null), Object.fromEntries(Object.keys(map).map((key, i) => [key, values[i]])));
  }),
};

function lookup(map: Value, key: string | typeof UNKNOWN, fallback: Value | undefined): Value {
  if (!isMap(map) || key === UNKNOWN) return UNKNOWN;
  return Object.hasOwn(map, key) ? (map[key] ?? null) : (fallback ?? UNKNOWN);
}

/** Indexes beyond the end wrap around. */
function element(list: Value, index: number | typeof UNKNOWN): Value {
  if (!isArray(list) || isSet(list) || isEmpty(list) || index === UNKNOWN) return UNKNOWN;
  return Number.isInteger(index) && index >= 0 ? (list[index % list.length] ?? null) : UNKNOWN;
}

function contains(list: Value, wanted: Value): Value {
  if (!isArray(list) || isContainer(wanted)) return UNKNOWN;
  return list.some((item) => sameValue(item, wanted));
}

function flatten(list: readonly Value[]): readonly Value[] {
  return list.flatMap((item) => (isArray(item) ? flatten(item) : [item]));
}

function slice(list: Value, from: number | typeof UNKNOWN, to: number | typeof UNKNOWN): Value {
  if (!isArray(list) || isSet(list) || from === UNKNOWN || to === UNKNOWN) return UNKNOWN;
  return from >= 0 && from <= to && to <= list.length ? list.slice(from, to) : UNKNOWN;
}

/** Source: Terraform language, "range": the step defaults to one in the limit's direction; 1024 values at most. */
function range(args: readonly (number | typeof UNKNOWN)[]): Value {
  const numbers = args.filter((arg): arg is number => Number.isSafeInteger(arg));
  if (numbers.length !== args.length || numbers.length < 1 || numbers.length > 3) return UNKNOWN;
  const [start = 0, limit = 0] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? (limit < start ? -1 : 1);
  if (step === 0 || (limit - start) / step > 1024) return UNKNOWN;
  const values: number[] = [];
  for (let value = start; step > 0 ? value < limit : value > limit; value += step) values.push(value);
  return values;
}

function zipmap(keys: Value, values: Value): Value {
  if (!isArray(keys) || !isArray(values) || keys.length !== values.length) return UNKNOWN;
  const made: { [key: string]: Value } = Object.create(null);
  for (const [i, key] of keys.entries()) {
    if (typeof key !== 'string') return UNKNOWN;
    made[key] = values[i] ?? null;
  }
  return made;
}
