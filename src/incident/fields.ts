import { deeperThan, parseJsonText, plainNumbers } from '../model/json-text.ts';
import { isArray, isMap, type Value, type ValueMap } from '../model/value.ts';

/** Deeper than any alert or event nests. */
const DEEPEST = 24;

/** Reads one JSON object that somebody else wrote; undefined where it is none, or nests too deep. Numbers too long for a double come as text. */
export function readObject(text: string): ValueMap | undefined {
  const parsed = parseJsonText(text);
  if (!isMap(parsed) || deeperThan(parsed, DEEPEST)) return undefined;
  const plain = plainNumbers(parsed);
  return isMap(plain) ? plain : undefined;
}

/** The member of a map, where it is a map; else an empty one. */
export function mapAt(map: ValueMap, key: string): ValueMap {
  const value = memberOf(map, key);
  return isMap(value) ? value : {};
}

/** The maps in a list; [] where there is no list. */
export function mapsAt(map: ValueMap, key: string): readonly ValueMap[] {
  const value = memberOf(map, key);
  return isArray(value) ? value.filter(isMap) : [];
}

export function textsAt(map: ValueMap, key: string): readonly string[] {
  const value = memberOf(map, key);
  return isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Text, or a number or truth value written as text; null where there is none. */
export function textAt(map: ValueMap, key: string): string | null {
  const value = memberOf(map, key);
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

export function numberAt(map: ValueMap, key: string): number | null {
  const value = memberOf(map, key);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The first of several members that has text. */
export function firstText(map: ValueMap, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textAt(map, key);
    if (text !== null) return text;
  }
  return null;
}

/** Members of a map that are text, as pairs. */
export function pairsOf(map: ValueMap): (readonly [string, string])[] {
  return Object.keys(map).flatMap((key) => {
    const text = textAt(map, key);
    return text === null ? [] : [[key, text] as const];
  });
}

function memberOf(map: ValueMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
