import type { ActionItem, Severity } from './incident-record.ts';
import type { Rule } from './rule.ts';

/** A rule that the ledger holds or held, or that driftbom.yaml holds, with the note that took it back. */
export interface KnownRule {
  readonly rule: Rule;
  readonly retired: {
    readonly index: number;
    readonly by: string;
    /** RFC 3339. */
    readonly at: string;
    readonly reason: string | null;
  } | null;
}

/** An action item as it stands now: as people left it, or closed by its rule. */
export interface ActionStanding {
  readonly incident: { readonly id: string; readonly title: string; readonly severity: Severity | null };
  readonly action: ActionItem;
  /** closed: nobody closed it; its rule was green in as many scans as were asked for. */
  readonly state: ActionItem['state'] | 'closed';
  /** Open, and its due day is over in UTC. */
  readonly overdue: boolean;
  /** How it came to its state, or what keeps its rule from closing it: `R-0001 green in scans #12, #19, #31`. */
  readonly because: string | null;
  /** What the scans say of its rule; null where it has none. */
  readonly rule: RuleProgress | null;
}

export interface RuleProgress {
  readonly id: string;
  /** Log indexes of the scans of the present run of green ones; of those that closed it, where it is closed. */
  readonly green: readonly number[];
  /** How many in a row close an action. */
  readonly needed: number;
  /** The last scan that found it violated, or could not tell; null where there is none. */
  readonly lastNotGreen: { readonly index: number; readonly why: 'violated' | 'not-assessed' } | null;
  /** A scan after the closing ones that found it violated again. */
  readonly violatedAgain: number | null;
}
