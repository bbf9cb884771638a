import type { ScanEntry } from '../model/history.ts';
import { CHANGE_CLASSES, type ChangeClass, type PopulationCount, type RegisterRow } from './model.ts';
import { populationDigests } from './population-file.ts';

/** Changes of the period by class, and what the scans' reconciliations with the audit log add up to. */
export function populationOf(rows: readonly RegisterRow[], scans: readonly ScanEntry[]): PopulationCount {
  const own = rows.filter((row) => !row.carriedOver);
  const classes = Object.fromEntries(
    CHANGE_CLASSES.map((name) => [name, own.filter((row) => row.class === name).length]),
  );
  const unattributed = own.filter((row) => !row.attributed && row.class !== 'unapplied');
  const audited = scans.flatMap((scan) => scan.statement.predicate.scan.population ?? []);
  const sum = (of: (one: (typeof audited)[number]) => number): number =>
    audited.reduce((total, one) => total + of(one), 0);
  return {
    changes: own.length,
    classes: classes as { [C in ChangeClass]: number },
    unattributed: counted(unattributed.map((row) => row.verdict)),
    audited: audited.length,
    unaudited: scans.length - audited.length,
    events: sum((one) => one.events),
    entries: sum((one) => one.entries),
    excluded: added(audited.map((one) => one.excluded)),
    difference: sum((one) => one.difference),
    uncovered: uncovered(audited),
    list: populationDigests(own),
  };
}

/** Times between the windows that audited scans read, in the order of the scans. */
function uncovered(
  windows: readonly { readonly from: string | null; readonly to: string }[],
): { from: string; to: string }[] {
  const holes: { from: string; to: string }[] = [];
  let reached: string | undefined;
  for (const { from, to } of windows) {
    if (reached !== undefined && from !== null && Date.parse(from) > Date.parse(reached))
      holes.push({ from: reached, to: from });
    if (reached === undefined || Date.parse(to) > Date.parse(reached)) reached = to;
  }
  return holes;
}

function added(all: readonly { readonly [reason: string]: number }[]): { [reason: string]: number } {
  const sums = new Map<string, number>();
  for (const one of all) for (const [reason, n] of Object.entries(one)) sums.set(reason, (sums.get(reason) ?? 0) + n);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function counted(words: readonly string[]): { [word: string]: number } {
  return added(words.map((word) => ({ [word]: 1 })));
}
