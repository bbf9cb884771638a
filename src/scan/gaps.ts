import type { Gap, LiveAnswer } from '../model/resource.ts';
import { scrubber } from '../resources/scrub.ts';
import { secretTexts } from '../resources/secret-texts.ts';

/** A provider's diagnostic may quote what it was sent: takes every secret that the states hold out of gap messages. */
export function scrubGaps(gaps: readonly Gap[], answers: readonly LiveAnswer[]): Gap[] {
  if (gaps.length === 0) return [];
  const scrub = scrubber(answers.flatMap((answer) => secretTexts(answer.resource, answer.schema)));
  return gaps.map((gap) => ({ ...gap, message: scrub(gap.message) }));
}
