import type { SignedChange } from '../model/entry.ts';
import { parsePath } from '../model/path.ts';
import { isArray, isMap, UNKNOWN, type Value } from '../model/value.ts';

/** One leaf (or list of plain values) that a change moved, with its place: names joined by dots, without indexes. */
export interface LeafMove {
  readonly place: string;
  readonly field: string;
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
}

const DEEPEST = 32;
const MASK = /^hmac-sha256:/;

/** Whether nothing can be told of a value: it is masked or not known. */
export function isHidden(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (isArray(value)) return value.some(isHidden);
  if (isMap(value)) return value.$unknown === true || Object.values(value).some(isHidden);
  return typeof value === 'string' && MASK.test(value);
}

/** Every leaf that a change moved, blocks and maps taken apart on both sides. */
export function leafMoves({ path, before, after }: SignedChange): LeafMove[] {
  const names = (parsePath(path) ?? []).filter((step) => typeof step === 'string') as string[];
  return walk(names, path, before, after, 0);
}

function walk(names: readonly string[], path: string, before: Value, after: Value, depth: number): LeafMove[] {
  const left: Value = single(before);
  const right: Value = single(after);
  if ((isMap(left) || isMap(right)) && depth < DEEPEST) {
    const keys = new Set([...(isMap(left) ? Object.keys(left) : []), ...(isMap(right) ? Object.keys(right) : [])]);
    return [...keys].flatMap((key) =>
      walk(
        [...names, key],
        path === '' ? key : `${path}.${key}`,
        isMap(left) ? (left[key] ?? null) : null,
        isMap(right) ? (right[key] ?? null) : null,
        depth + 1,
      ),
    );
  }
  return [{ place: names.join('.'), field: names.at(-1) ?? '', path, before, after }];
}

/** A nested block that may stand once is a list of one object. */
function single(value: Value): Value {
  return isArray(value) && value.length === 1 && isMap(value[0]) ? value[0] : value;
}

/** Whether a place is one that data names: itself, or below blocks by its last names. */
export function isPlace(place: string, wanted: readonly string[] | undefined): boolean {
  return wanted?.some((one) => place === one || place.endsWith(`.${one}`)) === true;
}
