import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { losslessNumber } from './json.ts';

/** Sets are arrays too; which arrays are sets is kept beside them, for the few places where it matters. */
const sets = new WeakSet<object>();

/** Makes a set of values: each once, text and numbers in Terraform's order. UNKNOWN where a member is not known. */
export function makeSet(values: readonly Value[]): Value {
  if (values.some((value) => value === UNKNOWN || isContainer(value))) return UNKNOWN;
  const unified = unifyPrimitives(values);
  const set = [...new Set(unified)].sort(byPrimitive);
  sets.add(set);
  return set;
}

/** Whether an array came out of makeSet: it then has no indexes, and its keys are its members. */
export function isSet(value: Value): boolean {
  return isArray(value) && sets.has(value);
}

/** Primitives of different types become text, as Terraform unifies them. */
export function unifyPrimitives(values: readonly Value[]): readonly Value[] {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size <= 1 || values.some(isContainer)) return values;
  return values.map((value) => (value === null || value === UNKNOWN ? value : toText(value)));
}

/**
 * The chosen branch of a conditional, brought to the one type that both branches have: beside text, a number becomes
 * text. Objects and tuples of one shape unify member by member; others become maps and lists of one element type.
 */
export function unifyWith(chosen: Value, other: Value): Value {
  if (other === null || other === UNKNOWN || chosen === null || chosen === UNKNOWN || isSet(chosen)) return chosen;
  if (isArray(chosen) && isArray(other)) {
    if (chosen.length === other.length) return chosen.map((item, i) => unifyWith(item, other[i] ?? null));
    return unifyAll(chosen, other).slice(0, chosen.length);
  }
  if (isMap(chosen) && isMap(other)) {
    const keys = Object.keys(chosen);
    const alike = keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key));
    const values = alike
      ? keys.map((key) => unifyWith(chosen[key] ?? null, other[key] ?? null))
      : unifyAll(Object.values(chosen), Object.values(other));
    const unified: { [key: string]: Value } = Object.create(null);
    for (const [i, key] of keys.entries()) unified[key] = values[i] ?? null;
    return unified;
  }
  return isContainer(chosen) || isContainer(other) ? chosen : (unifyPrimitives([chosen, other])[0] ?? null);
}

function unifyAll(chosen: readonly Value[], other: readonly Value[]): readonly Value[] {
  return unifyPrimitives([...chosen, ...other]);
}

export function isContainer(value: Value): value is readonly Value[] | ValueMap {
  return typeof value === 'object' && value !== null;
}

/** As `tostring`, but null is UNKNOWN: nothing may be made of it. */
export function toText(value: Value): string | typeof UNKNOWN {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return UNKNOWN;
  const text = String(value);
  // Terraform writes all digits where JavaScript turns to an exponent.
  return /^-?[\d.]+$/.test(text) ? text : UNKNOWN;
}

/** As `tonumber`; UNKNOWN also where a double would lose digits. */
export function toNumber(value: Value): number | typeof UNKNOWN {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)) return UNKNOWN;
  const number = losslessNumber(value);
  return typeof number === 'number' ? number : UNKNOWN;
}

/** As `tobool`. */
export function toBool(value: Value): boolean | typeof UNKNOWN {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : UNKNOWN;
}

/** Terraform's order of text is that of its UTF-8 bytes, which is that of code points. */
export function byText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byPrimitive(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return byText(String(a), String(b));
}
