import type { DriftAttribution, PathAttribution } from '../model/attribution.ts';
import type { Value } from '../model/value.ts';
import { type Behind, behindOf } from './behind.ts';
import { isCreation, type Touched, touchedOf } from './call-object.ts';
import { effectOf } from './effect.ts';
import { type Effect, POSSIBLE } from './effect-kind.ts';
import { effectOnPresence } from './effect-presence.ts';
import type { Asked, Mention } from './mention.ts';
import { inOrder, MentionIndex, type Mentioned, whyNotAsked } from './mention-index.ts';
import { type ChangePlan, planOf } from './plan-change.ts';
import type { AuditAnswer, AuditRecord } from './port.ts';
import type { DriftQuestion } from './question.ts';
import { Views } from './record-view.ts';
import { type Outcome, replay, type Step } from './replay.ts';
import { type Covered, coveredOf } from './searched.ts';
import { summaryOf } from './summary.ts';
import { verdictOf } from './verdict.ts';
import type { WhoResolver } from './who/actor.ts';
import type { PipelineIdentities } from './who/pipeline.ts';
import { isTelling, ValueMatcher } from './wire-value.ts';

export interface AttributeOptions {
  /** Masks a value as the drift's secrets were masked. */
  readonly redact: (secret: Value) => string;
  readonly who: WhoResolver;
  readonly pipeline?: PipelineIdentities | undefined;
}

/** One record that names the resource, and what became of it. */
export interface ConsideredEvent {
  readonly record: AuditRecord;
  /** Whether the answer rests on it. */
  readonly kept: boolean;
  /** In words: `sets the live value`, `failed call`, `only mentions the resource`. */
  readonly why: string;
}

export interface AttributedDrift {
  readonly attribution: DriftAttribution;
  /** All records that name the resource, in the order of time. */
  readonly considered: readonly ConsideredEvent[];
}

/**
 * Answers for each drift who brought the live values, when and by which call, from the writes of an audit log. One answer a
 * question, in their order. Guesses nothing: where the log shows no such call or does not cover the time, that is the
 * answer. The order of the records does not matter.
 */
export function attribute(
  questions: readonly DriftQuestion[],
  answer: AuditAnswer,
  options: AttributeOptions,
): readonly AttributedDrift[] {
  const views = new Views();
  const index = new MentionIndex(questions);
  const found = index.find(inOrder(answer.writes), views);
  const behind = behindOf(options.who, answer.sessions, options.pipeline);
  const matcher = new ValueMatcher(options.redact);
  return index.asked.map((asked, i) => {
    const covered = coveredOf(asked, answer.coverage);
    return answerOne({ asked, mentioned: found[i] ?? [], views, behind, matcher, covered });
  });
}

interface Case {
  readonly asked: Asked;
  readonly mentioned: readonly Mentioned[];
  readonly views: Views;
  readonly behind: Behind;
  readonly matcher: ValueMatcher;
  readonly covered: Covered;
}

function answerOne(of: Case): AttributedDrift {
  const { asked } = of;
  const { question } = asked;
  const sifted = of.mentioned.map((one) => sift(one, of));
  const eligible = afterDeletion(
    sifted.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    asked,
  );
  const paths: PathAttribution[] = [];
  const said = new Map<string, Effect>();
  const note = (steps: readonly Step[]): void => {
    for (const { record, effect } of steps) {
      if (WEIGHT[effect.kind] > WEIGHT[said.get(record.eventId)?.kind ?? 'possible']) said.set(record.eventId, effect);
    }
  };
  const conclude = (path: string, steps: readonly Step[], outcome: Outcome, unlogged: string | undefined): void => {
    note(steps);
    const since = question.notBefore !== null;
    paths.push({ path, ...verdictOf(outcome, { behind: of.behind, covered: of.covered, since, unlogged }) });
  };
  if (question.kind === 'changed') {
    const replayed = question.changes.map((change) => {
      const plan = planOf(change);
      const steps = eligible.flatMap(({ touched, created }) => stepOf(plan, touched, created, of));
      return { plan, steps, outcome: replay(steps) };
    });
    const versions = versionsOf(replayed);
    for (const { plan, steps, outcome } of replayed) {
      conclude(plan.change.path, steps, narrowed(outcome, versions), whyUnlogged(plan));
    }
  } else {
    const wanted = question.kind === 'unmanaged';
    const steps = eligible.map(({ touched }) => asStep(touched, effectOnPresence(wanted, touched)));
    conclude('', steps, replay(steps), undefined);
  }
  const attribution = summaryOf(paths);
  return {
    attribution: question.kind === 'changed' ? attribution : { ...attribution, paths: [] },
    considered: considered(of, sifted, paths, said),
  };
}

interface Eligible {
  readonly touched: Touched;
  /** Made the resource; then nothing that it set is a change of it. */
  readonly created: boolean;
}

const WEIGHT: { readonly [kind in Effect['kind']]: number } = { possible: 0, hidden: 1, other: 2, live: 3 };

/** A record that may explain something, or why it cannot. */
function sift({ record, mentions }: Mentioned, { asked, views }: Case): Eligible | string {
  const view = views.of(record);
  const outside = view.noWrite ?? whyNotAsked(record, asked.question);
  if (outside !== undefined) return outside;
  const done = mentions.filter((mention) => !isFailed(mention, view.failed));
  if (done.length === 0) return 'failed for this resource';
  const own = done.some((mention) => mention.reach > 0) || asked.sources.has(view.call.source);
  if (!own) return 'only mentions the resource';
  const best = Math.max(...done.map((mention) => mention.reach));
  const touched = touchedOf(
    view,
    done.filter((mention) => mention.reach === best),
    asked,
  );
  return { touched, created: best > 0 && isCreation(touched) };
}

/** Whether the answer lists what the call names, or the key of what it is beside, as not done. */
function isFailed({ leaf, identifier }: Mention, failed: ReadonlySet<string>): boolean {
  return failed.size > 0 && [leaf.text, ...(identifier.with ?? [])].some((text) => failed.has(text));
}

/** A resource that was deleted and made anew has its values from that call; else the call that made it changed nothing. */
function afterDeletion(eligible: readonly Eligible[], { question }: Asked): readonly Eligible[] {
  let deleted = question.kind !== 'changed';
  return eligible.map((one) => {
    if (one.touched.view.call.verb === 'remove') deleted = true;
    return deleted ? { ...one, created: false } : one;
  });
}

function stepOf(plan: ChangePlan, touched: Touched, created: boolean, { matcher }: Case): readonly Step[] {
  if (created) return [];
  const reach = Math.max(...touched.mentions.map((mention) => mention.reach));
  const effect = effectOf(plan, touched, matcher);
  if (reach > 0) return [asStep(touched, effect)];
  // What a call only refers to is its target after all where it sets, by name, what drifted there.
  const telling = [...plan.gained, ...plan.lost].some(({ value }) => isTelling(value));
  return effect.kind === 'live' && effect.named && telling ? [asStep(touched, effect)] : [];
}

function asStep({ view, mentions }: Touched, effect: Effect): Step {
  const reach = mentions.reduce<Step['reach']>((best, one) => (one.reach > best ? one.reach : best), 0);
  return { record: view.record, effect, reach, mentioned: mentions.map((mention) => mention.leaf.at) };
}

interface Replayed {
  readonly plan: ChangePlan;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
}

/** What the answers of calls say of the version that is live: by it, hidden values are told apart. */
interface Versions {
  /** Calls that made it. */
  readonly live: ReadonlySet<string>;
  /** Calls that made another one. */
  readonly other: ReadonlySet<string>;
}

function versionsOf(replayed: readonly Replayed[]): Versions {
  const versions = replayed.filter(({ plan }) => /(?:^|_)version$/.test(plan.change.path));
  const of = (kind: Effect['kind']): ReadonlySet<string> =>
    new Set(
      versions.flatMap(({ steps }) =>
        steps.filter((step) => step.effect.kind === kind).map((step) => step.record.eventId),
      ),
    );
  return { live: of('live'), other: of('other') };
}

function narrowed(outcome: Outcome, { live, other }: Versions): Outcome {
  if (outcome.kind !== 'hidden') return outcome;
  const made = outcome.steps.filter((step) => live.has(step.record.eventId));
  if (made.length > 0) return { kind: 'hidden', steps: made };
  const left = outcome.steps.filter((step) => !other.has(step.record.eventId));
  return left.length > 0 ? { kind: 'hidden', steps: left } : { kind: 'lost', steps: outcome.steps };
}

function whyUnlogged({ change }: ChangePlan): string | undefined {
  if (change.cause === 'unapplied')
    return 'the configuration was changed and not applied: no call changed the live value';
  if (change.class === 'computed') return 'the service or the provider sets this attribute by itself';
  return undefined;
}

const WORDS: { readonly [kind in Effect['kind']]: string } = {
  live: 'sets the live value',
  other: 'value differs',
  hidden: 'sets it; the log does not show to what',
  possible: POSSIBLE.note ?? '',
};

function considered(
  { mentioned }: Case,
  sifted: readonly (Eligible | string)[],
  paths: readonly PathAttribution[],
  said: ReadonlyMap<string, Effect>,
): readonly ConsideredEvent[] {
  const named = paths.filter((path) => path.actors.length > 0);
  const kept = new Set(named.flatMap((path) => path.events.map((event) => event.eventId)));
  return mentioned.map(({ record }, i): ConsideredEvent => {
    const one = sifted[i];
    if (typeof one === 'string') return { record, kept: false, why: one };
    const isKept = kept.has(record.eventId);
    return { record, kept: isKept, why: whyOf(one, isKept, said.get(record.eventId)) };
  });
}

function whyOf(one: Eligible | undefined, kept: boolean, effect: Effect | undefined): string {
  if (one?.created === true) return 'made the resource';
  if (effect === undefined) {
    const mentioned = one?.touched.mentions.every((mention) => mention.reach === 0) === true;
    return mentioned ? 'only mentions the resource' : 'sets another attribute';
  }
  if (effect.kind === 'live' && !kept) return 'superseded by a later write';
  return WORDS[effect.kind];
}
