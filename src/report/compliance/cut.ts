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

export function cut<T>(
  rows: readonly T[],
  { folded, most }: { readonly folded: number; readonly most: number },
): Cut<T> {
  return {
    rows: rows.slice(0, most),
    folded: rows.length > folded,
    total: rows.length,
    hidden: Math.max(0, rows.length - most),
  };
}
