import type { CoverageGap } from '../port.ts';
import type { TrailKey } from './layout.ts';
import { DAY, HOUR, type Scope, timeText } from './window.ts';

/** How many of the hours around a missing one must have files, for the missing one to be remarkable. */
const DENSE = 0.9;
/** Hours looked at on both sides. */
const AROUND = 12;

/**
 * Hours and days of the window for which there is no file, in accounts and regions that have files before and after. An
 * hour without files is remarkable only where nearly all hours around it have some: quiet regions have few.
 */
export function deliveryGaps(keys: readonly TrailKey[], scope: Scope): readonly CoverageGap[] {
  const places = new Map<string, { readonly key: TrailKey; readonly hours: Set<number> }>();
  for (const key of keys) {
    if (key.kind !== 'log') continue;
    const name = `${key.account} ${key.region}`;
    const place = places.get(name) ?? { key, hours: new Set() };
    place.hours.add(Math.floor(key.time / HOUR));
    places.set(name, place);
  }
  return [...places.keys()].sort().flatMap((name) => {
    const hours = places.get(name)?.hours ?? new Set<number>();
    return missingSpans(hours, scope).map(([from, to]) => ({
      what: `${name} ${timeText(from * HOUR)}`,
      message: `no file of ${name.replace(' ', ' in ')} was delivered between ${timeText(from * HOUR)} and ${timeText(to * HOUR)}, though there are files before and after`,
    }));
  });
}

/** Spans of hours, end exclusive. */
function missingSpans(hours: ReadonlySet<number>, scope: Scope): readonly (readonly [number, number])[] {
  const sorted = [...hours].sort((a, b) => a - b);
  const spans: (readonly [number, number])[] = [];
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1] as number;
    const after = sorted[i] as number;
    // What was called in the hours without files would have been delivered in them or up to a day later.
    if (after - before <= 1 || after * HOUR < scope.from || before * HOUR > scope.to) continue;
    const days = (after - before) * HOUR >= 2 * DAY && regular(sorted, i);
    if (days || isDense(hours, before, after)) spans.push([before + 1, after]);
  }
  return spans;
}

function isDense(hours: ReadonlySet<number>, before: number, after: number): boolean {
  let filled = 0;
  for (let i = 0; i < AROUND; i++) filled += Number(hours.has(before - i)) + Number(hours.has(after + i));
  return filled >= DENSE * 2 * AROUND;
}

/** Whether there is a file on the day before and on the day after, and no such long pause next to this one. */
function regular(sorted: readonly number[], at: number): boolean {
  const pause = (i: number): number => (sorted[i] ?? Number.POSITIVE_INFINITY) - (sorted[i - 1] ?? 0);
  return at > 1 && pause(at - 1) * HOUR < DAY && pause(at + 1) * HOUR < DAY;
}
