import { ANY, type Shape } from '../model/shape.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import { isFreeForm } from '../resources/free-form.ts';
import { protocolName } from '../resources/protocols.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { coerce } from '../terraform/coerce.ts';
import { below, NO_FACTS, type PlaceFacts } from './place-facts.ts';
import { meaningOf } from './text-meaning.ts';

/**
 * Brings a value to one form, so that values which say the same are the same: scalars in the schema's type; members of
 * objects that hold nothing (null, "", [], {}) left out; sets, and lists whose order says nothing, sorted; strings that
 * hold documents by their meaning. In a map whose keys the user chooses, nothing but a null is left out and a string stays
 * as it is. Idempotent; loses nothing that the schema can tell apart.
 */
export function normalise(value: Value, shape: Shape, facts: PlaceFacts = NO_FACTS, free = false): Value {
  if (value === null || typeof value === 'symbol') return value;
  switch (shape.kind) {
    case 'scalar':
      return scalar(coerce(value, shape.type), facts, free);
    case 'object':
      return isMap(value) ? object(value, (name) => shape.members.get(name) ?? ANY, facts) : value;
    case 'map':
      return isMap(value) ? map(value, shape.element, facts, isText(shape.element)) : value;
    case 'list':
    case 'set': {
      if (!isArray(value)) return value;
      const items = value.map((item) => normalise(item, shape.element, facts, free));
      return shape.kind === 'set' || facts.unordered === true ? sorted(items) : items;
    }
    default:
      return byLook(value, facts, free);
  }
}

/** Without a schema, a value is what it looks like. */
function byLook(value: Value, facts: PlaceFacts, free: boolean): Value {
  if (isArray(value)) {
    const items = value.map((item) => normalise(item, ANY, facts, free));
    return facts.unordered === true ? sorted(items) : items;
  }
  if (!isMap(value)) return scalar(value, facts, free);
  return free ? map(value, ANY, facts, true) : object(value, () => ANY, facts);
}

function scalar(value: Value, facts: PlaceFacts, free: boolean): Value {
  if (typeof value !== 'string') return value;
  if (facts.protocol === true) return protocolName(value);
  return free ? value : meaningOf(value);
}

function object(value: ValueMap, shapeOf: (name: string) => Shape, facts: PlaceFacts): Value {
  const kept: Record<string, Value> = Object.create(null);
  for (const name of Object.keys(value)) {
    const shape = shapeOf(name);
    const member = normalise(value[name] as Value, shape, below(facts, name), shape.kind === 'any' && isFreeForm(name));
    if (!isEmpty(member)) kept[name] = member;
  }
  return kept;
}

function map(value: ValueMap, element: Shape, facts: PlaceFacts, free: boolean): Value {
  const kept: Record<string, Value> = Object.create(null);
  for (const key of Object.keys(value)) {
    const member = normalise(value[key] as Value, element, below(facts, key), free);
    if (member !== null) kept[key] = member;
  }
  return kept;
}

function isText(shape: Shape): boolean {
  return shape.kind === 'scalar' && shape.type === 'string';
}

/** Sorts by one text for all equal values; what is not known goes last, in the order in which it came. */
function sorted(items: readonly Value[]): Value {
  const keyed = items.map((item) => [canonicalText(item) ?? '\uffff', item] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}
