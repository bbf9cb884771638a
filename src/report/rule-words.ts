import type { NotAssessed } from '../model/rule.ts';

const MEANINGS: Readonly<Record<NotAssessed, string>> = {
  unread: 'the resource could not be read',
  undecodable: 'the value is no object, or nested too deep',
  secret: 'the value is a secret, and rules see none',
  unknown: 'nobody knows the value before an apply',
  'never-read': 'the service never gives the value back',
  'not-set': 'nobody set it, and the rule does not say what that means',
  'no-number': 'the value is no number',
  'no-value': 'a block stands there, and no single value',
};

/** One sentence that says why a rule can say nothing. */
export function notAssessedMeaning(reason: NotAssessed): string {
  return MEANINGS[reason];
}
