import type { Masks } from '../../incident/names.ts';

/** Members that hold what somebody wrote: network addresses go too. Elsewhere they may be the very value that changed. */
const PROSE = new Set(['why', 'title', 'label', 'headline', 'rollout', 'evidence', 'remarks', 'who']);

/** A view without names, over every string of it; called once, where the view is complete. */
export function maskedDeep<T>(view: T, masks: Masks): T {
  return masked(view, masks, false) as T;
}

function masked(value: unknown, masks: Masks, prose: boolean): unknown {
  if (typeof value === 'string') return prose ? masks.prose(value) : masks.names(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, masks, prose));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, masks, PROSE.has(key))]));
}
