/** A list as a page shows it: folded where it is long, cut where it is very long, and never without saying so. */
export interface Cut<T> {
  readonly rows: readonly T[];
  /** Whether the page shows it only when asked. */
  readonly folded: boolean;
  /** What the fold says. */
  readonly total: number;
  /** How many rows are not shown; 0: none. */
  readonly hidden: number;
}

interface Limits {
  readonly folded: number;
  readonly most: number;
}

export function cut<T>(rows: readonly T[], limits: Limits): Cut<T> {
  return cutOf(rows, (row) => row, limits);
}

/** The same, where only what is shown of a list is made into lines. */
export function cutOf<R, T>(rows: readonly R[], line: (row: R) => T, { folded, most }: Limits): Cut<T> {
  return {
    rows: rows.slice(0, most).map((row) => line(row)),
    folded: rows.length > folded,
    total: rows.length,
    hidden: Math.max(0, rows.length - most),
  };
}
