/** A stretch of time in milliseconds, both ends inside; open ends are infinite. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The stretch between two RFC 3339 times; null is open. */
export function spanOf(from: string | null, to: string | null): Span {
  return { from: from === null ? -Infinity : Date.parse(from), to: to === null ? Infinity : Date.parse(to) };
}

export function overlaps(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** When a change happened: the very moment where it is known, else the bounds, widened by `slack` milliseconds. */
export function momentOf(
  change: { readonly occurredAt: string | null; readonly notBefore: string | null; readonly notAfter: string },
  slack = 0,
): Span {
  const { occurredAt, notBefore, notAfter } = change;
  const { from, to } = occurredAt === null ? spanOf(notBefore, notAfter) : spanOf(occurredAt, occurredAt);
  return { from: from - slack, to: to + slack };
}
