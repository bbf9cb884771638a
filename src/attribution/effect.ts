import { OPAQUE_DIGESTS, REPLACING } from '../resources/aws/audit-words.ts';
import { bestNamed } from './attribute-name.ts';
import {
  deletionOf,
  directionAt,
  hasBody,
  hasContent,
  isAbout,
  isCreation,
  isOwnObject,
  type Touched,
  whyHidden,
} from './call-object.ts';
import { type Effect, POSSIBLE } from './effect-kind.ts';
import { effectOnElement } from './effect-element.ts';
import { effectOnMembers } from './effect-members.ts';
import { effectOfSwitch } from './effect-switch.ts';
import { type ChangePlan, saysNothing } from './plan-change.ts';
import { isTelling, type ValueMatcher } from './wire-value.ts';

/** The effect of a call on one changed attribute of a resource that is still there. */
export function effectOf(plan: ChangePlan, touched: Touched, matcher: ValueMatcher): Effect {
  const { call } = touched.view;
  if (plan.opposite !== undefined && call.noun.includes(plan.opposite)) return POSSIBLE;
  const found =
    effectOfSwitch(plan, touched) ??
    (plan.kind === 'element' ? effectOnElement(plan, touched, matcher) : effectOnMembers(plan, touched, matcher)) ??
    byValue(plan, touched, matcher) ??
    byRemoval(plan, touched) ??
    byAnswer(plan, touched, matcher) ??
    byOmission(plan, touched);
  return found ?? POSSIBLE;
}

/** A value so particular that it is the attribute's, whatever the member is called. */
function byValue(plan: ChangePlan, touched: Touched, matcher: ValueMatcher): Effect | undefined {
  if (plan.kind === 'element') return undefined;
  const removing = plan.gained.length === 0;
  const wanted = (removing ? plan.lost : plan.gained).filter(({ value }) => isTelling(value));
  if (wanted.length === 0) return undefined;
  const places: string[] = [];
  for (const { value, name } of wanted) {
    const leaf = touched.request.find((one) => matcher.same(value, one, name.last));
    if (leaf === undefined) return undefined;
    if ((directionAt(leaf, touched) === 'remove') !== removing) return undefined;
    places.push(leaf.at);
  }
  return { kind: 'live', named: false, at: places, note: `the call holds the value under another name (${places[0]})` };
}

/** `DeleteBucketPolicy`, `DeleteRolePermissionsBoundary`: the call's name says what was taken away. */
function byRemoval(plan: ChangePlan, touched: Touched): Effect | undefined {
  const { call } = touched.view;
  if (call.verb !== 'remove') return undefined;
  // A setting that has no id of its own goes on existing, with the service's default.
  const isSetting = touched.asked.question.identifiers.every((one) => one.kind === 'name' && one.with === undefined);
  if (isSetting && deletionOf(touched) === 'own') {
    const note = 'the call deletes it; what is live may be what the service sets by itself';
    return { kind: 'hidden', named: false, at: [], note };
  }
  if (!saysNothing(plan.change.after) || plan.name.key !== undefined || plan.kind !== 'scalar') return undefined;
  const words = plan.name.last.filter((word) => !touched.asked.type.includes(word));
  const shared = words.filter((word) => call.noun.includes(word));
  if (shared.length === 0 || hasContent(touched)) return undefined;
  const named = shared.length === words.length;
  return {
    kind: 'live',
    named,
    at: [],
    note: named ? undefined : 'only a part of the call’s name speaks of the attribute',
  };
}

/** Digests of what was uploaded, and the provider's own counters: only the answer shows them. */
function byAnswer(plan: ChangePlan, touched: Touched, matcher: ValueMatcher): Effect | undefined {
  const [wanted] = plan.gained;
  const name = plan.name.names.at(-1) ?? '';
  if (plan.kind !== 'scalar' || wanted === undefined) return undefined;
  const response = touched.view.leaves.filter((leaf) => leaf.part === 'response');
  const word = Object.hasOwn(OPAQUE_DIGESTS, name) ? OPAQUE_DIGESTS[name] : undefined;
  const digest = word === undefined ? undefined : response.find((leaf) => matcher.same(wanted.value, leaf, []));
  if (word !== undefined) {
    const made = digest !== undefined && touched.view.call.noun.includes(word);
    return made ? { kind: 'live', named: true, at: [digest.at], note: undefined } : undefined;
  }
  const computed = plan.change.class === 'computed';
  const asked = computed || !hasContent(touched);
  if (!asked || touched.view.call.verb === 'remove' || !isAbout(touched, plan.name)) return undefined;
  const best = bestNamed(plan.name, response, touched.context);
  if (best.fit < 3) return undefined;
  const hit = best.leaves.find((leaf) => matcher.same(wanted.value, leaf, plan.name.last));
  if (hit === undefined) return computed ? { kind: 'other', named: true, at: [], note: undefined } : undefined;
  const note = computed ? undefined : 'only the answer of the call holds the value';
  return { kind: 'live', named: computed, at: [hit.at], note };
}

/** The call is about the attribute, and the log does not hold what it asked for. */
function byOmission(plan: ChangePlan, touched: Touched): Effect | undefined {
  const { view } = touched;
  const hide = (note: string): Effect => ({ kind: 'hidden', named: false, at: [], note });
  const hidden = whyHidden(touched, plan.name, []);
  if (hidden !== undefined) return hide(hidden);
  if (isCreation(touched) || view.call.verb === 'on' || view.call.verb === 'off') return undefined;
  if (view.cut && isAbout(touched, plan.name)) return hide('the log cut the request short');
  if (!hasBody(touched)) {
    const about = view.call.verb !== 'remove' && view.call.verb !== 'add' && isAbout(touched, plan.name);
    return about ? hide('the log does not hold what was asked for') : undefined;
  }
  const whole = REPLACING.has(view.call.word) && isOwnObject(view.call, touched.asked);
  return whole && plan.gained.length === 0
    ? hide('the call writes the whole and leaves this attribute out')
    : undefined;
}
