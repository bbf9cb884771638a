const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads a day of the calendar, `2026-03-14`: milliseconds of its beginning in UTC. Undefined where there is no such day. */
export function readDay(text: string): number | undefined {
  if (!DAY.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  // The parser takes February 30 for March 2.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}

/** Reads a time with its zone (RFC 3339; seconds may be left out): milliseconds. Undefined where it is none. */
export function readTime(text: string): number | undefined {
  const day = MOMENT.exec(text)?.[1];
  if (day === undefined || readDay(day) === undefined) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
