import { FILLER_WORDS, REPLACING } from '../resources/aws/audit-words.ts';
import { bestNamed, nameFit } from './attribute-name.ts';
import { contentOf, directionAt, type Touched } from './call-object.ts';
import type { Effect } from './effect-kind.ts';
import { type ChangePlan, saysNothing, type WantedLeaf } from './plan-change.ts';
import type { WireLeaf } from './wire-shape.ts';
import { isTelling, type ValueMatcher } from './wire-value.ts';
import { wordsOf } from './words.ts';

/** The effect on an object of a set or list (a rule, a route): some object of the request must say all that differs. */
export function effectOnElement(plan: ChangePlan, touched: Touched, matcher: ValueMatcher): Effect | undefined {
  const gained = required(plan.gained);
  const lost = required(plan.lost);
  const all = gained.length > 0 ? fitOf(gained, plan.kept, false, { plan, touched, matcher }) : undefined;
  if (all !== undefined) {
    const kind = all.direction === 'remove' ? 'other' : 'live';
    return { kind, named: all.named, at: all.at, note: all.named ? undefined : 'the call names its members otherwise' };
  }
  if (lost.length > 0) {
    const old = fitOf(lost, [...plan.kept], true, { plan, touched, matcher });
    if (old !== undefined) {
      const removes = old.direction === 'remove';
      if (!removes) return { kind: 'other', named: true, at: old.at, note: undefined };
      if (gained.length === 0) return { kind: 'live', named: old.named, at: old.at, note: undefined };
    }
  }
  return replaced(plan, touched) ?? byIdOnly(plan, touched);
}

interface Case {
  readonly plan: ChangePlan;
  readonly touched: Touched;
  readonly matcher: ValueMatcher;
}

interface Fit {
  readonly at: readonly string[];
  readonly named: boolean;
  readonly direction: ReturnType<typeof directionAt>;
}

/** Members that say something; where none does, all of them. */
function required(leaves: readonly WantedLeaf[]): readonly WantedLeaf[] {
  const telling = leaves.filter(({ value }) => !saysNothing(value));
  return telling.length > 0 ? telling : leaves;
}

/** Tries each object of the request that holds one of the values, the innermost first, and the request as a whole. */
function fitOf(wanted: readonly WantedLeaf[], kept: readonly WantedLeaf[], partly: boolean, of: Case): Fit | undefined {
  const { request } = of.touched;
  const sought: Sought[] = [];
  for (const one of wanted) {
    const hits = request.filter((leaf) => of.matcher.same(one.value, leaf, one.name.last));
    // What the request holds nowhere is missing in each of its objects.
    if (hits.length === 0 && !partly) return undefined;
    sought.push({ one, hits, isTelling: isTelling(one.value) });
  }
  const scopes = [...new Set(sought.flatMap(({ hits }) => hits.flatMap((leaf) => leaf.within)))].sort((a, b) => b - a);
  for (const scope of [...scopes, undefined]) {
    const leaves = scope === undefined ? request : request.filter((leaf) => leaf.within.includes(scope));
    const here = scope === undefined ? sought : sought.map((one) => within(one, scope));
    const fit = fitIn(leaves, here, kept, partly, of);
    if (fit !== undefined) return fit;
  }
  return undefined;
}

/** One value that is looked for. */
interface Sought {
  readonly one: WantedLeaf;
  /** Where the request holds it. */
  readonly hits: readonly WireLeaf[];
  readonly isTelling: boolean;
}

function within({ one, hits, isTelling: telling }: Sought, scope: number): Sought {
  return { one, hits: hits.filter((leaf) => leaf.within.includes(scope)), isTelling: telling };
}

function fitIn(
  leaves: readonly WireLeaf[],
  sought: readonly Sought[],
  kept: readonly WantedLeaf[],
  partly: boolean,
  { plan, touched, matcher }: Case,
): Fit | undefined {
  if (isOtherWay(plan, leaves)) return undefined;
  const found: { leaf: WireLeaf; named: boolean; telling: boolean }[] = [];
  let missing = 0;
  for (const { one, hits, isTelling: telling } of sought) {
    if (contradicts(one, leaves, touched, matcher)) return undefined;
    const named = hits.find((leaf) => isCalled(one, leaf, touched));
    const hit = named ?? (telling ? hits[0] : undefined);
    if (hit === undefined) missing += 1;
    else found.push({ leaf: hit, named: named !== undefined, telling });
  }
  const first = found[0];
  if (first === undefined) return undefined;
  const direction = directionAt(first.leaf, touched);
  // Who takes a rule away names it by its key alone: its number, its destination.
  if (missing > 0 && !(partly && direction === 'remove' && found.some((one) => one.named))) return undefined;
  if (kept.some((one) => contradicts(one, leaves, touched, matcher))) return undefined;
  if (!found.some((one) => one.telling || one.named)) return undefined;
  return { at: found.map((one) => one.leaf.at), named: found.every((one) => one.named), direction };
}

/** A member of that very name says something else. */
function contradicts(one: WantedLeaf, leaves: readonly WireLeaf[], touched: Touched, matcher: ValueMatcher): boolean {
  const best = bestNamed(one.name, leaves, touched.context);
  const said = best.leaves.filter((leaf) => leaf.text !== '');
  if (best.fit < 3 || said.length === 0) return false;
  const same = said.filter((leaf) => matcher.same(one.value, leaf, one.name.last)).length;
  return one.several ? same === 0 : same < said.length;
}

/** In an object that holds the value one word in common is enough of a name: `cidr_blocks`, `cidrIp`. */
function isCalled(one: WantedLeaf, leaf: WireLeaf, touched: Touched): boolean {
  if (nameFit(one.name, leaf, touched.context) > 0) return true;
  const own = leaf.names.slice(-2).flatMap(wordsOf);
  return one.name.last.some((word) => !FILLER_WORDS.has(word) && own.includes(word));
}

/** `egress: true` among the rules of a group's ingress. */
function isOtherWay({ egress }: ChangePlan, leaves: readonly WireLeaf[]): boolean {
  if (egress === undefined) return false;
  const said = leaves.find(
    (leaf) => wordsOf(leaf.names.at(-1) ?? '').includes('egress') && /^(?:true|false)$/.test(leaf.text),
  );
  return said !== undefined && said.text !== String(egress);
}

/** The whole set was written, and this object is not what it says. */
function replaced(plan: ChangePlan, touched: Touched): Effect | undefined {
  const { view, request } = touched;
  if (!REPLACING.has(view.call.word)) return undefined;
  const attribute = plan.name;
  const isSet = request.some((leaf) =>
    leaf.names.some((name) => attribute.last.every((word) => wordsOf(name).includes(word))),
  );
  if (!isSet) return undefined;
  if (plan.gained.length === 0) {
    return { kind: 'live', named: false, at: [], note: 'the call replaced the whole set and left this one out' };
  }
  return { kind: 'other', named: true, at: [], note: undefined };
}

/** Rules taken away by their own ids: which ones, only the service knows. */
function byIdOnly(plan: ChangePlan, touched: Touched): Effect | undefined {
  const { call } = touched.view;
  const isMeant = plan.name.last.every((word) => call.noun.includes(word));
  if (!isMeant || call.verb !== 'remove' || plan.gained.length > 0) return undefined;
  const content = contentOf(touched);
  const ids =
    content.length > 0 &&
    content.every((leaf) => /^(?:id|identifier)$/.test(wordsOf(leaf.names.at(-1) ?? '').at(-1) ?? ''));
  if (!ids) return undefined;
  return {
    kind: 'hidden',
    named: true,
    at: content.map((leaf) => leaf.at),
    note: 'the call names by id what it removes',
  };
}
