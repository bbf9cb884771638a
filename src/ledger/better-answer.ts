import type { DriftAttribution, Verdict } from '../model/attribution.ts';
import type { Entry } from '../model/entry.ts';
import type { Saying } from './annotation-statement.ts';
import { answerOf, pathAnswers } from './answer.ts';
import type { OpenAnswer } from './recall-answers.ts';

/** How much an answer says. Between equals, what was recorded first stays. */
export const RANKS: Readonly<Record<Verdict, number>> = {
  'not-attempted': 0,
  'cannot-tell': 1,
  'none-found': 2,
  'not-logged': 2,
  touched: 3,
  several: 4,
  likely: 5,
  service: 6,
  'by-iac': 6,
  confirmed: 6,
  stated: 6,
};

/**
 * Whether a later look into the audit log knows more than the recorded answer: a surer verdict, or a reason where there
 * was none. A later look that knows less (a log that was cut short since) replaces nothing.
 */
export function isBetter(earlier: Pick<OpenAnswer, 'verdict' | 'hasReason'>, later: DriftAttribution): boolean {
  const gained = RANKS[later.verdict] - RANKS[earlier.verdict];
  return gained > 0 || (gained === 0 && !earlier.hasReason && later.reason !== null);
}

/** What to say of a drift's entry when a later look knows more: who, when and why anew, with the events behind it. */
export function correctionOf(entry: Entry, attribution: DriftAttribution): Saying {
  const { who, occurredAt, occurredAtSource, why, evidence } = answerOf(attribution);
  const paths = [...pathAnswers(attribution)].map(([path, answer]) => ({ path, ...answer }));
  return {
    annotation: {
      kind: 'correction',
      text: 'A later look into the audit log',
      by: 'driftbom',
      correction: {
        who,
        why,
        paths,
        ...(occurredAt === null ? {} : { occurredAt }),
        ...(occurredAtSource === null ? {} : { occurredAtSource }),
      },
    },
    about: [entry],
    evidence,
  };
}
