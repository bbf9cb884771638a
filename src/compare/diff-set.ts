import type { Cause } from '../model/drift.ts';
import type { Value } from '../model/value.ts';
import { hasUnknown, isArray, isEmpty, isMap } from '../model/value.ts';
import { elementShape, itemPlace, type Place, type Sides, type Telling, Told } from './change.ts';
import { declaredPart, meaningAt, sameAt } from './same.ts';

type Diff = (sides: Sides, place: Place, telling: Telling) => void;

/** Share of leaves that a removed and an added object must have in common to be told as one that was changed. */
const MOST = 0.5;

/**
 * Compares two sets as multisets and tells which elements came and went, at the path of the set. One removed and one
 * added object that have most of their leaves in common are one element that was changed.
 */
export function diffSet(sides: Sides, place: Place, telling: Telling, diff: Diff): void {
  const declared = isArray(sides.declared) ? sides.declared : [];
  const live = isArray(sides.live) ? sides.live : [];
  if (declared.some(hasUnknown) || live.some(hasUnknown)) {
    telling.explain(place.path, 'unknown', 'gap', 'an element is not known before apply, so the set is not compared');
    return;
  }
  const item = itemPlace(place, 0);
  const removed: Value[] = [];
  const left = byMeaning(live, item);
  const matched: [Value, Value][] = [];
  for (const one of declared) {
    const twin = left.get(partOf(one, item))?.shift();
    if (twin === undefined) removed.push(one);
    else matched.push([one, twin]);
  }
  const added = [...left.values()].flat();
  pairEquals(removed, added, matched, item, diff);
  for (const [one, twin] of matched) tellBookkeeping(one, twin, item, place, telling);
  tellRest(removed, added, sides, place, item, telling);
}

/** Elements that differ only in what nobody declared (null against false) are the same element. */
function pairEquals(removed: Value[], added: Value[], matched: [Value, Value][], item: Place, diff: Diff): void {
  for (const one of removed.filter(isMap)) {
    const other = added.find((twin) => {
      const told = new Told();
      diff({ declared: one, live: twin, state: one }, item, told);
      return told.changes.every((change) => change.place.computed);
    });
    if (other === undefined) continue;
    removed.splice(removed.indexOf(one), 1);
    added.splice(added.indexOf(other), 1);
    matched.push([one, other]);
  }
}

function tellRest(
  removed: readonly Value[],
  added: readonly Value[],
  sides: Sides,
  place: Place,
  item: Place,
  telling: Telling,
): void {
  const remembers = (one: Value): boolean =>
    isArray(sides.state) && sides.state.some((other) => partOf(other, item) === partOf(one, item));
  const before = removed[0];
  const after = added[0];
  if (removed.length === 1 && added.length === 1 && isMap(before) && isMap(after) && related(before, after, item)) {
    const cause: Cause = remembers(before) ? 'out-of-band' : remembers(after) ? 'unapplied' : 'both';
    telling.change({ place, op: 'replace', before, after, cause });
    return;
  }
  for (const one of removed) {
    const cause = remembers(one) ? 'out-of-band' : 'unapplied';
    telling.change({ place, op: 'remove', before: one, after: null, cause });
  }
  for (const one of added) {
    const cause = remembers(one) ? 'unapplied' : 'out-of-band';
    telling.change({ place, op: 'add', before: null, after: one, cause });
  }
}

function tellBookkeeping(one: Value, twin: Value, item: Place, place: Place, telling: Telling): void {
  if (!isMap(one) || sameAt(one, twin, item)) return;
  const computed = elementShape(place.shape);
  if (declaredPart(one, computed) === one) return;
  const before = onlyComputed(one, item);
  const after = onlyComputed(twin, item);
  if (meaningAt(before, item) === meaningAt(after, item)) return;
  telling.change({
    place: { ...place, computed: true },
    op: 'replace',
    before: one,
    after: twin,
    cause: 'out-of-band',
  });
}

function onlyComputed(value: Value, item: Place): Value {
  if (!isMap(value) || item.shape.kind !== 'object') return value;
  const kept: Record<string, Value> = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    if (item.shape.members.get(name)?.computed === true) kept[name] = member;
  }
  return kept;
}

function byMeaning(values: readonly Value[], item: Place): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const meaning = partOf(value, item);
    const group = groups.get(meaning);
    if (group === undefined) groups.set(meaning, [value]);
    else group.push(value);
  }
  return groups;
}

function partOf(value: Value, item: Place): string {
  return meaningAt(declaredPart(value, item.shape), item) ?? '';
}

/** Whether two objects are the same thing in two states: most of the leaves that either has are equal. */
function related(a: Value, b: Value, item: Place): boolean {
  if (!isMap(a) || !isMap(b)) return false;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const said = names.filter((name) => !isEmpty(a[name]) || !isEmpty(b[name]));
  const shared = said.filter((name) =>
    sameAt(pick(a, name), pick(b, name), { ...item, shape: memberShape(item, name) }),
  );
  return said.length > 0 && shared.length / said.length >= MOST;
}

function memberShape(item: Place, name: string): Place['shape'] {
  return (item.shape.kind === 'object' ? item.shape.members.get(name) : undefined) ?? elementShape(item.shape);
}

function pick(value: { readonly [key: string]: Value }, name: string): Value {
  return Object.hasOwn(value, name) ? (value[name] as Value) : null;
}
