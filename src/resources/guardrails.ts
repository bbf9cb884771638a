import type { SignedChange } from '../model/entry.ts';
import { isEmpty } from '../model/value.ts';
import { guardrailCalls, guardrails } from './aws/guardrails.ts';

/** What guardrail a change took away, in words; undefined where it took none. */
export function guardrailRemoved(
  type: string,
  change: { readonly action: string; readonly paths: readonly SignedChange[] },
  call: string | null,
): string | undefined {
  if (call !== null && Object.hasOwn(guardrailCalls, call)) return guardrailCalls[call];
  const guard = Object.hasOwn(guardrails, type) ? guardrails[type] : undefined;
  if (guard === undefined) return undefined;
  if (change.action === 'delete' && guard.whole !== undefined) return `${guard.whole} is gone`;
  for (const { path, after } of change.paths) {
    const place = path.replace(/\[[^\]]*\]/g, '');
    if (guard.off?.includes(place) && (after === false || after === null)) return `${path} was switched off`;
    if (guard.emptied?.includes(place) && isEmpty(after)) return `${path} was emptied`;
    if (guard.filled?.includes(place) && !isEmpty(after)) return `${path} was set`;
    if (guard.loosened?.includes(place)) return `${path} was moved`;
  }
  return undefined;
}
