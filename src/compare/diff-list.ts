import type { Value } from '../model/value.ts';
import { isArray } from '../model/value.ts';
import { type Place, type Sides, type Telling, itemPlace } from './change.ts';
import { causeAt, meaningAt, sameAt } from './same.ts';
import { diffSet } from './diff-set.ts';

type Diff = (sides: Sides, place: Place, telling: Telling) => void;

/** Cells of the alignment table; larger lists are told apart as sets are. */
const LARGEST = 1_000_000;

/**
 * Compares two lists. The same elements in another order are one change. Of equal length, element meets element. Otherwise
 * both are aligned by their longest common subsequence, so that one insertion is one change.
 */
export function diffList(sides: Sides, place: Place, telling: Telling, diff: Diff): void {
  const declared = isArray(sides.declared) ? sides.declared : [];
  const live = isArray(sides.live) ? sides.live : [];
  const item = itemPlace(place, 0);
  const a = declared.map((one) => meaningAt(one, item));
  const b = live.map((one) => meaningAt(one, item));
  if (isReordered(a, b)) {
    telling.change({ place, op: 'replace', before: sides.declared, after: sides.live, cause: causeAt(sides, place) });
    return;
  }
  if (a.length === b.length) {
    const state = stateFor(sides);
    declared.forEach((one, i) => {
      const inner: Sides = { declared: one, live: live[i] as Value, state: state(i) };
      diff(inner, itemPlace(place, i), telling);
    });
    return;
  }
  if (a.length * b.length > LARGEST) {
    diffSet(sides, place, telling, diff);
    return;
  }
  const state = stateFor(sides);
  for (const run of runs(a, b)) {
    const pairs = Math.min(run.aEnd - run.a, run.bEnd - run.b);
    for (let i = 0; i < pairs; i++) {
      const at = run.a + i;
      const inner: Sides = { declared: declared[at] as Value, live: live[run.b + i] as Value, state: state(at) };
      diff(inner, itemPlace(place, at), telling);
    }
    for (let i = run.a + pairs; i < run.aEnd; i++) tellOne(declared[i] as Value, i, 'remove', sides, place, telling);
    for (let i = run.b + pairs; i < run.bEnd; i++) tellOne(live[i] as Value, i, 'add', sides, place, telling);
  }
}

function tellOne(one: Value, index: number, op: 'add' | 'remove', sides: Sides, place: Place, telling: Telling): void {
  const at = itemPlace(place, index);
  const remembered =
    sides.state === sides.declared
      ? op === 'remove'
      : isArray(sides.state) && sides.state.some((other) => sameAt(other, one, at));
  const before: Value = op === 'add' ? null : one;
  const after: Value = op === 'add' ? one : null;
  const outside = op === 'add' ? !remembered : remembered;
  telling.change({ place: at, op, before, after, cause: outside ? 'out-of-band' : 'unapplied' });
}

/** The state's element for a declared index: the same one, where both lists go together. */
function stateFor(sides: Sides): (index: number) => Value {
  const { state } = sides;
  return (index) => (isArray(state) ? (state[index] ?? null) : null);
}

function isReordered(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): boolean {
  if (a.length !== b.length || a.length < 2 || a.includes(undefined)) return false;
  const [left, right] = [[...a].sort(), [...b].sort()];
  return left.every((one, i) => one === right[i]) && a.some((one, i) => one !== b[i]);
}

interface Run {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** The stretches between common elements, in order. Hunt-Szymanski is not needed: lists here are short. */
function* runs(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): Iterable<Run> {
  const common = longestCommon(a, b);
  let [i, j] = [0, 0];
  for (const [x, y] of [...common, [a.length, b.length] as const]) {
    if (x > i || y > j) yield { a: i, aEnd: x, b: j, bEnd: y };
    [i, j] = [x + 1, y + 1];
  }
}

function longestCommon(
  a: readonly (string | undefined)[],
  b: readonly (string | undefined)[],
): (readonly [number, number])[] {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const cell = (i: number, j: number): number => table[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = a[i] !== undefined && a[i] === b[j];
      table[i * width + j] = same ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] !== undefined && a[i] === b[j]) pairs.push([i++, j++]);
    else if (cell(i + 1, j) >= cell(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
