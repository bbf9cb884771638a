import type { IncidentRecord, WhyStep } from '../../model/incident-record.ts';

/** What every incident is asked. The evidence stands beside each; the answer is a person's. */
export const WHY_QUESTIONS = [
  ['possible', 'How was this change possible?'],
  ['caught', 'Why was it not caught when it was made?'],
  ['canary', 'Why did no canary or gradual rollout stop it?'],
  ['detection', 'Why did detection take as long as it did?'],
  ['rollback', 'Why did the way back take as long as it did?'],
] as const;
export type WhyKey = (typeof WHY_QUESTIONS)[number][0];

/** A question, and what was answered last. */
export interface Why {
  /** Null for a question that somebody put himself. */
  readonly key: WhyKey | null;
  readonly question: string;
  readonly step: WhyStep | null;
}

/** The standing questions and those that people put, each with its answer where there is one. */
export function whysOf({ whys }: IncidentRecord): Why[] {
  const keyOf = (step: WhyStep): WhyKey | undefined =>
    WHY_QUESTIONS.find(([key, question]) => [key, question].some((one) => same(one, step.question)))?.[0];
  const standing = WHY_QUESTIONS.map(([key, question]): Why => {
    const steps = whys.filter((step) => keyOf(step) === key);
    return { key, question, step: steps.findLast(({ answer }) => answer !== null) ?? steps.at(-1) ?? null };
  });
  const own = whys.filter((step) => keyOf(step) === undefined);
  return [...standing, ...own.map((step): Why => ({ key: null, question: step.question, step }))];
}

function same(a: string, b: string): boolean {
  const plain = (text: string): string => text.trim().toLowerCase().replace(/\?+$/, '');
  return plain(a) === plain(b);
}
