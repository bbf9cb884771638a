import type { Value } from '../model/value.ts';
import { isArray, isEmpty, isMap, sameValue, UNKNOWN } from '../model/value.ts';
import { memberPlace, opOf, type Place, type Sides, type Telling } from './change.ts';
import { diffList } from './diff-list.ts';
import { diffSet } from './diff-set.ts';
import { causeAt, sameAt, spellsOutNothing } from './same.ts';
import { sameMeaning } from './text-meaning.ts';

/**
 * Tells every difference between the declared and the live side at a place and below, each at the deepest path that
 * names it, and the reasons for what is no difference. Unknown never differs.
 */
export function diff(sides: Sides, place: Place, telling: Telling): void {
  const { declared, live } = sides;
  if (notObserved(sides, place, telling) || declared === live) return;
  if (declared === UNKNOWN || live === UNKNOWN) {
    telling.explain(place.path, 'unknown', 'gap', 'the value is not known before apply, so it is not compared');
    return;
  }
  if (sameValue(declared, live)) return;
  if (sameAt(declared, live, place)) {
    telling.explain(place.path, 'same-meaning', 'equal', meaningDetail(declared, live));
    return;
  }
  if (isEmpty(declared) && !place.free && spellsOutNothing(live, place.shape, place.facts)) {
    telling.explain(place.path, 'unset-is-off', 'equal', 'nobody set it, and live spells out that it is off');
    return;
  }
  descend(sides, place, telling);
}

function descend(sides: Sides, place: Place, telling: Telling): void {
  const { declared, live } = sides;
  const { kind } = place.shape;
  if (kind === 'any') diffByLook(sides, place, telling);
  else if (kind === 'object' && isMap(declared) && isMap(live)) diffMembers(sides, place, telling);
  else if (kind === 'map') diffMap(sides, place, telling);
  else if (kind === 'set' || (kind === 'list' && place.facts.unordered === true)) diffSet(sides, place, telling, diff);
  else if (kind === 'list') diffList(sides, place, telling, diff);
  else diffScalar(sides, place, telling);
}

/** Without a schema: maps by key, one block against one block, lists of equal members as lists, other lists as sets. */
function diffByLook(sides: Sides, place: Place, telling: Telling): void {
  const { declared, live } = sides;
  if (place.free && (isMap(declared) || isMap(live))) diffMap(sides, place, telling);
  else if (isMap(declared) && isMap(live)) diffMembers(sides, place, telling);
  else if (!(isArray(declared) || isArray(live)) || !isListLike(declared) || !isListLike(live)) {
    diffScalar(sides, place, telling);
  } else if ((single(declared) && single(live)) || reordered(declared, live)) diffList(sides, place, telling, diff);
  else diffSet(sides, place, telling, diff);
}

function diffMembers(sides: Sides, place: Place, telling: Telling): void {
  for (const name of namesOf(sides, place)) diff(memberSides(sides, name), memberPlace(place, name), telling);
}

function diffMap(sides: Sides, place: Place, telling: Telling): void {
  if (!isMapLike(sides.declared) || !isMapLike(sides.live)) {
    tell(sides, place, telling);
    return;
  }
  for (const key of namesOf(sides, place)) {
    const inner = memberSides(sides, key);
    const at = memberPlace(place, key);
    if (inner.declared !== null && inner.live !== null) diff(inner, at, telling);
    else if (inner.declared !== inner.live) {
      // A key that holds "" is still a key: its coming and going shows.
      const op = inner.declared === null ? 'add' : 'remove';
      telling.change({ place: at, op, before: inner.declared, after: inner.live, cause: causeAt(inner, at) });
    }
  }
}

function diffScalar(sides: Sides, place: Place, telling: Telling): void {
  const { declared, live } = sides;
  if (typeof declared === 'string' && typeof live === 'string' && !place.free && sameMeaning(declared, live)) {
    telling.explain(place.path, 'same-meaning', 'equal', meaningDetail(declared, live));
    return;
  }
  tell(sides, place, telling);
}

function tell(sides: Sides, place: Place, telling: Telling): void {
  const { declared: before, live: after } = sides;
  telling.change({ place, op: opOf(before, after), before, after, cause: causeAt(sides, place) });
}

function notObserved(sides: Sides, place: Place, telling: Telling): boolean {
  const { facts, shape } = place;
  if (facts.knob === true) {
    if (!isEmpty(sides.declared)) {
      telling.explain(
        place.path,
        'apply-knob',
        'equal',
        'tells the provider how to apply or destroy; not a live value',
      );
    }
    return true;
  }
  if (facts.neverRead !== true && !shape.writeOnly) return false;
  if (!isEmpty(sides.declared) || !isEmpty(sides.live)) {
    telling.explain(place.path, 'never-read', 'gap', 'the service never gives this back, so it is not observed');
  }
  return true;
}

function namesOf(sides: Sides, place: Place): Iterable<string> {
  if (place.shape.kind === 'object') return place.shape.members.keys();
  return new Set([...keys(sides.declared), ...keys(sides.live)]);
}

function memberSides(sides: Sides, name: string): Sides {
  return {
    declared: member(sides.declared, name),
    live: member(sides.live, name),
    state: sides.state === sides.declared ? member(sides.declared, name) : member(sides.state, name),
  };
}

/** A member, or null where there is none. */
export function member(value: Value, name: string): Value {
  return isMap(value) && Object.hasOwn(value, name) ? (value[name] as Value) : null;
}

function keys(value: Value): string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function isMapLike(value: Value): boolean {
  return isMap(value) || isEmpty(value);
}

function isListLike(value: Value): boolean {
  return isArray(value) || isEmpty(value);
}

function single(value: Value): boolean {
  return isArray(value) && value.length === 1 && isMap(value[0]);
}

function reordered(a: Value, b: Value): boolean {
  if (!isArray(a) || !isArray(b) || a.length !== b.length) return false;
  const left = [...a];
  return b.every((item) => {
    const at = left.findIndex((other) => sameValue(other, item));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function meaningDetail(declared: Value, live: Value): string {
  if (isEmpty(declared) && isEmpty(live))
    return 'both sides hold nothing (null, "", [] and {} are one where nobody set it)';
  if (typeof declared === 'string' && typeof live === 'string') return 'both documents say the same';
  return 'equal once order of sets, empty members and documents are brought to one form';
}
