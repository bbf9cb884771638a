import type { Identifier } from './identify.ts';

/** Shorter texts stand in too many records by chance. */
const SHORTEST = 4;
const GENERIC = new Set(
  'default main test prod production stage staging live data logs admin user role name self this root null true false'.split(
    ' ',
  ),
);

/** Whether a text is particular enough to search a log for it. */
function isSearchable(text: string): boolean {
  return text.length >= SHORTEST && !GENERIC.has(text.toLowerCase());
}

/**
 * Texts to search an audit log for: of each resource those identifiers that are particular enough. Of a name beside a
 * parent's, whichever of the two is. What is left out here, `attribute` says of the resource.
 */
export function needlesOf(questions: Iterable<{ readonly identifiers: readonly Identifier[] }>): ReadonlySet<string> {
  const needles = new Set<string>();
  for (const { identifiers } of questions) {
    for (const identifier of identifiers) {
      const needle = needleOf(identifier);
      if (needle !== undefined) needles.add(needle);
    }
  }
  return needles;
}

/** What to search for to find the calls that use an identifier; undefined where nothing of it is particular enough. */
export function needleOf(identifier: Identifier): string | undefined {
  const { text, with: keys = [] } = identifier;
  if (isSearchable(text)) return text;
  // A zone or a group has many children: the child's own name finds fewer records than its parent's.
  const own = keys.filter((key) => isSearchable(key) && /[a-z]/i.test(key) && !/^[[{]/.test(key) && !isBlock(key));
  return own[0];
}

function isBlock(text: string): boolean {
  return /^[0-9a-f.:]+\/\d+$/i.test(text);
}
