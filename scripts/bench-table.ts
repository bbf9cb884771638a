import type { Measured } from './bench-run.ts';

/** One promise and whether it was kept. */
export interface Verdict {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly met: boolean;
}

const FASTER_FIRST = 4;
const FASTER_CACHED = 6;
const FASTER_MANY = 20;
/** Resources from which a speed is promised. */
const PROMISED_FROM = 40;
const PEAK_FIRST = 250;
const PEAK_CACHED = 120;

/** Holds the figures against what is promised. */
export function judge(measured: readonly Measured[]): readonly Verdict[] {
  return measured.flatMap((one) => {
    const what = `${one.stack}, ${one.delay} ms added`;
    const many = one.workspaces > 1;
    const peaks = [
      atMost(`${what}, peak memory of the first run`, one.firstPeak, PEAK_FIRST),
      atMost(`${what}, peak memory cached`, one.cachedPeak, PEAK_CACHED),
    ];
    // Of the small stack's time, two thirds are the provider's start and one read in which it waits: no promise is made.
    if (one.resources < PROMISED_FROM) return peaks;
    return [
      atLeast(`${what}, first run`, one.terraform / one.first, many ? FASTER_MANY : FASTER_FIRST),
      atLeast(`${what}, cached`, one.terraform / one.cached, many ? FASTER_MANY : FASTER_CACHED),
      ...peaks,
    ];
  });
}

function atLeast(what: string, got: number, wanted: number): Verdict {
  return { what, wanted: `at least ${wanted}x`, got: `${got.toFixed(1)}x`, met: got >= wanted };
}

function atMost(what: string, got: number, wanted: number): Verdict {
  return { what, wanted: `under ${wanted} MiB`, got: `${got.toFixed(0)} MiB`, met: got < wanted };
}

/** The figures and the verdicts as text. */
export function table(measured: readonly Measured[], verdicts: readonly Verdict[]): string {
  const head = [
    'stack',
    'workspaces',
    'resources',
    'added',
    'terraform',
    'first',
    'cached',
    'first x',
    'cached x',
    'peak',
  ];
  const rows = measured.map((one) => [
    one.stack,
    String(one.workspaces),
    String(one.resources),
    `${one.delay} ms`,
    seconds(one.terraform),
    seconds(one.first),
    seconds(one.cached),
    `${(one.terraform / one.first).toFixed(1)}x`,
    `${(one.terraform / one.cached).toFixed(1)}x`,
    `${one.firstPeak.toFixed(0)}/${one.cachedPeak.toFixed(0)} MiB`,
  ]);
  const promises = verdicts.map(({ what, wanted, got, met }) => [met ? 'met' : 'MISSED', what, wanted, got]);
  return `${columns([head, ...rows])}\n\n${columns(promises)}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Rows as text, column under column. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
