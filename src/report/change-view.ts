import type { Change } from '../model/drift.ts';
import type { SignedChange } from '../model/entry.ts';
import { isArray, isMap, type Value } from '../model/value.ts';
import { blockLines, cutPair, type DiffLimits, diffLines, type Line } from './text/line-diff.ts';
import { inlineValue, jsonDocument, prettyValue } from './text/value-text.ts';
import { causeWord } from './words.ts';

/** How one change is shown, in every format alike. Either `lines` are there, or `before` and `after` stand alone. */
export interface ChangeView {
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly sign: '+' | '-' | '~';
  readonly cause: string;
  readonly sensitive: boolean;
  /** Text of the declared side; `(not set)` where nothing stands there. */
  readonly before: string;
  readonly after: string;
  readonly long: boolean;
  readonly lines: readonly LineView[];
}

export interface LineView extends Line {
  readonly name: 'added' | 'removed' | 'same' | 'hidden';
}

/** The changes of one drift, also parted into those that fit a table row and those that need a block of lines. */
export interface ChangesView {
  readonly changes: readonly ChangeView[];
  readonly shortChanges: readonly ChangeView[];
  readonly longChanges: readonly ChangeView[];
  /** Whether the causes differ, so that each change has to name its own. */
  readonly mixed: boolean;
}

export function changesView(changes: readonly (Change | SignedChange)[], limits: DiffLimits): ChangesView {
  const views = changes.map((change) => changeView(change, limits));
  return {
    changes: views,
    shortChanges: views.filter((change) => !change.long),
    longChanges: views.filter((change) => change.long),
    mixed: new Set(views.map((change) => change.cause)).size > 1,
  };
}

/** Characters that both sides together may take to be shown on one line. */
const INLINE = 72;
const SIGNS = { add: '+', remove: '-', replace: '~' } as const;
const LINE_NAMES = { '+': 'added', '-': 'removed', ' ': 'same', '~': 'hidden' } as const;

/** Turns one change into what is shown of it: one line where both sides are short, the changed lines where not. */
function changeView(change: Change | SignedChange, limits: DiffLimits): ChangeView {
  const before = sideText(change.before, change.sensitive, change.op === 'add');
  const after = sideText(change.after, change.sensitive, change.op === 'remove');
  const short = before.length + after.length <= Math.min(INLINE, limits.columns);
  const lines = short ? [] : changedLines(change, limits);
  const [oldText, newText] = cutPair(before, after, limits.columns);
  return {
    path: change.path === '' ? '(whole resource)' : change.path,
    op: change.op,
    sign: SIGNS[change.op],
    cause: causeWord(change.cause),
    sensitive: change.sensitive,
    before: oldText,
    after: newText,
    long: lines.length > 0,
    lines: lines.map(({ sign, text }) => ({ sign: sign === '~' ? ' ' : sign, text, name: LINE_NAMES[sign] })),
  };
}

function sideText(value: Value, masked: boolean, absent: boolean): string {
  return absent || value === null ? '(not set)' : inlineValue(value, masked);
}

function changedLines(change: Change | SignedChange, limits: DiffLimits): Line[] {
  if (change.op === 'add') return blockLines(documentText(change.after, change.sensitive), '+', limits);
  if (change.op === 'remove') return blockLines(documentText(change.before, change.sensitive), '-', limits);
  const lines = diffLines(
    documentText(change.before, change.sensitive),
    documentText(change.after, change.sensitive),
    limits,
  );
  if (lines.length > 0) return lines;
  return diffLines(rawText(change.before, change.sensitive), rawText(change.after, change.sensitive), limits);
}

/** A structured value or JSON document laid out over lines; any other text as it is. */
function documentText(value: Value, masked: boolean): string {
  const document = masked ? undefined : jsonDocument(value);
  if (document !== undefined) return prettyValue(document, false);
  return isMap(value) || isArray(value) ? prettyValue(value, masked) : rawText(value, masked);
}

function rawText(value: Value, masked: boolean): string {
  return typeof value === 'string' && !masked ? value : sideText(value, masked, false);
}
