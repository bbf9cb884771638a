import type { Path } from '../model/path.ts';
import type { Shape } from '../model/shape.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { hasUnknown, isArray, isEmpty, isMap, UNKNOWN } from '../model/value.ts';
import { elementShape, memberPlace, type Place, itemPlace } from './change.ts';
import { mayMean } from './config-meaning.ts';

/** The state as the configuration wants it, and the places at which it wants something else. */
export interface Overlaid {
  readonly value: Value;
  readonly pending: readonly Path[];
}

/**
 * Puts what the configuration writes over what the state holds: only what is written, known and certainly something else.
 * What it does not write, cannot be evaluated, or may be the same in the provider's spelling stays as the state has it
 * (the very same object), so that nothing alarms which could not be compared exactly.
 */
export function overlay(state: Value, config: Value, place: Place): Overlaid {
  const pending: Path[] = [];
  const value = over(state, config, place, pending);
  return { value, pending };
}

function over(state: Value, config: Value, place: Place, pending: Path[]): Value {
  const { facts, shape } = place;
  if (config === UNKNOWN || config === null || facts.knob || facts.neverRead || facts.rewritten) return state;
  if (shape.computed || shape.writeOnly) return state;
  if (shape.kind === 'map' || (shape.kind === 'any' && place.free && isMap(config))) {
    return overMap(state, config, place, pending);
  }
  if (isMap(config)) return isMap(state) ? overObject(state, config, place, pending) : state;
  if (isArray(config)) return overArray(state, config, place, pending);
  if (isArray(state) || isMap(state) || mayMean(config, state)) return state;
  pending.push(place.path);
  return config;
}

function overObject(state: ValueMap, config: ValueMap, place: Place, pending: Path[]): Value {
  let copy: Record<string, Value> | undefined;
  for (const name of Object.keys(config)) {
    if (place.shape.kind === 'object' && !place.shape.members.has(name)) continue;
    const before = Object.hasOwn(state, name) ? (state[name] as Value) : null;
    const after = over(before, config[name] as Value, memberPlace(place, name), pending);
    if (after === before) continue;
    copy ??= Object.assign(Object.create(null) as Record<string, Value>, state);
    copy[name] = after;
  }
  return copy ?? state;
}

/** A user's map: keys that are written, and, where the provider adds none of its own, keys that are not. */
function overMap(state: Value, config: Value, place: Place, pending: Path[]): Value {
  if (!isMap(config) || (state !== null && !isMap(state))) return state;
  const held: ValueMap = state ?? {};
  const copy: Record<string, Value> = Object.assign(Object.create(null), held);
  let changed = false;
  const at = (key: string): void => {
    pending.push(memberPlace(place, key).path);
    changed = true;
  };
  for (const [key, wanted] of Object.entries(config)) {
    if (wanted === UNKNOWN || wanted === null || hasUnknown(wanted)) continue;
    if (Object.hasOwn(held, key) && (mayMean(wanted, held[key] as Value) || typeof wanted === 'object')) continue;
    copy[key] = wanted;
    at(key);
  }
  if (!place.shape.defaulted && place.shape.kind === 'map') {
    for (const key of Object.keys(held)) {
      if (Object.hasOwn(config, key)) continue;
      delete copy[key];
      at(key);
    }
  }
  return changed ? copy : state;
}

function overArray(state: Value, config: readonly Value[], place: Place, pending: Path[]): Value {
  if (config.some(hasUnknown)) return state;
  const { shape } = place;
  if (!isArray(state)) {
    // One block, which the provider keeps as an object; or a list that the state has not yet.
    if (isMap(state) && config.length === 1) return over(state, config[0] as Value, place, pending);
    return state === null && shape.kind !== 'object' ? newList(config, place, pending) : state;
  }
  if (config.length === 0 && (shape.defaulted || shape.block)) return state;
  const objects = config.some(isMap) || state.some(isMap);
  if (!objects) return overScalars(state, config, place, pending);
  if (shape.kind === 'set' || place.facts.unordered) return overSet(state, config, place, pending);
  if (shape.kind === 'any' && state.length !== config.length) return state;
  return overList(state, config, place, pending);
}

function newList(config: readonly Value[], place: Place, pending: Path[]): Value {
  if (isEmpty(config) || place.shape.defaulted || place.shape.kind === 'any') return null;
  pending.push(place.path);
  return config;
}

function overScalars(state: readonly Value[], config: readonly Value[], place: Place, pending: Path[]): Value {
  const ordered = place.shape.kind === 'list' && place.facts.unordered !== true;
  const wanted = ordered ? wantedList(state, config) : wantedSet(state, config, place.shape.defaulted);
  if (wanted === undefined) return state;
  pending.push(place.path);
  return wanted;
}

function wantedList(state: readonly Value[], config: readonly Value[]): readonly Value[] | undefined {
  const held = (i: number): Value => state[i] ?? null;
  if (config.length === state.length && config.every((one, i) => mayMean(one, held(i)))) return undefined;
  return config.map((one, i) => (i < state.length && mayMean(one, held(i)) ? held(i) : one));
}

/** Members in the state's own spelling where it has them. A provider that adds members of its own keeps them. */
function wantedSet(state: readonly Value[], config: readonly Value[], adds: boolean): readonly Value[] | undefined {
  const left = [...state];
  const rest = config.filter((one) => {
    const twin = left.findIndex((held) => mayMean(one, held));
    if (twin >= 0) left.splice(twin, 1);
    return twin < 0;
  });
  if (rest.length === 0 && (adds || left.length === 0)) return undefined;
  return [...state.filter((held) => adds || !left.includes(held)), ...rest];
}

/** Blocks in order: fewer than the state has may be defaults that nobody wrote, so only what is written is put over. */
function overList(state: readonly Value[], config: readonly Value[], place: Place, pending: Path[]): Value {
  if (config.length < state.length) return state;
  const wanted = config.map((one, i): Value => {
    if (i < state.length) return over(state[i] as Value, one, itemPlace(place, i), pending);
    pending.push(itemPlace(place, i).path);
    return one;
  });
  return wanted.length === state.length && wanted.every((one, i) => one === state[i]) ? state : wanted;
}

/** A written element that covers one of the state is that one; what is left over is new, or the one that was changed. */
function overSet(state: readonly Value[], config: readonly Value[], place: Place, pending: Path[]): Value {
  const item = itemPlace(place, 0);
  const left = [...state];
  const rest: Value[] = [];
  for (const one of config) {
    const twin = left.findIndex((held) => isCovered(held, one, item));
    if (twin >= 0) left.splice(twin, 1);
    else rest.push(one);
  }
  if (rest.length === 0) return state;
  pending.push(place.path);
  const changed = left[0];
  if (rest.length === 1 && left.length === 1 && changed !== undefined) {
    const wanted = over(changed, rest[0] as Value, item, []);
    return state.map((one) => (one === changed ? wanted : one));
  }
  return [...state, ...rest.map((one) => stripped(one, elementShape(place.shape)))];
}

/** Whether the state's element already is what is written. */
function isCovered(held: Value, written: Value, item: Place): boolean {
  return over(held, written, item, []) === held;
}

/** Null members of a written block say nothing. */
function stripped(value: Value, shape: Shape): Value {
  if (!isMap(value)) return value;
  const entries = Object.entries(value).filter(
    ([name, one]) => one !== null && (shape.kind !== 'object' || shape.members.has(name)),
  );
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as ValueMap;
}
