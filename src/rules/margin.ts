/** What somebody says of the bounds of a draft. */
export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Percent of the declared value by which a value may differ. */
  readonly margin: number;
}

/** Percent, where nobody said otherwise. */
export const MARGIN = 10;

/**
 * The bound that a number must not have crossed: the declared value less (or plus) the margin on the side to which it went;
 * half way, where the margin would let the live value pass. `to` undefined: it was unset, and both sides are bounded.
 */
export function bound(
  from: number,
  to: number | undefined,
  { min, max, margin }: Bounds,
): { readonly limits: { readonly [name: string]: number }; readonly note: string | null } {
  if (min !== undefined || max !== undefined) {
    return { limits: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }, note: null };
  }
  const share = (Math.abs(from) * margin) / 100;
  const said = `${margin} % of the declared ${from}`;
  if (to === undefined) return { limits: { min: from - share, max: from + share }, note: `margin: ${said}` };
  const down = to < from;
  const wanted = tidy(down ? from - share : from + share, from, down);
  const holds = down ? wanted > to : wanted < to;
  const limit = holds ? wanted : tidy((from + to) / 2, from, down);
  const note = holds ? `margin: ${said}` : `half way between ${from} and ${to}: ${said} would let ${to} pass`;
  return { limits: down ? { min: limit } : { max: limit }, note };
}

/** Whole numbers stay whole, rounded towards the declared value. */
function tidy(limit: number, from: number, down: boolean): number {
  if (!Number.isInteger(from)) return limit;
  return down ? Math.ceil(limit) : Math.floor(limit);
}
