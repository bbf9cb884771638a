import { formatPath, parsePath, type Path } from '../model/path.ts';
import type { Clause, Condition, NotAssessed, Plain } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import { isNeverRead } from '../resources/never-read.ts';
import { isLike } from './like.ts';
import { type Found, isMasked, isUnknown, leavesAt, patternOf } from './places.ts';
import { inWords } from './words.ts';

/** What keeps values from being compared. */
export interface Sight {
  /** Of a value that was found; undefined where nothing does. */
  of(found: Found): NotAssessed | undefined;
  /** Of a place at which nothing was found. */
  at(path: string): NotAssessed | undefined;
}

/** Whether something holds. `unseen`: it would depend on a value that cannot be seen, and why. */
export type Held =
  | { readonly held: true; readonly by: Found | undefined; readonly words: string }
  | { readonly held: false }
  | { readonly held: 'unseen'; readonly why: NotAssessed };

/** The sight of one resource type, from a member of it (`below`) where the paths begin there. */
export function sightOf(type: string, below: Path = []): Sight {
  const neverRead = (path: Path): NotAssessed | undefined => {
    const names = [...below, ...path].filter((step) => typeof step === 'string');
    return isNeverRead(type, names) ? 'never-read' : undefined;
  };
  return {
    of: ({ path, value }) => {
      if (isMasked(value)) return 'secret';
      return isUnknown(value) ? 'unknown' : neverRead(path);
    },
    at: (path) => neverRead(parsePath(path.replaceAll('[*]', '')) ?? []),
  };
}

/** A number, or a text that is one in full. */
export function numberIn(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value.trim())) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether two plain values are the same; a text that spells a number or a truth value is that. */
export function samePlain(value: Value, wanted: Plain): boolean {
  if (value === wanted) return true;
  if (typeof wanted === 'number') return numberIn(value) === wanted;
  if (typeof wanted === 'boolean') return value === String(wanted);
  return (typeof value === 'number' || typeof value === 'boolean') && String(value) === wanted;
}

/** Whether a clause holds of a value. Three-valued (Kleene): what cannot be seen decides nothing that the rest decides. */
export function holds(clause: Clause, value: Value, sight: Sight): Held {
  if (!('any' in clause)) return conditionHolds(clause, value, sight);
  let why: NotAssessed | undefined;
  for (const one of clause.any) {
    const held = conditionHolds(one, value, sight);
    if (held.held === true) return held;
    if (held.held === 'unseen') why ??= held.why;
  }
  return why === undefined ? { held: false } : { held: 'unseen', why };
}

function conditionHolds(condition: Condition, value: Value, sight: Sight): Held {
  const leaves = leavesAt(value, patternOf(condition.path));
  if (condition.set !== undefined) return setHolds(condition, leaves, sight);
  const { not } = condition;
  if (not !== undefined) {
    if (leaves.some((leaf) => sight.of(leaf) === undefined && not.some((one) => samePlain(leaf.value, one)))) {
      return { held: false };
    }
    const hidden = firstUnseen(condition.path, leaves, sight);
    if (hidden !== undefined) return { held: 'unseen', why: hidden };
    const [by] = leaves;
    return { held: true, by, words: by === undefined ? `${condition.path} is not set` : wordsOf(by) };
  }
  const by = leaves.find((leaf) => sight.of(leaf) === undefined && fits(leaf.value, condition));
  if (by !== undefined) return { held: true, by, words: wordsOf(by) };
  const hidden = firstUnseen(condition.path, leaves, sight);
  return hidden === undefined ? { held: false } : { held: 'unseen', why: hidden };
}

/** That something is set, a masked value says as well; one that is never read or not known says nothing. */
function setHolds({ path, set }: Condition, leaves: readonly Found[], sight: Sight): Held {
  const seen = leaves.find((leaf) => [undefined, 'secret'].includes(sight.of(leaf)));
  if (seen !== undefined) {
    return set === true ? { held: true, by: seen, words: `${formatPath(seen.path)} is set` } : { held: false };
  }
  const hidden = firstUnseen(path, leaves, sight);
  if (hidden !== undefined) return { held: 'unseen', why: hidden };
  return set === true ? { held: false } : { held: true, by: undefined, words: `${path} is not set` };
}

function fits(value: Value, { is, atLeast, atMost, like }: Condition): boolean {
  if (is !== undefined) return is.some((one) => samePlain(value, one));
  if (like !== undefined) return typeof value === 'string' && isLike(value, like);
  const number = numberIn(value);
  if (number === undefined) return false;
  return atLeast === undefined ? number <= (atMost as number) : number >= atLeast;
}

function firstUnseen(path: string, leaves: readonly Found[], sight: Sight): NotAssessed | undefined {
  if (leaves.length === 0) return sight.at(path);
  for (const leaf of leaves) {
    const why = sight.of(leaf);
    if (why !== undefined) return why;
  }
  return undefined;
}

function wordsOf({ path, value }: Found): string {
  return `${formatPath(path)} is ${inWords(value)}`;
}
