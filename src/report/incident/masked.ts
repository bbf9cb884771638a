import type { Masks } from '../../incident/names.ts';

/** Members that hold what somebody wrote: network addresses go too. Elsewhere they may be the very value that changed. */
const PROSE = new Set(['why', 'title', 'label', 'headline', 'rollout', 'evidence', 'remarks', 'who']);

/** Members of a document that people filled in, besides. */
const DOCUMENT_PROSE = new Set([
  ...PROSE,
  ...['words', 'source', 'by', 'owner', 'actor', 'question', 'answer', 'doneWhen', 'ticket', 'link', 'draft', 'value'],
]);

/** A view without names, over every string of it; called once, where the view is complete. */
export function maskedDeep<T>(view: T, masks: Masks, kind: 'brief' | 'document' = 'brief'): T {
  return masked(view, masks, kind === 'brief' ? PROSE : DOCUMENT_PROSE, false) as T;
}

function masked(value: unknown, masks: Masks, keys: ReadonlySet<string>, prose: boolean): unknown {
  if (typeof value === 'string') return prose ? masks.prose(value) : masks.names(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, masks, keys, prose));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one, masks, keys, keys.has(key))]));
}
