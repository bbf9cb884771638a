import type { Path, Step } from '../model/path.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';

interface Wrapped extends ValueMap {
  readonly value: Value;
  readonly type: Value;
}

/**
 * A state writes an attribute whose type the schema leaves open as {value, type}, and only the schema says which
 * attributes those are. Source: go-cty's JSON serialisation of DynamicPseudoType.
 */
function isWrapped(value: Value | undefined): value is Wrapped {
  if (!isMap(value) || Object.keys(value).length !== 2 || !Object.hasOwn(value, 'value')) return false;
  const { type } = value;
  return isArray(type) || type === 'string' || type === 'number' || type === 'bool';
}

/**
 * Attributes as an expression sees them: wrapped values without their wrapping. Where an object of text might just as
 * well be what it looks like, it is UNKNOWN.
 */
export function unwrapped(value: Value): Value {
  if (isArray(value)) return value.map(unwrapped);
  if (!isMap(value)) return value;
  if (isWrapped(value)) return isArray(value.type) ? unwrapped(value.value) : UNKNOWN;
  const map: { [key: string]: Value } = Object.create(null);
  for (const [key, member] of Object.entries(value)) map[key] = unwrapped(member);
  return map;
}

/** Where a path of the decoded value lies in the JSON of the state: below `value` in what is wrapped. */
export function rawPath(attributes: ValueMap, path: Path): Path {
  const raw: Step[] = [];
  let here: Value | undefined = attributes;
  for (const step of path) {
    if (raw.length > 0 && isWrapped(here)) {
      raw.push('value');
      here = here.value;
    }
    raw.push(step);
    here = memberOf(here, step);
  }
  return raw;
}

function memberOf(value: Value | undefined, step: Step): Value | undefined {
  if (isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
