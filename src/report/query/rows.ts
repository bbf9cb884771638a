import type { Paint } from '../text/paint.ts';
import { visible } from '../text/visible.ts';
import { wrap } from '../text/width.ts';

/** A label with its text; an empty label goes on with the one before. */
export interface Row {
  readonly label: string;
  readonly text: string;
}

/** Labelled lines, the text wrapped into its column. Hostile text is made inert here. */
export function labelled(rows: readonly Row[], paint: Paint, width: number, indent = 4, column = 10): string[] {
  const left = ' '.repeat(indent);
  return rows.flatMap(({ label, text }) => {
    const [first = '', ...rest] = wrap(visible(text), Math.max(40, width - indent - column - 2));
    const more = rest.map((line) => `${left}${' '.repeat(column + 2)}${line}`);
    return [`${left}${paint.dim(label.padEnd(column))}  ${first}`, ...more];
  });
}
