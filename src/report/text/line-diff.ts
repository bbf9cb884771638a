import { structuredPatch } from 'diff';
import { count } from './plural.ts';
import { cut } from './width.ts';

/** One line of a shown difference. `~` says that unchanged or surplus lines stand there and are not shown. */
export interface Line {
  readonly sign: '+' | '-' | ' ' | '~';
  readonly text: string;
}

export interface DiffLimits {
  /** Lines of one difference. */
  readonly lines: number;
  /** Characters of one line. */
  readonly columns: number;
}

const CONTEXT = 2;
/** Beyond this edit distance the two texts have little in common and a minimal diff costs more than it tells. */
const MOST_EDITS = 2000;

/** The changed hunks of two texts with a little context, in unified order. Empty where the texts are equal. */
export function diffLines(before: string, after: string, limits: DiffLimits): Line[] {
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const patch = structuredPatch('', '', `${before}\n`, `${after}\n`, '', '', options);
  if (patch === undefined) return [...blockLines(before, '-', limits), ...blockLines(after, '+', limits)];
  const lines: Line[] = [];
  let next = 1;
  for (const hunk of patch.hunks) {
    if (hunk.oldStart > next) lines.push(hidden(hunk.oldStart - next, 'unchanged line'));
    for (const line of hunk.lines) lines.push({ sign: line[0] as '+' | '-' | ' ', text: line.slice(1) });
    next = hunk.oldStart + hunk.oldLines;
  }
  const rest = before.split('\n').length + 1 - next;
  if (lines.length > 0 && rest > 0) lines.push(hidden(rest, 'unchanged line'));
  return limited(shortened(lines, limits.columns), limits.lines);
}

/** Every line of a text under one sign: something that stands on one side only. */
export function blockLines(text: string, sign: '+' | '-', limits: DiffLimits): Line[] {
  const lines = text.split('\n').map((line): Line => ({ sign, text: cut(line, limits.columns) }));
  return limited(lines, limits.lines);
}

function limited(lines: readonly Line[], most: number): Line[] {
  if (lines.length <= most + 1) return [...lines];
  return [...lines.slice(0, most), hidden(lines.length - most, 'more line')];
}

function hidden(n: number, what: string): Line {
  return { sign: '~', text: `… ${count(n, what)}` };
}

/** Shortens long lines so that where a removed line and its successor part stays in sight. */
function shortened(lines: readonly Line[], columns: number): Line[] {
  const shown = [...lines];
  for (let start = 0; start < lines.length; ) {
    const removed = runOf(lines, start, '-');
    const added = runOf(lines, start + removed, '+');
    for (let i = 0; i < Math.min(removed, added); i++) {
      const [old, now] = cutPair(at(lines, start + i), at(lines, start + removed + i), columns);
      shown[start + i] = { sign: '-', text: old };
      shown[start + removed + i] = { sign: '+', text: now };
    }
    start += Math.max(1, removed + added);
  }
  return shown.map((line) => ({ sign: line.sign, text: cut(line.text, columns) }));
}

function runOf(lines: readonly Line[], from: number, sign: Line['sign']): number {
  let length = 0;
  while (lines[from + length]?.sign === sign) length++;
  return length;
}

function at(lines: readonly Line[], index: number): string {
  return lines[index]?.text ?? '';
}

/** Drops what two long texts have in common at the front, all but a little. */
export function cutPair(before: string, after: string, columns: number): [string, string] {
  if (before.length <= columns && after.length <= columns) return [before, after];
  let common = 0;
  while (common < before.length && before[common] === after[common]) common++;
  const dropped = common - Math.floor(columns / 4);
  if (dropped < 20) return [cut(before, columns), cut(after, columns)];
  return [before, after].map((text) => cut(`…${text.slice(dropped)}`, columns)) as [string, string];
}
