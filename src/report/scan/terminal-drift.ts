import type { ChangeView, LineView } from '../change-view.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, padEnd } from '../text/width.ts';
import type { DriftView } from './view.ts';

const MOST_CHANGES = 20;
const WIDEST_PATH = 36;

/** One resource: a title line, where it stands, and its changes in a column. */
export function paintDrift(drift: DriftView, paint: Paint, width: number, all: boolean): string[] {
  const colour = { '~': paint.yellow, '-': paint.red, '+': paint.cyan }[drift.sign];
  const shown = all ? drift.changes : drift.changes.slice(0, MOST_CHANGES);
  const column = Math.min(WIDEST_PATH, Math.max(0, ...shown.map((change) => displayWidth(change.path))));
  const lines = [
    `${colour(paint.bold(drift.sign))} ${paint.bold(drift.address)}`,
    `  ${paint.dim(standing(drift))}`,
    ...shown.flatMap((change) => paintChange(change, drift.mixed, paint, column, width)),
  ];
  if (shown.length < drift.changes.length) {
    lines.push(paint.dim(`    … and ${drift.changes.length - shown.length} more attributes (show them with --all)`));
  }
  return lines;
}

function standing(drift: DriftView): string {
  const entry = drift.entry === null ? [] : [`entry ${drift.entry.index} ${drift.entry.short}`];
  const id = drift.kind === 'changed' || drift.id === null ? [] : [`id ${drift.id}`];
  return [drift.kind, ...id, drift.cause, ...(drift.standing === null ? [] : [drift.standing]), ...entry].join(' · ');
}

function paintChange(change: ChangeView, mixed: boolean, paint: Paint, column: number, width: number): string[] {
  const sign = { '+': paint.green, '-': paint.red, '~': paint.yellow }[change.sign](change.sign);
  const cause = mixed ? paint.dim(` (${change.cause})`) : '';
  if (change.long) {
    return [`    ${sign} ${change.path}${cause}`, ...change.lines.map((line) => paintLine(line, paint))];
  }
  const sides = [
    ...(change.op === 'add' ? [] : [paint.red(change.before)]),
    ...(change.op === 'remove' ? [] : [paint.green(change.after)]),
  ];
  const plain = displayWidth(`      ${change.before} → ${change.after}`) + column;
  if (plain <= width || sides.length === 1) {
    return [`    ${sign} ${padEnd(change.path, column)}  ${sides.join(paint.dim(' → '))}${cause}`];
  }
  return [`    ${sign} ${change.path}${cause}`, `        ${sides[0]}`, `      ${paint.dim('→')} ${sides[1]}`];
}

function paintLine(line: LineView, paint: Paint): string {
  const text = `        ${line.sign} ${line.text}`;
  switch (line.name) {
    case 'added':
      return paint.green(text);
    case 'removed':
      return paint.red(text);
    case 'same':
    case 'hidden':
      return paint.dim(text);
  }
}
