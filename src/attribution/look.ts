import { deletionOf, isCreation, touchedOf } from './call-object.ts';
import { effectOf } from './effect.ts';
import type { Effect } from './effect-kind.ts';
import { POSSIBLE } from './effect-kind.ts';
import { effectOnPresence } from './effect-presence.ts';
import { whyOutside } from './gates.ts';
import type { Asked, Mention, Reach } from './mention.ts';
import type { ChangePlan } from './plan-change.ts';
import type { AuditRecord } from './port.ts';
import type { RecordView } from './record-view.ts';
import { isTelling, type ValueMatcher } from './wire-value.ts';

/** What one record that names a resource says of its drift. Small: there may be many, and the record itself is not kept read. */
export interface Looked {
  readonly record: AuditRecord;
  /** Why it explains nothing; undefined where it may. */
  readonly out: string | undefined;
  /** What it did to each change, in the order of the changes; to the resource's being there, where it is gone. */
  readonly effects: readonly Effect[];
  readonly reach: Reach;
  /** Places of the record that name the resource. */
  readonly mentioned: readonly string[];
  readonly creates: boolean;
  readonly deletes: boolean;
  /** The record's digest; '' where it explains nothing. Taken while the record is at hand, so that it is read once. */
  readonly sha256: string;
}

/** Looks at a record once, for one question. */
export function lookAt(
  view: RecordView,
  mentions: readonly Mention[],
  asked: Asked,
  plans: readonly ChangePlan[],
  matcher: ValueMatcher,
): Looked {
  const { record } = view;
  const { kind, notBefore, notAfter } = asked.question;
  const none = { record, effects: [], reach: 0 as const, mentioned: [], creates: false, deletes: false, sha256: '' };
  const outside = view.noWrite ?? whyOutside(record, notBefore, notAfter);
  if (outside !== undefined) return { ...none, out: outside };
  const done = mentions.filter((mention) => !isFailed(mention, view.failed));
  if (done.length === 0) return { ...none, out: 'failed for this resource' };
  const reach = done.reduce<Reach>((best, mention) => (mention.reach > best ? mention.reach : best), 0);
  if (reach === 0 && !asked.sources.has(view.call.source)) return { ...none, out: 'only mentions the resource' };
  const best = done.filter((mention) => mention.reach === reach);
  const touched = touchedOf(view, best, asked);
  const effects =
    kind === 'changed'
      ? plans.map((plan) => bounded(effectOf(plan, touched, matcher), plan, reach))
      : [reach === 0 ? POSSIBLE : effectOnPresence(kind === 'unmanaged', touched)];
  if (reach === 0 && effects.every((effect) => effect === POSSIBLE))
    return { ...none, out: 'only mentions the resource' };
  return {
    record,
    out: undefined,
    effects,
    reach,
    mentioned: best.map((mention) => mention.leaf.at),
    creates: reach > 0 && isCreation(touched),
    deletes: reach > 0 && view.call.verb === 'remove' && deletionOf(touched) === 'own',
    sha256: view.sha256(),
  };
}

/** What a call only refers to is its target after all where it sets, by name, a telling value that drifted there. */
function bounded(effect: Effect, plan: ChangePlan, reach: Reach): Effect {
  if (reach > 0) return effect;
  const telling = [...plan.gained, ...plan.lost].some(({ value }) => isTelling(value));
  return effect.kind === 'live' && effect.named && telling ? effect : POSSIBLE;
}

/** Whether the answer lists what the call names, or the key of what stands beside it, as not done. */
function isFailed({ leaf, identifier }: Mention, failed: ReadonlySet<string>): boolean {
  return failed.size > 0 && [leaf.text, ...(identifier.with ?? [])].some((text) => failed.has(text));
}
