import type { Cause, Change, Explanation } from '../model/drift.ts';
import { formatPath, type Path } from '../model/path.ts';
import { ANY, type Shape } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isEmpty } from '../model/value.ts';
import { isBookkeeping } from '../resources/bookkeeping.ts';
import { isFreeForm } from '../resources/free-form.ts';
import { below, type PlaceFacts } from './place-facts.ts';

/** Where in a resource the walk stands, and what is known of that place. */
export interface Place {
  readonly path: Path;
  readonly shape: Shape;
  readonly facts: PlaceFacts;
  /** Attribute names from the root, without indexes and keys of lists and sets. */
  readonly names: readonly string[];
  /** Inside a map whose keys and strings are the user's. */
  readonly free: boolean;
  /** The provider's own bookkeeping. */
  readonly computed: boolean;
  /** Inside a protection. */
  readonly guarded: boolean;
}

/** The same place of the declared side, the live side and the state. Declared is the state, corrected by configuration. */
export interface Sides {
  readonly declared: Value;
  readonly live: Value;
  readonly state: Value;
}

/** A difference before rules of the user and masks. */
export interface FoundChange {
  readonly place: Place;
  readonly op: Change['op'];
  readonly before: Value;
  readonly after: Value;
  readonly cause: Cause;
}

/** What a walk tells: differences, and the reasons for what it let pass. */
export interface Telling {
  change(change: FoundChange): void;
  explain(path: Path, rule: string, verdict: Explanation['verdict'], detail: string): void;
}

/** Keeps what a walk tells. */
export class Told implements Telling {
  readonly changes: FoundChange[] = [];
  readonly explanations: Explanation[] = [];

  change(change: FoundChange): void {
    this.changes.push(change);
  }

  explain(path: Path, rule: string, verdict: Explanation['verdict'], detail: string): void {
    this.explanations.push({ path: formatPath(path), rule, verdict, detail });
  }
}

/** The place of a whole resource. */
export function rootPlace(shape: Shape, facts: PlaceFacts): Place {
  return { path: [], shape, facts, names: [], free: false, computed: false, guarded: false };
}

/** The place of an attribute or map key below. */
export function memberPlace(place: Place, name: string): Place {
  const { shape } = place;
  const facts = below(place.facts, name);
  const inner = shape.kind === 'object' ? (shape.members.get(name) ?? ANY) : shape.kind === 'map' ? shape.element : ANY;
  const text = shape.kind === 'map' && inner.kind === 'scalar' && inner.type === 'string';
  const free = place.free || text || (inner.kind === 'any' && shape.kind !== 'map' && isFreeForm(name));
  return step(place, [...place.path, name], [...place.names, name], inner, facts, free);
}

/** The place of an element of a list. */
export function itemPlace(place: Place, index: number): Place {
  return step(place, [...place.path, index], place.names, elementShape(place.shape), place.facts, place.free);
}

/** The shape of what a list, set or map holds. */
export function elementShape(shape: Shape): Shape {
  return shape.kind === 'list' || shape.kind === 'set' || shape.kind === 'map' ? shape.element : ANY;
}

function step(
  place: Place,
  path: Path,
  names: readonly string[],
  shape: Shape,
  facts: PlaceFacts,
  free: boolean,
): Place {
  const significant = facts.significant === true;
  const unschemed = place.path.length === 0 && place.shape.kind === 'any' && isBookkeeping(names[0] ?? '');
  return {
    path,
    shape,
    facts,
    names,
    free,
    computed: !significant && (place.computed || shape.computed || facts.volatile === true || unschemed),
    guarded: place.guarded || facts.guard !== undefined,
  };
}

/** What a change does, seen from declared to live. */
export function opOf(before: Value, after: Value): Change['op'] {
  if (isEmpty(before) && !isEmpty(after)) return 'add';
  return isEmpty(after) && !isEmpty(before) ? 'remove' : 'replace';
}
