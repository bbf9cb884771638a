import type { Paint } from './text/paint.ts';
import { grouped } from './text/plural.ts';
import { visible } from './text/visible.ts';
import { wrap } from './text/width.ts';

/** What does not hold: of the same code at most a thousand are told one by one. */
export interface FailureFacts {
  readonly failures: readonly { readonly code: string; readonly index: number | undefined; readonly message: string }[];
  /** How many there are of each code, also of those that are not told. */
  readonly failureCounts: { readonly [code: string]: number | undefined };
}

/** Of entries with the same fault, and of messages of one code, so many are shown. */
const FIRST = 3;

/** The faults of a verification, those of one code as one: its count, the first entries, and what is wrong there. */
export function failureLines({ failures, failureCounts }: FailureFacts, paint: Paint, width: number): string[] {
  const groups = new Map<string, FailureFacts['failures'][number][]>();
  for (const failure of failures) {
    const group = groups.get(failure.code);
    if (group === undefined) groups.set(failure.code, [failure]);
    else group.push(failure);
  }
  return [...groups].flatMap(([code, group]) => {
    const count = Math.max(group.length, failureCounts[code] ?? 0);
    const messages = distinctMessages(group);
    const told = messages.slice(0, FIRST).flatMap(({ index, message }) => {
      const where = count > 1 && index !== undefined ? `entry ${index}: ` : '';
      return wrap(`${where}${visible(message)}`, width - 4).map((line) => `    ${line}`);
    });
    const more = messages.length - FIRST;
    const rest = more > 0 ? [paint.dim(`    … and ${more} more (all with --json)`)] : [];
    return [`${paint.red('✗')} ${paint.bold(code)}${placeOf(group, count)}`, ...told, ...rest];
  });
}

/** ` in entry 3`, or `, 10,000 times: entries 0, 1, 2 and 9,997 more`. */
function placeOf(group: FailureFacts['failures'], count: number): string {
  const indexes = [...new Set(group.flatMap(({ index }) => index ?? []))];
  if (count === 1) return indexes.length === 0 ? '' : ` in entry ${indexes[0]}`;
  const times = `, ${grouped(count)} times`;
  if (indexes.length === 0) return times;
  // Of a code that is not told to the end, each failure that is left out is taken for one entry's.
  const left = indexes.length + count - group.length - FIRST;
  const first = indexes.slice(0, FIRST).join(', ');
  const named = indexes.length === 1 && left <= 0 ? `entry ${first}` : `entries ${first}`;
  return `${times}: ${named}${left > 0 ? ` and ${grouped(left)} more` : ''}`;
}

/** Messages that differ in numbers and digests alone say one thing. */
function distinctMessages(group: FailureFacts['failures']): FailureFacts['failures'] {
  const seen = new Map<string, FailureFacts['failures'][number]>();
  for (const one of group) {
    const kind = one.message.replace(/[0-9a-f]{8,}|\d+/g, '0');
    if (!seen.has(kind)) seen.set(kind, one);
  }
  return [...seen.values()];
}
