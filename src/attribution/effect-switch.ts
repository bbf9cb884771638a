import { FILLER_WORDS, STATE_WORDS } from '../resources/aws/audit-words.ts';
import { isOwnObject, type Touched } from './call-object.ts';
import type { Effect } from './effect-kind.ts';
import type { ChangePlan } from './plan-change.ts';
import { switchOf } from './wire-value.ts';

/** `DisableKeyRotation`, `EnableRule`: the verb is the value, and the noun names the switch. */
export function effectOfSwitch(plan: ChangePlan, { view, asked }: Touched): Effect | undefined {
  const { verb, noun } = view.call;
  if (plan.kind !== 'scalar' || (verb !== 'on' && verb !== 'off')) return undefined;
  const wanted = switchOf(plan.change.after) ?? (plan.change.after === null ? false : undefined);
  if (wanted === undefined || switchOf(plan.change.before) === undefined) return undefined;
  const plain = (words: readonly string[]): readonly string[] =>
    words.filter((word) => !STATE_WORDS.has(word) && !FILLER_WORDS.has(word));
  const own = plain(plan.name.last);
  const named = own.length > 0 ? own : plain(plan.name.above);
  const isMeant = named.length > 0 ? named.every((word) => noun.includes(word)) : isOwnObject(view.call, asked);
  if (!isMeant) return undefined;
  return { kind: wanted === (verb === 'on') ? 'live' : 'other', named: true, at: ['eventName'], note: undefined };
}
