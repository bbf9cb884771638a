import { count } from '../text/plural.ts';

/** Below this not even the headings of a report fit. */
export const FEWEST_BYTES = 2_000;

/** A piece that is kept or left out as a whole: a heading, a row, an item, a fenced block, a line. */
interface Unit {
  readonly kind: 'heading' | 'row' | 'table-head' | 'item' | 'block' | 'blank' | 'line';
  readonly text: string;
}

interface Cut {
  readonly text: string;
  readonly left: readonly Unit[];
}

/**
 * A Markdown report cut to at most `most` bytes (UTF-8), for places that refuse more: a job summary, a comment. Every
 * section keeps its heading and as much as fits, the short ones all of it; where something was left out stands how much.
 * What fits comes back unchanged. `most` is at least FEWEST_BYTES.
 */
export function cutMarkdown(text: string, most: number): string {
  const size = bytesOf(text);
  if (size <= most) return text;
  // What a report was made with is a comment of its own; a cut report cannot be made again.
  const sections = sectionsOf(text.replace(/^<!-- driftbom-report:.*$/m, '').trimEnd());
  const note = `> **Cut to ${most} of ${size} bytes.** Each section says what it leaves out; the whole is in the other outputs.`;
  for (let kept = sections.length; kept > 0; kept--) {
    const shown = sections.slice(0, kept);
    const rest = restNote(sections.slice(kept));
    const at = (share: number): string => assembled(shown, share, note, rest);
    if (bytesOf(at(0)) > most) continue;
    return at(largest(most, (share) => bytesOf(at(share)) <= most));
  }
  return `${note}\n`;
}

/** The largest whole number from 0 to `most` for which it holds; it holds for 0, and for all below one that holds. */
function largest(most: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function assembled(sections: readonly (readonly Unit[])[], share: number, note: string, rest: string): string {
  const [first = '', ...others] = sections.map((section) => withNote(cutSection(section, share)));
  const [title = '', ...body] = first.split('\n');
  return `${[title, '', note, ...body, ...others, ...(rest === '' ? [] : [rest])].join('\n').trimEnd()}\n`;
}

function cutSection(units: readonly Unit[], share: number): Cut {
  let kept = 0;
  let bytes = 0;
  for (const unit of units) {
    bytes += bytesOf(unit.text) + 1;
    if (kept > 0 && bytes > share) break;
    kept++;
  }
  if (kept === units.length) return { text: textOf(units), left: [] };
  // A heading or the head of a table with nothing below it says nothing.
  while (kept > 1 && ['heading', 'table-head', 'blank'].includes((units[kept - 1] as Unit).kind)) kept--;
  return { text: textOf(units.slice(0, kept)).trimEnd(), left: units.slice(kept) };
}

function withNote({ text, left }: Cut): string {
  const said = leftText(left);
  if (said === '') return text;
  const open = (text.match(/<details/g)?.length ?? 0) - (text.match(/<\/details>/g)?.length ?? 0);
  return `${text}\n${'\n</details>'.repeat(Math.max(0, open))}\n> Left out here: ${said}.\n`;
}

function restNote(sections: readonly (readonly Unit[])[]): string {
  if (sections.length === 0) return '';
  return `> Left out: ${count(sections.length, 'whole section')} (${leftText(sections.flat())}).`;
}

/** `3 parts, 12 rows and 4 items`; empty where only blank lines are left. */
function leftText(left: readonly Unit[]): string {
  const of = (...kinds: readonly Unit['kind'][]): number => left.filter((unit) => kinds.includes(unit.kind)).length;
  const parts = [
    { n: of('heading'), word: 'heading' },
    { n: of('row'), word: 'row' },
    { n: of('item'), word: 'item' },
    { n: of('block'), word: 'block' },
    { n: of('line'), word: 'line' },
  ];
  return parts.flatMap(({ n, word }) => (n === 0 ? [] : [count(n, word)])).join(', ');
}

/** Splits before each heading of the second level; the title and what follows it come first. */
function sectionsOf(text: string): Unit[][] {
  const sections: Unit[][] = [[]];
  for (const unit of unitsOf(text.split('\n'))) {
    if (unit.kind === 'heading' && unit.text.startsWith('## ')) sections.push([]);
    sections.at(-1)?.push(unit);
  }
  return sections.filter((section) => section.length > 0);
}

function unitsOf(lines: readonly string[]): Unit[] {
  const units: Unit[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const fence = /^\s*(`{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      const end = lines.findIndex((other, at) => at > i && other.trim() === fence);
      const last = end < 0 ? lines.length - 1 : end;
      units.push({ kind: 'block', text: lines.slice(i, last + 1).join('\n') });
      i = last;
    } else units.push({ kind: kindOf(line, lines[i - 1], lines[i + 1]), text: line });
  }
  return units;
}

function kindOf(line: string, before: string | undefined, after: string | undefined): Unit['kind'] {
  if (line.trim() === '') return 'blank';
  if (/^#{1,6} /.test(line)) return 'heading';
  if (/^\s*(?:[-*]|\d+\.) /.test(line)) return 'item';
  if (!line.startsWith('|')) return 'line';
  const head = before?.startsWith('|') !== true || isRule(line);
  return head && (isRule(line) || (after !== undefined && isRule(after))) ? 'table-head' : 'row';
}

function isRule(line: string): boolean {
  return /^\|[\s:|-]+\|\s*$/.test(line) && line.includes('-');
}

function textOf(units: readonly Unit[]): string {
  return units.map(({ text }) => text).join('\n');
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
