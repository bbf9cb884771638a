import type { Change, Drift } from '../model/drift.ts';
import { deeperThan } from '../model/json-text.ts';
import { formatPath, type Path } from '../model/path.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { DeclaredResource, Gap, LiveAnswer } from '../model/resource.ts';
import { type Shape, shapeOf } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isArray, isEmpty, isMap } from '../model/value.ts';
import { coerce } from '../terraform/coerce.ts';
import { bandOf } from './bands.ts';
import { type FoundChange, memberPlace, type Place, rootPlace, type Sides, Told } from './change.ts';
import type { CompareContext, Comparison } from './context.ts';
import { diff, member } from './diff.ts';
import { missingSetAside, setAside } from './set-aside.ts';
import { type Masks, masksFor } from './masking.ts';
import { type Overlaid, overlay } from './overlay.ts';
import { subtractOwned } from './ownership.ts';
import { factsOf, type TypeFacts } from './place-facts.ts';
import { comparesMerged, MERGED, mergeTags, TAGS, withoutDefaults } from './tags.ts';

export type FoundAnswer = Extract<LiveAnswer, { kind: 'found' }>;

/** No configuration is deeper; a value that is comes from somebody who wants to exhaust the stack. */
const DEEPEST = 256;

/**
 * Compares one resource that was found: what its state and its configuration declare against what is live. Pure: the same
 * input gives the same answer. Errors: E_CONFIG where an ignore rule's path is no path.
 */
export function compareResource(answer: FoundAnswer, context: CompareContext): Comparison {
  const { resource, prior, live, schema } = answer;
  const { ref } = resource;
  if (!isSound(prior) || !isSound(live)) {
    const message = 'the value is no object, or nested too deep to be compared';
    return nothing([{ address: ref.address, workspace: ref.workspace, reason: 'undecodable', message }]);
  }
  const facts = factsOf(context.facts, ref.type);
  const told = new Told();
  const root = rootPlace(shapeOf(schema), facts.root);
  const wanted = configured(answer, root);
  const all: Sides = { declared: mergeTags(wanted.value, prior), live, state: prior };
  const parent = { resource, aggregates: facts.aggregates, siblings: context.siblings, telling: told };
  const { sides, gaps } = subtractOwned(all, parent);
  compareMembers(sides, root, told);

  const found = settle(told, all, facts, context);
  behind(wanted.pending, told);
  const declared = found.filter((change) => !change.place.computed);
  const computed = found.filter((change) => change.place.computed);
  const { kept, ignored } = setAside(declared, resource, context, told);
  for (const change of kept) told.explain(change.place.path, change.cause, 'drift', CAUSES[change.cause]);
  for (const change of computed)
    told.explain(change.place.path, 'bookkeeping', 'computed', 'only the provider sets it');

  const rest = { gaps, ignored, explanations: told.explanations };
  const wantsDocuments = kept.length > 0 || context.documentsOf?.(ref) === true;
  if (found.length === ignored.length && !wantsDocuments) return { ...nothing(gaps), ...rest };
  const marks = resource.state?.sensitive ?? [];
  const masks = masksFor([prior, live, all.declared], schema, marks, ref.type, context.redact);
  const document = (side: Value): Value => masks.value(side, [], root.shape).masked;
  return {
    drift: driftOf(resource, kept, masks),
    computed: driftOf(resource, computed, masks),
    documents: wantsDocuments ? { declared: document(all.declared), live: document(live) } : undefined,
    ...rest,
  };
}

/**
 * What is told of a declared resource that is not there. An ignore rule covers it only where it says `missing: true`. A
 * resource that declares nothing but "off" is the same as none.
 */
export function missingResource(
  resource: DeclaredResource,
  schema: ResourceSchema | undefined,
  context: CompareContext,
): Comparison {
  const { ref, state } = resource;
  const facts = factsOf(context.facts, ref.type);
  const told = new Told();
  const value: Value = state?.attributes ?? null;
  const off = facts.nothingWhenOff;
  if (off.length > 0 && off.every((name) => isOff(member(value, name)))) {
    told.explain([], 'nothing-when-off', 'equal', 'all that it declares is off, which is the same as not being there');
    return { ...nothing([]), explanations: told.explanations };
  }
  const ignored = missingSetAside(resource, context, told);
  if (ignored.length > 0) return { ...nothing([]), ignored, explanations: told.explanations };
  told.explain([], 'missing', 'drift', 'the live side was able to look, and the object is gone');
  const masks = masksFor([value], schema, state?.sensitive ?? [], ref.type, context.redact);
  const document = masks.value(value, [], shapeOf(schema)).masked;
  return {
    ...nothing([]),
    drift: { kind: 'missing', resource: ref, changes: [] },
    documents: { declared: document, live: null },
    explanations: told.explanations,
  };
}

const CAUSES = {
  'out-of-band': 'live differs from what was last applied',
  unapplied: 'the configuration differs from what was last applied, and live does not',
  both: 'configuration and live each differ from what was last applied',
  unknown: 'live differs from what is declared',
} as const;

function nothing(gaps: readonly Gap[]): Comparison {
  return { drift: undefined, computed: undefined, gaps, ignored: [], documents: undefined, explanations: [] };
}

function isSound(value: Value): boolean {
  return isMap(value) && !deeperThan(value, DEEPEST);
}

/** The state as the configuration wants it. */
function configured(answer: FoundAnswer, root: Place): Overlaid {
  const { prior, resource, schema } = answer;
  const values = resource.config?.values;
  if (values === undefined || deeperThan(values, DEEPEST)) return { value: prior, pending: [] };
  const typed = schema === undefined ? values : coerce(values, schema.block);
  const written: Record<string, Value> = Object.create(null);
  for (const name of Object.keys(values)) written[name] = member(typed, name);
  if (written[TAGS] !== undefined) written[TAGS] = withoutDefaults(written[TAGS], prior);
  return overlay(prior, written, root);
}

function compareMembers(sides: Sides, root: Place, told: Told): void {
  const { shape } = root;
  const names =
    shape.kind === 'object' ? shape.members.keys() : new Set([...keysOf(sides.declared), ...keysOf(sides.live)]);
  const merged = comparesMerged(sides.declared, sides.live);
  for (const name of names) {
    if (name === MERGED && isMap(sides.declared) && Object.hasOwn(sides.declared, TAGS)) continue;
    const from = name === TAGS && merged ? MERGED : name;
    const declared = member(sides.declared, from);
    const state = sides.state === sides.declared ? declared : member(sides.state, from);
    diff({ declared, live: member(sides.live, from), state }, memberPlace(root, name), told);
  }
}

/** Takes out what an autoscaler moved within its bounds, and copies of a fact that is told already. */
function settle(told: Told, all: Sides, facts: TypeFacts, context: CompareContext): FoundChange[] {
  const changed = told.changes.map((change) => change.place.names);
  return told.changes.filter((change) => {
    const { path, names } = change.place;
    const band = bandOf(change, facts.bands, all.declared, context.siblings);
    if (band !== undefined) {
      told.explain(path, 'autoscaler', 'equal', `moved within its declared bounds, ${band[0]} to ${band[1]}`);
      return false;
    }
    const original = originalOf(names, facts.copies);
    if (original === undefined || !changed.some((other) => isPrefix(original.split('.'), other))) return true;
    told.explain(path, 'same-fact', 'equal', `the same fact as ${original}, where it is told`);
    return false;
  });
}

/** Places where configuration and live agree and only the state has not heard of it. */
function behind(pending: readonly Path[], told: Told): void {
  const paths = told.changes.map((change) => change.place.path);
  for (const path of pending) {
    if (paths.some((other) => isPrefix(path, other) || isPrefix(other, path))) continue;
    told.explain(path, 'state-behind', 'equal', 'configuration and live agree; only the state is behind');
  }
}

function driftOf(resource: DeclaredResource, changes: readonly FoundChange[], masks: Masks): Drift | undefined {
  if (changes.length === 0) return undefined;
  const shown = changes.map((change): Change => {
    const { path, shape, computed } = change.place;
    const before = masks.value(change.before, path, shapeIn(shape, change.before));
    const after = masks.value(change.after, path, shapeIn(shape, change.after));
    return {
      path: formatPath(path),
      op: change.op,
      before: before.masked,
      after: after.masked,
      sensitive: before.sensitive || after.sensitive,
      cause: change.cause,
      class: computed ? 'computed' : 'declared',
    };
  });
  return { kind: 'changed', resource: resource.ref, changes: shown };
}

/** A change of a set names the set and holds one element. */
function shapeIn(shape: Shape, value: Value): Shape {
  return (shape.kind === 'set' || shape.kind === 'list') && !isArray(value) ? shape.element : shape;
}

/** The place that the changed one, or one above it, is a copy of. */
function originalOf(names: readonly string[], copies: ReadonlyMap<string, string>): string | undefined {
  if (copies.size === 0) return undefined;
  for (let depth = names.length; depth > 0; depth--) {
    const original = copies.get(names.slice(0, depth).join('.'));
    if (original !== undefined) return original;
  }
  return undefined;
}

function isOff(value: Value): boolean {
  return value === false || isEmpty(value);
}

function isPrefix(short: Path, long: Path): boolean {
  return short.length <= long.length && short.every((step, i) => step === long[i]);
}

function keysOf(value: Value): string[] {
  return isMap(value) ? Object.keys(value) : [];
}
