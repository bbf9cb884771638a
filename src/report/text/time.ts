const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** RFC 3339 to `2026-03-14 02:03:11 UTC`. Text that is no time comes back unchanged: the reader sees what was recorded. */
export function utc(time: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A length of time in milliseconds, in the two largest units that say something: `2.1 s`, `4 m 10 s`, `3 d 4 h`. */
export function span(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return two(ms, MINUTE, 'm', SECOND, 's');
  if (ms < DAY) return two(ms, HOUR, 'h', MINUTE, 'm');
  return two(ms, DAY, 'd', HOUR, 'h');
}

function two(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big);
  return `${whole} ${bigName} ${String(Math.floor((ms % big) / small)).padStart(2, '0')} ${smallName}`;
}

/** Milliseconds from one RFC 3339 time to another; undefined where one of them is none. */
export function between(from: string, to: string): number | undefined {
  const length = Date.parse(to) - Date.parse(from);
  return Number.isNaN(length) ? undefined : length;
}
