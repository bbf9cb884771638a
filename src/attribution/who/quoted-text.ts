import { isSecretText } from '../../resources/secret-text.ts';

/** Characters of a text that somebody else wrote; the rest is cut. */
const LONGEST = 300;
const HIDDEN = '(hidden: it looks like a secret)';

/** What AWS and tools write in place of a value that they hide. */
const HIDDEN_BY_AWS =
  /^(?:HIDDEN_DUE_TO_SECURITY_REASONS|<sensitiveDataRemoved>|Value hidden due to security reasons\.?|\*{2,}|\(sensitive[^)]*\)|REDACTED)$/i;

/** Temporary credentials that travel as text: session tokens begin so (STS), and are never shorter. */
const SESSION_TOKEN = /\b(?:IQoJ|FwoG|FQoG|AQoD)[A-Za-z0-9+/=]{80,}/;

/**
 * A text of a log or another file as it may be quoted: at most 300 characters, and nothing of it where it looks like a
 * secret. Control characters stay: whoever prints it makes them visible.
 */
export function quoted(text: string): string {
  if (isSecretText(text) || SESSION_TOKEN.test(text)) return HIDDEN;
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

/** Whether a text says only that a value was hidden: no reason, no name. */
export function isHiddenText(text: string): boolean {
  return HIDDEN_BY_AWS.test(text.trim());
}
