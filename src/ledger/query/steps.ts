import type { SignedChange } from '../../model/entry.ts';
import type { ChangeEntry } from '../../model/picture.ts';
import { isArray, isMap, sameValue, type Value } from '../../model/value.ts';

const UNDONE = { add: 'remove', remove: 'add', replace: 'replace' } as const;

/**
 * What an entry itself did to live values. A drift entry tells all that differs from the declaration; where it continues
 * an earlier one, what differed before in the same way is no news, and what differs no longer was undone.
 */
export function stepsOf(entry: ChangeEntry, earlier: ChangeEntry | undefined): SignedChange[] {
  const { paths } = entry.statement.predicate.change;
  if (entry.kind !== 'drift' || earlier === undefined || earlier.kind !== 'drift') return [...paths];
  const left = new Map(earlier.statement.predicate.change.paths.map((change) => [memberOf(change), change]));
  const steps: SignedChange[] = [];
  for (const change of paths) {
    const known = left.get(memberOf(change));
    left.delete(memberOf(change));
    if (known === undefined) steps.push(change);
    else if (!sameValue(known.after, change.after)) steps.push({ ...change, before: known.after });
  }
  return [...steps, ...[...left.values()].map(undone)];
}

/** The way back. Nobody was asked who took it: the answer for the way there does not hold for it. */
export function undone({ who: _who, ...change }: SignedChange): SignedChange {
  return { ...change, op: UNDONE[change.op], before: change.after, after: change.before };
}

/**
 * What several steps, in order, come to. A value that was replaced goes from its first to its last; members of a set that
 * came and went again leave nothing.
 */
export function netOf(steps: readonly SignedChange[]): SignedChange[] {
  const byPath = new Map<string, SignedChange[]>();
  for (const step of steps) byPath.set(step.path, [...(byPath.get(step.path) ?? []), step]);
  return [...byPath.values()].flatMap((some) =>
    some.some(({ op }) => op === 'replace') ? replaced(some) : members(some),
  );
}

function replaced(steps: readonly SignedChange[]): SignedChange[] {
  const first = steps[0] as SignedChange;
  const last = steps.at(-1) as SignedChange;
  if (sameValue(first.before, last.after)) return [];
  return [{ ...last, op: 'replace', before: first.before, sensitive: steps.some(({ sensitive }) => sensitive) }];
}

function members(steps: readonly SignedChange[]): SignedChange[] {
  const left: SignedChange[] = [];
  for (const step of steps) {
    const back = left.findIndex((one) => one.op !== step.op && memberText(one) === memberText(step));
    if (back < 0) left.push(step);
    else left.splice(back, 1);
  }
  return left;
}

function memberOf(change: SignedChange): string {
  return change.op === 'replace' ? change.path : JSON.stringify([change.path, change.op, memberText(change)]);
}

function memberText({ op, before, after }: SignedChange): string {
  return JSON.stringify(sorted(op === 'add' ? after : before));
}

function sorted(value: Value): unknown {
  if (isArray(value)) return value.map(sorted);
  if (!isMap(value)) return typeof value === 'symbol' ? '(unknown)' : value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as Value)]),
  );
}
