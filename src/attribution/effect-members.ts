import type { Value } from '../model/value.ts';
import { isArray, isEmpty } from '../model/value.ts';
import { REPLACING } from '../resources/aws/audit-words.ts';
import { bestNamed } from './attribute-name.ts';
import { directionAt, hasContent, type Touched, whyHidden } from './call-object.ts';
import type { Effect } from './effect-kind.ts';
import type { ChangePlan } from './plan-change.ts';
import type { WireLeaf } from './wire-shape.ts';
import { isTelling, type ValueMatcher } from './wire-value.ts';
import { wordsOf } from './words.ts';

/** The effect on an attribute without members of its own, or on a list or map of such: read off the member of its name. */
export function effectOnMembers(plan: ChangePlan, touched: Touched, matcher: ValueMatcher): Effect | undefined {
  const best = bestNamed(plan.name, touched.request, touched.context);
  if (best.fit < 2) return plan.name.key === undefined ? undefined : onMap(plan, plan.name.key, touched);
  const hidden = whyHidden(touched, plan.name, best.leaves);
  const at = best.leaves.map((leaf) => leaf.at);
  if (hidden !== undefined) return { kind: 'hidden', named: true, at, note: hidden };
  const member: Member = {
    plan,
    matcher,
    leaves: best.leaves,
    sure: best.fit >= 3,
    direction: directionAt(best.leaves[0], touched),
  };
  if (plan.kind === 'list') return onList(member);
  return plan.gained.length > 0 ? onValue(member) : onNothing(member);
}

interface Member {
  readonly plan: ChangePlan;
  readonly matcher: ValueMatcher;
  readonly leaves: readonly WireLeaf[];
  readonly sure: boolean;
  readonly direction: ReturnType<typeof directionAt>;
}

/** The attribute holds a value now: set, or joined to a set. */
function onValue({ plan, matcher, leaves, sure, direction }: Member): Effect | undefined {
  const wanted = plan.change.after;
  const hits = leaves.filter((leaf) => matcher.same(wanted, leaf, plan.name.last));
  if (direction === 'remove') {
    const gone = hits.length > 0 || leaves.every((leaf) => leaf.text === '');
    return gone ? effect('other', true, leaves) : undefined;
  }
  if (hits.length > 0) {
    const alone = hits.length === leaves.length || direction === 'add' || isTelling(wanted);
    return effect('live', alone, hits, alone ? undefined : 'the call holds several values in members of that name');
  }
  return direction === 'set' && sure ? effect('other', true, leaves) : undefined;
}

/** Nothing stands there now: emptied, or taken out of a set. */
function onNothing({ plan, matcher, leaves, direction, sure }: Member): Effect | undefined {
  const { before, after } = plan.change;
  const holds = leaves.some((leaf) => matcher.same(before, leaf, plan.name.last));
  if (leaves.every((leaf) => leaf.text === '')) return effect('live', true, leaves);
  if (direction === 'remove') {
    return holds || plan.name.key !== undefined ? effect('live', true, leaves) : undefined;
  }
  if (holds) return effect('other', true, leaves);
  const isList = after === null && leaves.some((leaf) => /\[\d+\](?:\.\w+)?$/.test(leaf.at));
  if (direction === 'set' && isList) {
    // The list stands there whole: that this one is not in it is as plain as if it were.
    return effect('live', sure, leaves, sure ? undefined : 'the call replaced the whole list and left this one out');
  }
  return direction === 'set' ? effect('other', true, leaves) : undefined;
}

/** A list as a whole: in its order where it is set, by what came and went where members are added and taken away. */
function onList({ plan, matcher, leaves, direction, sure }: Member): Effect | undefined {
  const words = plan.name.last;
  const has = (value: Value): boolean => leaves.some((leaf) => matcher.same(value, leaf, words));
  if (direction === 'add')
    return plan.gained.length > 0 && plan.gained.every(({ value }) => has(value))
      ? effect('live', true, leaves)
      : undefined;
  if (direction === 'remove') {
    return plan.gained.length === 0 && plan.lost.length > 0 && plan.lost.every(({ value }) => has(value))
      ? effect('live', true, leaves)
      : undefined;
  }
  const { after: live } = plan.change;
  const after: readonly Value[] = isArray(live) ? live : isEmpty(live) ? [] : [live];
  const held = leaves.filter((leaf) => leaf.value !== null);
  const same =
    held.length === after.length && after.every((value, i) => matcher.same(value, held[i] as WireLeaf, words));
  if (same) return effect('live', true, leaves);
  return sure ? effect('other', true, leaves) : undefined;
}

/** A key of a map whose name stands nowhere as a member: taken away by its name, or left out when the map was replaced. */
function onMap(plan: ChangePlan, key: string, touched: Touched): Effect | undefined {
  const { request, view } = touched;
  const map = (leaf: WireLeaf): boolean =>
    leaf.names.some((name) => wordsOf(name).some((word) => plan.name.last.includes(word)));
  const isMapCall = view.call.noun.some((word) => plan.name.last.includes(word));
  const named = request.filter((leaf) => leaf.text === key && !leaf.pair && (map(leaf) || isMapCall));
  const gone = plan.gained.length === 0;
  if (named.some((leaf) => directionAt(leaf, touched) === 'remove'))
    return effect(gone ? 'live' : 'other', true, named);
  const replaced = REPLACING.has(view.call.word) && isMapCall;
  const emptied = view.call.verb === 'remove' && isMapCall && !hasContent(touched);
  const content = request.filter((leaf) => map(leaf) && leaf.names.length > 0);
  if (!emptied && (!replaced || content.length === 0)) return undefined;
  const note = 'the call replaced all of them and left this one out';
  return gone ? effect('live', true, content) : effect('other', true, content, note);
}

function effect(kind: Effect['kind'], named: boolean, leaves: readonly WireLeaf[], note?: string): Effect {
  return { kind, named, at: leaves.slice(0, 8).map((leaf) => leaf.at), note };
}
