import type { ActionStanding, KnownRule } from '../../model/action-standing.ts';
import type { ActionItem } from '../../model/incident-record.ts';

/** What scans and rules say of an incident's actions. Gathered by the caller: rules have a room of their own. */
export interface RuleFacts {
  /** All rules that the ledger holds or held. */
  readonly rules: readonly KnownRule[];
  readonly standings: readonly ActionStanding[];
}

export const NO_RULES: RuleFacts = { rules: [], standings: [] };

/** The rules that were born from an incident, in the order in which they were added. */
export function rulesFrom(incident: string, { rules }: RuleFacts): KnownRule[] {
  return rules.filter(({ rule }) => rule.from?.incident === incident);
}

/** How an action stands: as people left it, or closed by its rule. */
export function standingOf(
  { id, state, stateText }: ActionItem,
  incident: string,
  { standings }: RuleFacts,
): Pick<ActionStanding, 'state' | 'because'> {
  const found = standings.find((one) => one.incident.id === incident && one.action.id === id);
  return found ?? { state, because: stateText };
}
