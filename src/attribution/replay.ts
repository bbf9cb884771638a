import { byCodeUnit } from '../model/order.ts';
import type { AuditRecord } from './port.ts';
import type { Effect } from './effect-kind.ts';
import type { Reach } from './mention.ts';

/** A call on a resource and what it did to one attribute. */
export interface Step {
  readonly record: AuditRecord;
  readonly effect: Effect;
  readonly reach: Reach;
  /** Places of the record that name the resource. */
  readonly mentioned: readonly string[];
  /** The record's digest. */
  readonly sha256: string;
}

/**
 * What the calls add up to. written: these brought the live value, the first writers since it was another; `again` wrote
 * the same once more. hidden: these set it, to what the log does not show. lost: the last value that the log shows is not
 * the live one, so a call is missing. touched: nothing shows this attribute.
 */
export type Outcome =
  | {
      readonly kind: 'written';
      readonly first: readonly Step[];
      readonly again: readonly Step[];
      /** Before them the log shows another value, so nobody can have written this one earlier. */
      readonly opened: boolean;
      /** Calls before them of which the log hides the value: they may have been first. */
      readonly veiled: readonly Step[];
    }
  | { readonly kind: 'hidden' | 'lost' | 'touched'; readonly steps: readonly Step[] }
  | { readonly kind: 'none' };

/** Within one second the log has no order; the live value says that who wrote it was last. */
const ORDER: { readonly [kind in Effect['kind']]: number } = { possible: 0, other: 1, hidden: 2, live: 3 };

/** Replays the calls on one attribute from the last known value to the live one. */
export function replay(steps: readonly Step[]): Outcome {
  const telling = steps.filter((step) => step.effect.kind !== 'possible');
  if (telling.length === 0) return steps.length > 0 ? { kind: 'touched', steps } : { kind: 'none' };
  const sorted = telling.sort(
    (a, b) =>
      byCodeUnit(a.record.eventTime, b.record.eventTime) ||
      ORDER[a.effect.kind] - ORDER[b.effect.kind] ||
      byCodeUnit(a.record.eventId, b.record.eventId),
  );
  const last = sorted.findLastIndex((step) => step.effect.kind === 'other');
  const run = sorted.slice(last + 1);
  const live = run.filter((step) => step.effect.kind === 'live');
  const [first] = live;
  if (first !== undefined) {
    const together = live.filter((step) => step.record.eventTime === first.record.eventTime);
    return {
      kind: 'written',
      first: together,
      again: live.slice(together.length),
      opened: last >= 0,
      veiled: run.slice(0, run.indexOf(first)),
    };
  }
  return run.length > 0 ? { kind: 'hidden', steps: run } : { kind: 'lost', steps: sorted };
}
