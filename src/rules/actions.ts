import type { ActionStanding, KnownRule, RuleProgress } from '../model/action-standing.ts';
import type { ScanEntry } from '../model/history.ts';
import type { ActionItem, IncidentRecord } from '../model/incident-record.ts';
import { readDay } from '../model/moment.ts';
import type { Rule } from '../model/rule.ts';
import { workspaceKeys } from '../model/scan.ts';

/** Green scans in a row that close an action, where nobody said otherwise. */
export const GREEN_SCANS = 3;

const DAY_MS = 24 * 3_600_000;

/**
 * How the action items of incidents stand at `now` (RFC 3339). One with a rule closes by itself when that rule was green
 * in `needed` scans in a row, all after the rule was added and the incident opened. Scans in the order of the log. Pure.
 */
export function actionStandings(
  records: readonly IncidentRecord[],
  scans: readonly ScanEntry[],
  rules: readonly KnownRule[],
  now: string,
  needed: number = GREEN_SCANS,
): ActionStanding[] {
  return records.flatMap((record) => {
    const { id, title, severity, opened } = record;
    return record.actions.map((action) => {
      const known = rules.find(({ rule }) => rule.terms.id === action.rule);
      const progress = known === undefined ? null : progressOf(known, scans, opened.index, needed);
      return { incident: { id, title, severity }, ...standingOf(action, known, progress, now) };
    });
  });
}

function standingOf(
  action: ActionItem,
  known: KnownRule | undefined,
  rule: RuleProgress | null,
  now: string,
): Omit<ActionStanding, 'incident'> {
  const { state, stateText } = action;
  if (state !== 'open') return { action, state, overdue: false, because: stateText, rule };
  if (rule !== null && rule.green.length >= rule.needed) {
    const again = rule.violatedAgain === null ? '' : `; violated again in scan #${rule.violatedAgain}`;
    return { action, state: 'closed', overdue: false, because: `${greenIn(rule)}${again}`, rule };
  }
  return { action, state, overdue: isOver(action.due, now), because: waitsFor(action, known, rule), rule };
}

/** A day is over when the next one has begun, in UTC. */
function isOver(due: string | null, now: string): boolean {
  const day = due === null ? undefined : readDay(due);
  return day !== undefined && Date.parse(now) >= day + DAY_MS;
}

function waitsFor({ rule: id }: ActionItem, known: KnownRule | undefined, rule: RuleProgress | null): string | null {
  if (id === null) return null;
  if (known === undefined || rule === null) return `there is no rule ${id}`;
  if (known.retired !== null) return `${id} was retired in entry #${known.retired.index}, and closes nothing any more`;
  if (rule.green.length > 0) return `${greenIn(rule)}: ${rule.green.length} of ${rule.needed}`;
  if (rule.lastNotGreen === null) return `no scan has looked at ${id} yet`;
  const { index, why } = rule.lastNotGreen;
  return why === 'violated' ? `${id} violated in scan #${index}` : `${id} not assessed in full in scan #${index}`;
}

function greenIn({ id, green }: RuleProgress): string {
  return `${id} green in scan${green.length === 1 ? '' : 's'} ${green.map((index) => `#${index}`).join(', ')}`;
}

/**
 * The run of green scans of one rule. Green: something was checked, nothing violates, nothing was left unassessed. A scan
 * that met nothing to which the rule applies says nothing; a violation in a workspace stands until that one is scanned again.
 */
function progressOf({ rule, retired }: KnownRule, scans: readonly ScanEntry[], opened: number, needed: number) {
  const since = Math.max(opened, rule.origin.source === 'ledger' ? rule.origin.index : -1);
  const until = retired?.index ?? Number.POSITIVE_INFINITY;
  const run = new GreenRun(rule.terms.id, needed);
  for (const { index, statement } of scans) {
    const judged = index > since && index < until ? judgementIn(statement.predicate.scan, rule) : undefined;
    if (judged !== undefined) run.add(index, judged);
  }
  return run.progress();
}

class GreenRun {
  readonly #id: string;
  readonly #needed: number;
  readonly #violating = new Set<string>();
  #green: number[] = [];
  #lastNotGreen: RuleProgress['lastNotGreen'] = null;
  #violatedAgain: number | null = null;

  constructor(id: string, needed: number) {
    this.#id = id;
    this.#needed = needed;
  }

  add(index: number, { green, workspaces, violating }: Judged): void {
    for (const one of workspaces) this.#violating.delete(one);
    for (const one of violating) this.#violating.add(one);
    if (this.#green.length >= this.#needed) {
      if (violating.length > 0) this.#violatedAgain ??= index;
    } else if (green && this.#violating.size === 0) this.#green.push(index);
    else {
      this.#green = [];
      this.#lastNotGreen = { index, why: this.#violating.size > 0 ? 'violated' : 'not-assessed' };
    }
  }

  progress(): RuleProgress {
    return {
      id: this.#id,
      green: this.#green,
      needed: this.#needed,
      lastNotGreen: this.#lastNotGreen,
      violatedAgain: this.#violatedAgain,
    };
  }
}

interface Judged {
  readonly green: boolean;
  /** Keys of the workspaces that were scanned, and of those with a violation. */
  readonly workspaces: readonly string[];
  readonly violating: readonly string[];
}

/** What a scan says of the rule under its present terms; undefined where it says nothing. */
function judgementIn(scan: ScanEntry['statement']['predicate']['scan'], { terms, digest }: Rule): Judged | undefined {
  const judged = scan.rules?.judged.find((one) => one.id === terms.id && one.digest === digest);
  if (judged === undefined) return undefined;
  const { checked, violations, notAssessed } = judged;
  if (checked === 0 && notAssessed.length === 0) return undefined;
  const keyOf = workspaceKeys(scan.inputs);
  return {
    green: checked > 0 && violations.length === 0 && notAssessed.length === 0,
    workspaces: scan.scope.workspaces.map(keyOf),
    violating: violations.map(({ workspace }) => keyOf(workspace)),
  };
}
