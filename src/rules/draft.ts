import type { ChangePredicate, SignedChange } from '../model/entry.ts';
import { parseJsonText, plainNumbers } from '../model/json-text.ts';
import { formatPath, parsePath, type Path } from '../model/path.ts';
import type { Clause, Plain, RuleKind } from '../model/rule.ts';
import { isArray, isEmpty, isMap, sameValue, type Value } from '../model/value.ts';
import { TAG_PLACES } from '../resources/tag-places.ts';
import { numberIn } from './conditions.ts';
import { openedToAll } from './draft-network.ts';
import { type Bounds, bound } from './margin.ts';
import { isMasked, isUnknown } from './places.ts';
import { inWords } from './words.ts';

type Demand = { readonly [name: string]: Value };

/** A rule that would have forbidden a change: its terms but for id, scope and severity. */
export interface Draft {
  readonly kind: RuleKind;
  /** The changed attribute that it was drafted from. */
  readonly path: string;
  readonly title: string;
  /** Members of the written form, beside id, kind, title, severity and scope. */
  readonly terms: Demand;
  /** How its bounds were chosen, in words. */
  readonly note: string | null;
}

/** Why an attribute gives no draft. */
export interface Undrafted {
  readonly path: string;
  readonly why: string;
}

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly undrafted: readonly Undrafted[];
}

/** Rules that would forbid what a change made live, the most telling kind of each attribute first. `bounds`: see margin. */
export function draftsOf(
  { driftKind, resource, paths }: Pick<ChangePredicate['change'], 'driftKind' | 'resource' | 'paths'>,
  bounds: Bounds,
): Drafts {
  if (driftKind !== 'changed') {
    const why = driftKind === 'missing' ? 'the resource is gone' : 'nothing declares the resource';
    return {
      drafts: [],
      undrafted: [{ path: '', why: `${why}, and no rule speaks of that: it is drift in every scan` }],
    };
  }
  const { address, type } = resource;
  const drafts: Draft[] = [];
  const undrafted: Undrafted[] = [];
  for (const change of paths.flatMap(leavesOf)) {
    if (!isReadable(change.before) || !isReadable(change.after)) {
      undrafted.push({ path: change.path, why: 'its values are secret or unknown, and no rule sees those' });
      continue;
    }
    const found = [...openedToAll(type, change), ...ofTag(change), ...ofValue(change, bounds), ...ofMember(change)];
    if (found.length === 0)
      undrafted.push({ path: change.path, why: 'no kind of rule says this exactly; write one by hand' });
    drafts.push(...found.map((draft) => ({ ...draft, path: change.path, title: `${address}: ${draft.title}` })));
  }
  return { drafts, undrafted };
}

type Leaf = Pick<SignedChange, 'path' | 'before' | 'after'>;
type Found = Omit<Draft, 'path'>;

/** A change inside a JSON document, taken apart to the values that moved; any other change as it is. */
function leavesOf({ path, before, after }: SignedChange): Leaf[] {
  const left: Value | undefined = documentIn(before);
  const right: Value | undefined = documentIn(after);
  const at = parsePath(path);
  if (left === undefined || right === undefined || at === undefined) return [{ path, before, after }];
  return movedIn(left, right, at);
}

function movedIn(before: Value, after: Value, path: Path): Leaf[] {
  if (sameValue(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [{ path: formatPath(path), before, after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    movedIn(member(before, key), member(after, key), [...path, key]),
  );
}

function member(value: { readonly [key: string]: Value }, key: string): Value {
  return Object.hasOwn(value, key) ? (value[key] as Value) : null;
}

function documentIn(value: Value): Value | undefined {
  const document = typeof value === 'string' ? parseJsonText(value) : undefined;
  return document === undefined ? undefined : plainNumbers(document);
}

function isReadable(value: Value): boolean {
  if (isMasked(value) || isUnknown(value)) return false;
  if (isArray(value)) return value.every(isReadable);
  return !isMap(value) || Object.values(value).every(isReadable);
}

/** A tag that is gone. */
function ofTag({ path, before, after }: Leaf): Found[] {
  const [place, tag, ...more] = parsePath(path) ?? [];
  const places: readonly string[] = TAG_PLACES;
  if (typeof place !== 'string' || !places.includes(place) || typeof tag !== 'string' || more.length > 0) return [];
  if (isEmpty(before) || !isEmpty(after)) return [];
  return [{ kind: 'tag', title: `the tag ${tag}`, terms: { tag }, note: null }];
}

/** A single value that moved. */
function ofValue({ path, before, after }: Leaf, bounds: Bounds): Found[] {
  if (!isPlain(before)) {
    if (!isEmpty(before) || !isPlain(after)) return [];
    const terms = { all: [{ path, is: after }] };
    return [{ kind: 'combination', title: `${path} is never ${inWords(after)}`, terms, note: null }];
  }
  if (!isPlain(after) && !isEmpty(after)) return [];
  const common = { path, ifUnset: 'violation' };
  const [from, to] = [numberIn(before), numberIn(after)];
  if (from !== undefined && (to !== undefined || isEmpty(after))) {
    const { limits, note } = bound(from, to, bounds);
    return [{ kind: 'range', title: `${path} within bounds`, terms: { ...common, ...limits }, note }];
  }
  return [{ kind: 'range', title: `${path} as declared`, terms: { ...common, oneOf: [before] }, note: null }];
}

/** A member of a set that came (it is forbidden) or went (its absence is). The path of such a change is the set's. */
function ofMember({ path, before, after }: Leaf): Found[] {
  if (isMap(after) && (isMap(before) || isEmpty(before))) {
    const all = clausesOf(after, []);
    if (all.length === 0 || all.length > MOST_CLAUSES) return [];
    return [
      {
        kind: 'combination',
        title: `no such member in ${path}`,
        terms: { each: `${path}[*]`, all: asValues(all) },
        note: null,
      },
    ];
  }
  if (isArray(before) && isArray(after)) {
    const came = after.filter((one) => !before.some((other) => sameValue(one, other))).filter(isPlain);
    if (came.length === 0) return [];
    return [
      { kind: 'combination', title: `nothing more in ${path}`, terms: { all: [{ path, is: came }] }, note: null },
    ];
  }
  return [];
}

const MOST_CLAUSES = 20;

/** What a block says, value by value. */
function clausesOf(value: Value, path: Path): Clause[] {
  if (isEmpty(value)) return [];
  if (isMap(value)) return Object.entries(value).flatMap(([name, inner]) => clausesOf(inner, [...path, name]));
  if (isArray(value)) return value.filter(isPlain).map((one) => ({ path: formatPath(path), is: [one] }));
  return isPlain(value) ? [{ path: formatPath(path), is: [value] }] : [];
}

function asValues(clauses: readonly Clause[]): Value {
  return JSON.parse(JSON.stringify(clauses)) as Value;
}

function isPlain(value: Value): value is Plain {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value !== '');
}
