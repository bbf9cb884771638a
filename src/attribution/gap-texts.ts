import type { CoverageGap } from './port.ts';

/** Of files with the same fault, so many are named. */
const FIRST_NAMES = 3;
/** Kinds of gaps that are told; a log with more is hardly one. */
const MOST_KINDS = 20;

const kinds = new WeakMap<CoverageGap, string>();

/**
 * Gaps in words, those of one kind as one: `a.json, b.json, c.json and 4997 more: is no JSON`. Messages that differ in
 * numbers alone are of one kind. In the order in which each kind comes first.
 */
export function gapTexts(gaps: readonly CoverageGap[]): readonly string[] {
  const groups = new Map<string, CoverageGap[]>();
  for (const gap of gaps) {
    const kind = kindOf(gap);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [gap]);
    else group.push(gap);
  }
  const told = [...groups.values()].map(groupText);
  if (told.length <= MOST_KINDS) return told;
  const left = [...groups.values()].slice(MOST_KINDS).reduce((sum, group) => sum + group.length, 0);
  return [...told.slice(0, MOST_KINDS), `and ${left} more ${left === 1 ? 'gap' : 'gaps'} of other kinds`];
}

function kindOf(gap: CoverageGap): string {
  const before = kinds.get(gap);
  if (before !== undefined) return before;
  const kind = gap.message.replaceAll(gap.what, '').replace(/\d+/g, '0');
  kinds.set(gap, kind);
  return kind;
}

function groupText(group: readonly CoverageGap[]): string {
  const { message } = group[0] as CoverageGap;
  const names = [...new Set(group.map(({ what }) => what))];
  const more = names.length - FIRST_NAMES;
  const named = `${names.slice(0, FIRST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const same = group.every((gap) => gap.message === message);
  return `${named}: ${message}${same ? '' : ` (${group.length} such)`}`;
}
