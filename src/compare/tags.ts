import type { Value, ValueMap } from '../model/value.ts';
import { isEmpty, isMap } from '../model/value.ts';
import { mayMean } from './config-meaning.ts';

/** A resource's own tags, and the tags that provider defaults were merged into. */
export const TAGS = 'tags';
export const MERGED = 'tags_all';

/**
 * Whether the merged tags tell more than the own ones: then they are compared in their place, and told under `tags`, so
 * that tags which come from the provider's default_tags never alarm, and a change of one of those still shows.
 */
export function comparesMerged(declared: Value, live: Value): boolean {
  if (!isMap(declared) || !isMap(live) || !Object.hasOwn(declared, TAGS) || !Object.hasOwn(declared, MERGED))
    return false;
  const whole = (side: ValueMap): boolean => !isEmpty(side[MERGED]) || isEmpty(side[TAGS]);
  return whole(declared) && whole(live);
}

/**
 * The configuration's tags without those that the state knows as defaults of the provider with the same value: there the
 * provider takes them out of `tags`, which is no difference.
 */
export function withoutDefaults(written: Value, state: Value): Value {
  if (!isMap(written) || !isMap(state)) return written;
  const [own, merged] = [asMap(state[TAGS]), asMap(state[MERGED])];
  const kept: Record<string, Value> = Object.create(null);
  for (const [key, value] of Object.entries(written)) {
    const inherited = !Object.hasOwn(own, key) && Object.hasOwn(merged, key) && mayMean(value, merged[key] as Value);
    if (!inherited) kept[key] = value;
  }
  return kept;
}

/** Carries what the configuration changed in `tags` over to the merged tags. */
export function mergeTags(declared: Value, state: Value): Value {
  if (!isMap(declared) || !isMap(state) || declared[TAGS] === state[TAGS] || !isMap(state[MERGED])) return declared;
  const [before, after] = [asMap(state[TAGS]), asMap(declared[TAGS])];
  const merged: Record<string, Value> = Object.assign(Object.create(null), state[MERGED]);
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) delete merged[key];
  for (const [key, value] of Object.entries(after)) if (!Object.is(value, before[key])) merged[key] = value;
  return Object.assign(Object.create(null) as Record<string, Value>, declared, { [MERGED]: merged });
}

function asMap(value: Value | undefined): ValueMap {
  return isMap(value) ? value : {};
}
