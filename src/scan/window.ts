import type { AuditWindow } from '../attribution/port.ts';

/**
 * The time in which a log is read: from the earliest of the moments at which something may have begun. null: that is not
 * known, and `oldest` stands for it, as it does where there is no moment at all; an `oldest` of null is all of the log.
 */
export function windowOf(begins: readonly (string | null)[], to: string, oldest: string | null): AuditWindow {
  const known = begins.length === 0 ? [oldest] : begins.map((one) => one ?? oldest);
  const from = known.reduce((first, one) => (first === null || one === null ? null : earlier(first, one)));
  return { from, to };
}

function earlier(a: string, b: string): string {
  return Date.parse(b) < Date.parse(a) ? b : a;
}
