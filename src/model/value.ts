/**
 * A value that configuration mentions but nobody can compute before apply (Terraform's "known after apply"), or an
 * expression that we do not evaluate. It is a value, not an absence: it never compares as a difference.
 */
export const UNKNOWN: unique symbol = Symbol('unknown');

/** A map or an object of a Terraform value. Always made with a null prototype or checked with Object.hasOwn. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/**
 * A Terraform value after decoding, whatever it was encoded in (state JSON, plan JSON, msgpack of the plugin protocol).
 * Sets, lists and tuples are arrays; which of the three it is, the schema's type says. A number that does not fit a
 * double is a decimal string, as in the plugin protocol's msgpack.
 */
export type Value = null | boolean | number | string | typeof UNKNOWN | readonly Value[] | ValueMap;

/** Tells a map or object apart from arrays and scalars. */
export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells an array (list, set or tuple) apart; Array.isArray alone does not narrow readonly arrays. */
export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** null, "", [], {} and a missing key: what Terraform writes for something that nobody set. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

/** Exact structural equality; an array is an ordered list here. Two unknowns are not equal: nothing is known of them. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (a === b) return true;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

/** Whether an unknown stands anywhere inside. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isArray(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}
