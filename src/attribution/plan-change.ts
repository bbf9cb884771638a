import type { Change } from '../model/drift.ts';
import { type Path, parsePath } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import { DIRECTIONS } from '../resources/aws/audit-words.ts';
import { type AttributeName, attributeName } from './attribute-name.ts';
import { isMask, scalarText } from './wire-value.ts';

/** One value of a change, and what it is called. */
export interface WantedLeaf {
  readonly name: AttributeName;
  readonly value: Value;
  /** Stands in a list: others may stand beside it. */
  readonly several: boolean;
}

/**
 * A change as calls are held against it. Of objects and lists it is the difference that counts: `gained` is live and was
 * not, `lost` was and is not, `kept` stands on both sides and tells which of several objects is meant.
 */
export interface ChangePlan {
  readonly change: Change;
  readonly name: AttributeName;
  readonly kind: 'scalar' | 'list' | 'element';
  readonly gained: readonly WantedLeaf[];
  readonly lost: readonly WantedLeaf[];
  readonly kept: readonly WantedLeaf[];
  /** Of a set of rules with two directions: calls on the other one are not meant. */
  readonly opposite: string | undefined;
  readonly egress: boolean | undefined;
}

export function planOf(change: Change): ChangePlan {
  const path: Path = parsePath(change.path) ?? [change.path];
  const name = attributeName(path);
  const before = flatten(change.before, path, false);
  const after = flatten(change.after, path, false);
  // What came or went as a whole has nothing on the other side to be told apart from.
  const has = (leaves: readonly WantedLeaf[], others: readonly WantedLeaf[]): ((leaf: WantedLeaf) => boolean) => {
    if (leaves.length === 0 || others.length === 0) return () => false;
    const keys = new Set(leaves.map(keyOf));
    return (leaf) => keys.has(keyOf(leaf));
  };
  const [inBefore, inAfter] = [has(before, after), has(after, before)];
  const both: readonly Value[] = [change.before, change.after];
  const direction = name.names
    .map((one) => (Object.hasOwn(DIRECTIONS, one) ? DIRECTIONS[one] : undefined))
    .find(Boolean);
  return {
    change,
    name,
    kind: both.some((value) => holdsMap(value)) ? 'element' : both.some((value) => isArray(value)) ? 'list' : 'scalar',
    gained: after.filter((leaf) => !inBefore(leaf)),
    lost: before.filter((leaf) => !inAfter(leaf)),
    kept: after.filter(inBefore),
    opposite: direction?.opposite,
    egress: direction?.egress,
  };
}

/** Whether a value says no more than what an unset member is. */
export function saysNothing(value: Value): boolean {
  return isEmpty(value) || value === false || value === 0;
}

function holdsMap(value: Value): boolean {
  return isMap(value) || (isArray(value) && value.some((item) => holdsMap(item)));
}

function keyOf({ name, value }: WantedLeaf): string {
  return JSON.stringify([name.names, name.key ?? '', isMask(value) ? value : scalarText(value)]);
}

function flatten(value: Value, path: Path, several: boolean): readonly WantedLeaf[] {
  if (isArray(value)) return value.flatMap((item) => flatten(item, path, true));
  if (isMap(value)) return Object.entries(value).flatMap(([key, member]) => flatten(member, [...path, key], several));
  return isEmpty(value) || typeof value === 'symbol' ? [] : [{ name: attributeName(path), value, several }];
}
