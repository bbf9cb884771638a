import { parseJsonText, plainNumbers } from '../model/json-text.ts';
import type { Path } from '../model/path.ts';
import { type PathPattern, parsePathPattern } from '../model/path-pattern.ts';
import { isArray, isEmpty, isMap, UNKNOWN, type Value } from '../model/value.ts';

/** A value at a place that a pattern names. */
export interface Found {
  readonly path: Path;
  readonly value: Value;
}

const patterns = new Map<string, PathPattern>();

/** The parsed form of a path that the schema of rules let through. */
export function patternOf(text: string): PathPattern {
  const known = patterns.get(text) ?? parsePathPattern(text) ?? [];
  patterns.set(text, known);
  return known;
}

/**
 * What stands at the places that a pattern names. A name that meets a list goes into each of its members, so that
 * `disk.size` is `disk[*].size`; a name or an index that meets a string with JSON in it goes on in there.
 */
function placesAt(value: Value, pattern: PathPattern): Found[] {
  let row: Found[] = [{ path: [], value }];
  for (const step of pattern) {
    row = row.flatMap((here): Found[] => {
      // What lies below a secret cannot be seen: the secret itself stands for it, so that it is never taken for unset.
      if (isMasked(here.value) || isUnknown(here.value)) return [here];
      if (step.kind === 'index') {
        return members(here).filter(({ path }) => step.index === '*' || path.at(-1) === step.index);
      }
      return ownersOf(here).flatMap((owner) =>
        isMap(owner.value)
          ? Object.entries(owner.value)
              .filter(([name]) => step.matches(name))
              .map(([name, member]) => ({ path: [...owner.path, name], value: member }))
          : [],
      );
    });
  }
  return row;
}

/** The same, down to single values: lists at the places are taken apart, and what nobody set is left out. */
export function leavesAt(value: Value, pattern: PathPattern): Found[] {
  return placesAt(value, pattern).flatMap(apart);
}

/** The members that clauses are held against one by one: of lists, sets and maps alike. */
export function membersAt(value: Value, pattern: PathPattern): Found[] {
  return placesAt(value, pattern).filter((one) => !isEmpty(one.value));
}

/** A text as a mask is written. */
const MASK = /^hmac-sha256:[^:]+:[0-9a-f]{64}$/;

/** A secret whose digest stands in its place. */
export function isMasked(value: Value): boolean {
  return typeof value === 'string' && MASK.test(value);
}

/** What nobody knows before an apply; documents of a ledger spell it out. */
export function isUnknown(value: Value): boolean {
  return value === UNKNOWN || (isMap(value) && value.$unknown === true);
}

function ownersOf(here: Found): Found[] {
  const value = opened(here.value);
  return isArray(value) ? members({ ...here, value }) : [{ ...here, value }];
}

function members({ path, value }: Found): Found[] {
  const list = opened(value);
  return isArray(list) ? list.map((member, i) => ({ path: [...path, i], value: member })) : [];
}

function opened(value: Value): Value {
  const document = typeof value === 'string' ? parseJsonText(value) : undefined;
  return document === undefined ? value : plainNumbers(document);
}

function apart(found: Found): Found[] {
  if (isArray(found.value)) return members(found).flatMap(apart);
  return isEmpty(found.value) ? [] : [found];
}
