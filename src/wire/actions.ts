import type { ActionStanding } from '../model/action-standing.ts';
import type { ActionCategory } from '../model/incident-record.ts';
import { actionStandings, GREEN_SCANS } from '../rules/actions.ts';
import { incidentOrRefuse } from './incident-record.ts';
import type { WireIo } from './io.ts';
import { type LedgerRequest, openBook, scansIn } from './rule-book.ts';

export interface ActionsRequest extends LedgerRequest {
  readonly incident?: string;
  readonly category?: ActionCategory;
  readonly state?: ActionStanding['state'];
  readonly overdue?: boolean;
}

/** Action items, and how many were looked at before a filter took some out. */
export interface ActionList {
  readonly actions: readonly ActionStanding[];
  /** Of all: open ones, and those that are overdue, whatever the filter shows. */
  readonly all: number;
  readonly open: number;
  readonly overdue: number;
  /** RFC 3339. */
  readonly now: string;
  readonly shown: string;
}

/** `driftbom actions`. Errors: E_NOT_FOUND, E_CONFIG, E_LEDGER_MISSING, E_LEDGER_CORRUPT. */
export async function wireActions(request: ActionsRequest, io: WireIo): Promise<ActionList> {
  const { query, records, rules, folders, config } = await openBook(request, io);
  const chosen = request.incident === undefined ? records : [incidentOrRefuse(records, request.incident)];
  const now = io.clock().toISOString();
  const ruled = chosen.some(({ actions }) => actions.some(({ rule }) => rule !== null));
  const scans = ruled ? await scansIn(query) : [];
  const all = actionStandings(chosen, scans, rules, now, config.actions?.greenScans ?? GREEN_SCANS);
  const { category, state, overdue = false } = request;
  const actions = all.filter(
    (one) =>
      (category === undefined || one.action.category === category) &&
      (state === undefined || one.state === state) &&
      (!overdue || one.overdue),
  );
  const open = all.filter((one) => one.state === 'open').length;
  return {
    actions,
    all: all.length,
    open,
    overdue: all.filter((one) => one.overdue).length,
    now,
    shown: folders.shown,
  };
}
