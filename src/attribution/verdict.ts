import type { Actor, Attribution, Verdict } from '../model/attribution.ts';
import { type Behind, isByHand, distinctActors, isSameActor } from './behind.ts';
import { callLabel } from './call-name.ts';
import { evidenceOf } from './evidence.ts';
import type { Outcome, Step } from './replay.ts';
import type { Covered } from './searched.ts';

/** Of many calls that do not show the attribute, the last ones are told. */
const MOST_TOUCHED = 20;

/** What a verdict rests on beside the replay. */
export interface Grounds {
  readonly behind: Behind;
  readonly covered: Covered;
  /** Whether it is known when the attribute still had another value. */
  readonly since: boolean;
  /** Set where no call would show the attribute: why. */
  readonly unlogged: string | undefined;
}

/** The answer that a replay gives, from the closed list of verdicts. Names nobody but the authors of the live value. */
export function verdictOf(outcome: Outcome, grounds: Grounds): Attribution {
  switch (outcome.kind) {
    case 'written':
      return written(outcome, grounds);
    case 'hidden':
      return hidden(outcome.steps, grounds);
    case 'lost':
      return unresolved(
        outcome.steps,
        'the last value that the log shows is not the live one: a call is missing',
        grounds,
      );
    case 'touched':
      return unresolved(outcome.steps, 'calls on this resource in the window, none shows this attribute', grounds);
    default:
      return nothing([], grounds);
  }
}

function written(outcome: Extract<Outcome, { kind: 'written' }>, grounds: Grounds): Attribution {
  const { behind, covered } = grounds;
  const [head, ...together] = outcome.first as readonly [Step, ...Step[]];
  const author = behind.actor(head.record);
  const rivals = [
    ...together.filter((step) => !isSameActor(behind.actor(step.record), author)),
    // Of two people who set the same by hand, nothing tells whose wish it was; a tool that repeats a value is no author.
    ...outcome.again.filter((step) => isRival(behind.actor(step.record), author)),
  ];
  const doubts = [
    ...new Set(outcome.first.flatMap((step) => step.effect.note ?? [])),
    ...(outcome.first.some((step) => step.reach === 1) ? ['the call names the resource only in its answer'] : []),
    ...(outcome.veiled.length > 0 ? ['an earlier call set it, too, and the log does not show to what'] : []),
    ...(grounds.since || outcome.opened ? [] : ['since when the value differs is not known']),
    ...covered.holes,
  ];
  const sure = doubts.length === 0 && outcome.first.every((step) => step.effect.named);
  const remarks = outcome.again
    .filter((step) => !rivals.includes(step))
    .map((step) => `${behind.actor(step.record).name} wrote the same value again at ${step.record.eventTime}`);
  const steps = [
    head,
    ...rivals,
    ...together.filter((step) => !rivals.includes(step)),
    ...outcome.again.filter((step) => !rivals.includes(step)),
  ];
  if (rivals.length > 0) {
    const actors = distinctActors([head, ...rivals].map((step) => behind.actor(step.record)));
    return answer('several', actors, head, steps, [...doubts, ...unnamed(actors), ...remarks], grounds);
  }
  const verdict = ownVerdict(head, sure ? 'confirmed' : 'likely', behind);
  return answer(verdict, [author], head, steps, [...doubts, ...unnamed([author]), ...remarks], grounds);
}

/** Who set it is known by the call, to what it was set is not: the last one counts, if one actor made them all. */
function hidden(steps: readonly Step[], grounds: Grounds): Attribution {
  const { behind, covered } = grounds;
  const last = steps.at(-1) as Step;
  const actors = distinctActors(steps.map((step) => behind.actor(step.record)));
  const doubts = [...new Set(steps.flatMap((step) => step.effect.note ?? [])), ...covered.holes];
  const shown = [last, ...steps.slice(0, -1)];
  const missing = [...doubts, ...unnamed(actors)];
  if (actors.length > 1) return answer('several', actors, last, shown, missing, grounds);
  return answer(ownVerdict(last, 'likely', behind), actors, last, shown, missing, grounds);
}

function unresolved(steps: readonly Step[], why: string, grounds: Grounds): Attribution {
  const { covered, unlogged } = grounds;
  if (unlogged !== undefined || covered.holes.length > 0) return nothing(steps, grounds);
  return answer('touched', [], undefined, steps.slice(-MOST_TOUCHED), [why, ...covered.open], grounds);
}

function nothing(steps: readonly Step[], grounds: Grounds): Attribution {
  const { covered, unlogged } = grounds;
  if (unlogged !== undefined) return answer('not-logged', [], undefined, [], [unlogged], grounds);
  const gaps = [...covered.holes, ...covered.open];
  const others =
    steps.length === 0 ? [] : [`${steps.length} calls on the resource, none of which accounts for the live value`];
  const verdict = gaps.length > 0 ? 'cannot-tell' : 'none-found';
  return answer(verdict, [], undefined, steps.slice(-MOST_TOUCHED), [...gaps, ...others], grounds);
}

/** A service is never a person, and the known pipeline is told only where its identity and its tool agree. */
function ownVerdict(step: Step, otherwise: Verdict, behind: Behind): Verdict {
  if (behind.actor(step.record).kind === 'service') return 'service';
  return behind.isPipeline(step.record) ? 'by-iac' : otherwise;
}

function isRival(actor: Actor, author: Actor): boolean {
  return !isSameActor(actor, author) && isByHand(actor) && isByHand(author);
}

function unnamed(actors: readonly Actor[]): readonly string[] {
  return actors.flatMap(({ kind, name }) => {
    if (kind === 'role') return [`the log does not name the person behind ${name}`];
    return kind === 'unknown' ? ['the log does not name the caller'] : [];
  });
}

function answer(
  verdict: Verdict,
  actors: readonly Actor[],
  step: Step | undefined,
  steps: readonly Step[],
  missing: readonly string[],
  { covered }: Grounds,
): Attribution {
  return {
    verdict,
    actors,
    occurredAt: step?.record.eventTime ?? null,
    call: step === undefined ? null : callLabel(step.record),
    events: steps.map(({ record, effect, mentioned, sha256 }) =>
      evidenceOf(record, [...mentioned, ...effect.at], sha256),
    ),
    reason: null,
    lookedIn: [],
    missing: [...new Set(missing)],
    searched: covered.searched,
  };
}
