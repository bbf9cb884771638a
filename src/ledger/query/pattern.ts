/** A test of one text. */
export type Matcher = (text: string) => boolean;

/** A pattern for a whole text: `*` stands for any run of characters, `?` for one. Upper and lower case are alike. */
export function globMatcher(pattern: string): Matcher {
  const expression = new RegExp(`^${source(pattern)}$`, 'iu');
  return (text) => expression.test(text);
}

/**
 * A pattern for addresses and attribute paths: the thing itself and all that lies below it (`module.net` covers
 * `module.net.aws_vpc.main`, `tags` covers `tags.Owner`, `aws_x.y` covers `aws_x.y[0]`), with `*` and `?` as wildcards.
 */
export function belowMatcher(pattern: string): Matcher {
  if (!/[*?]/.test(pattern)) {
    return (text) =>
      text.startsWith(pattern) && (text.length === pattern.length || /[.[]/.test(text[pattern.length] as string));
  }
  const expression = new RegExp(`^${source(pattern)}(?:$|[.[])`, 'u');
  return (text) => expression.test(text);
}

function source(pattern: string): string {
  const parts = pattern.replace(/\*+/g, '*').split(/([*?])/);
  return parts
    .map((part) => (part === '*' ? '[^]*' : part === '?' ? '[^]' : part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')))
    .join('');
}
