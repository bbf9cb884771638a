import type { Paint } from '../text/paint.ts';
import { wrap } from '../text/width.ts';
import type { RulesView } from './rule-view.ts';

const FIRST_PLACES = 10;

/** What rules forbid, what they could not assess, and how many were asked. */
export function ruleLines(view: RulesView | null, paint: Paint, width: number, all: boolean): string[] {
  if (view === null) return [];
  return [...violationLines(view, paint, width, all), ...unassessedLines(view, paint, width), '', paint.dim(view.sum)];
}

function violationLines({ violations }: RulesView, paint: Paint, width: number, all: boolean): string[] {
  if (violations.count === 0) return [];
  const lines = ['', paint.bold(paint.red(`Rule violations: ${violations.count}`))];
  for (const { id, title, severity, origin, note, places } of violations.rules) {
    const about = [severity, origin, ...(note === null ? [] : [note])].join(' · ');
    lines.push(`  ${paint.bold(id)} ${title} ${paint.dim(`(${about})`)}`);
    const shown = all ? places : places.slice(0, FIRST_PLACES);
    for (const { address, workspace, path, because } of shown) {
      lines.push(`    ${paint.red('✗')} ${address} · ${path} ${paint.dim(`[${workspace}]`)}`);
      lines.push(...wrap(because, width - 8).map((line) => `        ${line}`));
    }
    if (shown.length < places.length) lines.push(paint.dim(`      … and ${places.length - shown.length} more`));
  }
  return lines;
}

function unassessedLines({ notAssessed, unreadable }: RulesView, paint: Paint, width: number): string[] {
  if (notAssessed.count + unreadable.length === 0) return [];
  const rows = notAssessed.rows.flatMap(({ id, reason, meaning, count, first, workspace }) => [
    `  ${paint.yellow(`! ${id} ${reason}`)} ${paint.dim(`(${count}) ${meaning}`)}`,
    `      ${first} ${paint.dim(`[${workspace}]${count > 1 ? ` … and ${count - 1} more` : ''}`)}`,
  ]);
  const broken = unreadable.flatMap((text) =>
    wrap(`! rule of ${text}`, width - 4).map((line) => `  ${paint.yellow(line)}`),
  );
  return ['', paint.bold(paint.yellow(`Not assessed by rules: ${notAssessed.count}`)), ...rows, ...broken];
}
