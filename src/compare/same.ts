import type { Cause } from '../model/drift.ts';
import type { Shape } from '../model/shape.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { normalise } from './normalise.ts';
import { elementShape, type Place, type Sides } from './change.ts';
import { below, type PlaceFacts } from './place-facts.ts';

/** One text for all values that say the same at that place. Undefined where something inside is unknown. */
export function meaningAt(value: Value, place: Place): string | undefined {
  return canonicalText(nothing(normalise(value, place.shape, place.facts, place.free)));
}

/** Whether two values say the same at that place. */
export function sameAt(a: Value, b: Value, place: Place): boolean {
  if (a === b && typeof a !== 'symbol') return true;
  const meaning = meaningAt(a, place);
  return meaning !== undefined && meaning === meaningAt(b, place);
}

/** Why two sides differ, from what the state says of the same place. */
export function causeAt(sides: Sides, place: Place): Cause {
  if (sides.state === sides.declared || sameAt(sides.state, sides.declared, place)) return 'out-of-band';
  return sameAt(sides.state, sides.live, place) ? 'unapplied' : 'both';
}

/** The whole-value form of "nobody set it": null, "", [] and {} are one, except for the strings of a user's map. */
function nothing(value: Value): Value {
  return value !== '' && isEmpty(value) ? null : value;
}

/**
 * Whether live shows only what an unset attribute looks like when the service spells it out: false, 0, or a block in
 * which everything is unset or off. A protection whose default is on is never "only spelled out" by false. A block that
 * has no scalar of its own means something by being there (`allow {}`), so it does not count.
 */
export function spellsOutNothing(live: Value, shape: Shape, facts: PlaceFacts): boolean {
  if (live === false || live === 0) return facts.guard !== 'on';
  if (isEmpty(live)) return true;
  if (isArray(live)) return live.length === 1 && isMap(live[0]) && hollow(live[0], elementShape(shape), facts);
  return isMap(live) && hollow(live, shape, facts);
}

function hollow(block: ValueMap, shape: Shape, facts: PlaceFacts): boolean {
  if (shape.kind === 'map') return false;
  const names = Object.keys(block);
  const spelled = names.some((name) => block[name] === false || block[name] === 0);
  return (
    spelled &&
    facts.guard !== 'on' &&
    names.every((name) => {
      const inner = shape.kind === 'object' ? shape.members.get(name) : undefined;
      return inner?.computed === true || spellsOutNothing(block[name] as Value, inner ?? shape, below(facts, name));
    })
  );
}

/** A value without what only the provider sets, to tell set elements apart by what was declared. */
export function declaredPart(value: Value, shape: Shape): Value {
  if (shape.kind === 'object' && isMap(value)) {
    const kept: Record<string, Value> = Object.create(null);
    for (const [name, member] of Object.entries(value)) {
      const inner = shape.members.get(name);
      if (inner?.computed !== true) kept[name] = inner === undefined ? member : declaredPart(member, inner);
    }
    return kept;
  }
  if ((shape.kind === 'list' || shape.kind === 'set') && isArray(value)) {
    return value.map((item) => declaredPart(item, shape.element));
  }
  return value;
}
