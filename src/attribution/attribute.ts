import type { DriftAttribution, PathAttribution } from '../model/attribution.ts';
import type { Value } from '../model/value.ts';
import { type Behind, behindOf } from './behind.ts';
import { type Effect, POSSIBLE } from './effect-kind.ts';
import { type Looked, lookAt } from './look.ts';
import { inOrder, MentionIndex } from './mention-index.ts';
import type { Asked } from './mention.ts';
import { type ChangePlan, planOf } from './plan-change.ts';
import type { AuditAnswer, AuditRecord } from './port.ts';
import type { DriftQuestion } from './question.ts';
import { viewOf } from './record-view.ts';
import { replay, type Step } from './replay.ts';
import { type Covered, coveredBy } from './searched.ts';
import { summaryOf } from './summary.ts';
import { verdictOf } from './verdict.ts';
import { isVersion, narrowed, NO_VERSIONS, versionsOf } from './versions.ts';
import type { WhoResolver } from './who/actor.ts';
import type { PipelineIdentities } from './who/pipeline.ts';
import { ValueMatcher } from './wire-value.ts';

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
  const index = new MentionIndex(questions);
  const behind = behindOf(options.who, answer.sessions, options.pipeline);
  const matcher = new ValueMatcher(options.redact);
  const plans = questions.map(({ kind, changes, bookkeeping = [] }) =>
    kind === 'changed' ? [...changes, ...bookkeeping.filter(isVersion)].map(planOf) : [],
  );
  const looked = questions.map((): Looked[] => []);
  index.visit(inOrder(answer.writes), viewOf, (i, view, mentions) => {
    looked[i]?.push(lookAt(view, mentions, index.asked[i] as Asked, plans[i] ?? [], matcher));
  });
  const covered = coveredBy(answer.coverage);
  return index.asked.map((asked, i) =>
    answerOne({ asked, plans: plans[i] ?? [], looked: looked[i] ?? [], behind, covered: covered(asked) }),
  );
}

interface Case {
  readonly asked: Asked;
  /** Of the changes that are asked about, then of versions that moved beside them. */
  readonly plans: readonly ChangePlan[];
  readonly looked: readonly Looked[];
  readonly behind: Behind;
  readonly covered: Covered;
}

function answerOne(of: Case): AttributedDrift {
  const { asked, behind, covered } = of;
  const { kind, notBefore } = asked.question;
  const looked = afterDeletion(of.looked, asked);
  const answer = (
    path: string,
    outcome: Parameters<typeof verdictOf>[0],
    unlogged: string | undefined,
  ): PathAttribution => ({
    path,
    ...verdictOf(outcome, { behind, covered, since: notBefore !== null, unlogged }),
  });
  if (kind !== 'changed') {
    const steps = stepsAt(looked, 0);
    const presence = answer('', replay(steps), undefined);
    return { attribution: { ...summaryOf([presence]), paths: [] }, considered: considered(looked, [presence]) };
  }
  const replayed = of.plans.map((plan, i) => {
    const steps = stepsAt(looked, i);
    return { plan, steps, outcome: replay(steps) };
  });
  // Versions tell calls with hidden values apart; most calls hide nothing.
  const versions = replayed.some(({ outcome }) => outcome.kind === 'hidden') ? versionsOf(replayed) : NO_VERSIONS;
  const asks = asked.question.changes.length;
  const paths = replayed
    .slice(0, asks)
    .map(({ plan, outcome }) => answer(plan.change.path, narrowed(outcome, versions), whyUnlogged(plan)));
  const told =
    of.plans.length === asks ? looked : looked.map((one) => ({ ...one, effects: one.effects.slice(0, asks) }));
  return { attribution: summaryOf(paths), considered: considered(told, paths, versions.other) };
}

/** What the calls did to one attribute. Those that cannot explain anything are no steps. */
function stepsAt(looked: readonly Looked[], i: number): readonly Step[] {
  return looked.flatMap(({ record, out, effects, reach, mentioned, sha256 }) => {
    const effect = effects[i];
    return out !== undefined || effect === undefined ? [] : [{ record, effect, reach, mentioned, sha256 }];
  });
}

/** A resource that was deleted and made anew has its values from the call that made it; else that call changed nothing. */
function afterDeletion(looked: readonly Looked[], { question }: Asked): readonly Looked[] {
  if (question.kind !== 'changed') return looked;
  let deleted = false;
  return looked.map((one) => {
    if (one.out === undefined && one.deletes) deleted = true;
    return one.creates && !deleted && one.out === undefined ? { ...one, out: 'made the resource' } : one;
  });
}

function whyUnlogged({ change }: ChangePlan): string | undefined {
  if (change.cause === 'unapplied') {
    return 'the configuration was changed and not applied: no call changed the live value';
  }
  return change.class === 'computed' ? 'the service or the provider sets this attribute by itself' : undefined;
}

const WEIGHT: { readonly [kind in Effect['kind']]: number } = { possible: 0, hidden: 1, other: 2, live: 3 };
const WORDS: { readonly [kind in Effect['kind']]: string } = {
  live: 'sets the live value',
  other: 'value differs',
  hidden: 'sets it; the log does not show to what',
  possible: 'sets another attribute',
};

function considered(
  looked: readonly Looked[],
  paths: readonly PathAttribution[],
  otherVersion: ReadonlySet<string> = new Set(),
): readonly ConsideredEvent[] {
  const naming = paths.filter((path) => path.actors.length > 0);
  const events = new Set(naming.flatMap((path) => path.events.map((event) => event.eventId)));
  return looked.map(({ record, out, effects, reach }): ConsideredEvent => {
    const kept = out === undefined && events.has(record.eventId);
    const most = effects.reduce((best, one) => (WEIGHT[one.kind] > WEIGHT[best.kind] ? one : best), POSSIBLE);
    if (out !== undefined) return { record, kept, why: out };
    if (reach === 0 && !kept) return { record, kept, why: 'only mentions the resource' };
    if (!kept && most.kind === 'hidden' && otherVersion.has(record.eventId)) {
      return { record, kept, why: 'made another version than the live one' };
    }
    return { record, kept, why: most.kind === 'live' && !kept ? 'superseded by a later write' : WORDS[most.kind] };
  });
}
