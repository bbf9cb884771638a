const SHORTEST = 6;

/**
 * Makes a function that takes known secrets out of free text, such as a provider's diagnostic that quotes the request.
 * Secrets under six characters are left alone: replacing every "1" would destroy the message and hide nothing.
 */
export function scrubber(secrets: Iterable<string>): (text: string) => string {
  const needles = [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST);
  needles.sort((a, b) => b.length - a.length);
  return (text) => needles.reduce((scrubbed, needle) => scrubbed.split(needle).join('(sensitive)'), text);
}
