import type { AnswerView } from '../answer-view.ts';
import type { ChangeView, LineView } from '../change-view.ts';
import type { Paint } from '../text/paint.ts';
import { displayWidth, padEnd, wrap } from '../text/width.ts';
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
    ...drift.waiver.flatMap((line) => wrap(line, width - 4)).map((line) => `  ${paint.yellow(line)}`),
    ...shown.flatMap((change) => paintChange(change, drift.mixed, paint, column, width)),
    ...(drift.answer === null ? [] : paintAnswer(drift.answer, paint, width, all)),
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

/** The answers below the changes, one a line, so that an eye finds each at its place. */
export function paintAnswer(answer: AnswerView, paint: Paint, width: number, all: boolean): string[] {
  const row = (label: string, text: string): string[] => {
    const [first = '', ...rest] = wrap(text, width - 12);
    return [`    ${paint.dim(label.padEnd(6))}  ${first}`, ...rest.map((line) => `            ${line}`)];
  };
  const call = [answer.call, ...answer.events.slice(0, 1).map(({ id }) => `event ${id}`)].filter(
    (text) => text !== null,
  );
  return [
    ...row('who', `${answer.who} · ${answer.verdict}`),
    ...(answer.when === null ? [] : row('when', answer.when)),
    ...(call.length === 0 ? [] : row('call', call.join(' · '))),
    ...row('why', answer.why),
    ...answer.paths.flatMap(({ path, who, when }) => row('', `${path}: ${who}${when === null ? '' : `, ${when}`}`)),
    ...answer.missing.flatMap((text) => row('lacks', text)),
    ...(all && answer.searched !== null ? row('log', answer.searched) : []),
  ];
}

/** One change: a line where both sides fit, else a block. */
export function paintChange(change: ChangeView, mixed: boolean, paint: Paint, column: number, width: number): string[] {
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
