import type { GuardVerdict } from '../../incident/guard.ts';
import { visible } from '../text/visible.ts';

/** What the check of a plan found, for a terminal or a log. */
export function checkedPlan({ refusals, changed, alongside }: GuardVerdict, address: string): string {
  const lines =
    refusals.length > 0
      ? [`driftbom: REFUSED: do not apply this plan for ${address}`, ...refusals.map((one) => `  ${one}`)]
      : [
          `driftbom: OK: the plan ${changed.length === 0 ? 'creates' : `changes ${changed.join(', ')} of`} ${address} and nothing else`,
          ...(alongside.length === 0
            ? []
            : [`  known only after the apply, and moved by the provider itself: ${alongside.join(', ')}`]),
        ];
  return `${lines.map(visible).join('\n')}\n`;
}
