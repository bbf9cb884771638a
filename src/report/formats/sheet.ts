import { createHash } from 'node:crypto';
import type { RuleSeverity } from '../../model/rule.ts';

/**
 * What machine formats say, whatever it was made from: a scan that has just run, or a compliance report of the ledger.
 * Every format is a function of this one object, so that none can leave out what another one has. All text in it is
 * inert: hidden and control characters are visible escapes, and secrets are short forms of keyed digests.
 */
export interface Sheet {
  readonly about: 'scan' | 'compliance';
  readonly title: string;
  /** The same for the same input: seeds the ids that formats ask for. */
  readonly id: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339: what the sheet speaks of, and when it was made. */
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  /** One line: what came of it. */
  readonly verdict: string;
  /** False where nothing at all could be read. */
  readonly read: boolean;
  /** Facts about the making: ledger, coverage, policy, how to check it. */
  readonly facts: readonly SheetFact[];
  readonly drifts: readonly SheetDrift[];
  readonly gaps: readonly SheetGap[];
  /** Places of live resources that rules forbid, and how each rule was met. */
  readonly violations: readonly SheetViolation[];
  readonly rules: readonly SheetRule[];
  /** Resources that agree, where the source tells them one by one. */
  readonly inSync: readonly { readonly workspace: string; readonly address: string }[];
  /** Scans of the period, and scans that should have been and were not. */
  readonly scans: readonly SheetScan[];
  readonly checks: readonly SheetCheck[];
  readonly frameworks: readonly SheetFramework[];
  readonly waivers: readonly SheetWaiver[];
}

export interface SheetFact {
  /** A token: small letters and hyphens. */
  readonly name: string;
  readonly value: string;
}

/** From worst to least; `unranked` where no policy was asked. */
export type SheetSeverity = 'critical' | 'high' | 'unclassified' | 'medium' | 'low' | 'info' | 'unranked';

/** open: it differs, and nobody waived it. waived: it differs, and active waivers cover all of it. over: it is no more. */
export type SheetState = 'open' | 'waived' | 'over';

export interface SheetDrift {
  /** Stable over scans: the resource in its workspace. SHA-256, hex. */
  readonly key: string;
  /** Unique in the sheet: its entry's digest, else its key. */
  readonly id: string;
  readonly address: string;
  readonly type: string;
  readonly resourceId: string | null;
  readonly workspace: string;
  readonly provider: string;
  readonly kind: 'changed' | 'missing' | 'unmanaged';
  readonly action: 'create' | 'update' | 'delete' | 'none';
  readonly cause: string;
  readonly changes: readonly SheetChange[];
  readonly severity: SheetSeverity;
  readonly rule: { readonly id: string; readonly title: string } | null;
  readonly state: SheetState;
  /** First seen in this scan or period. */
  readonly isNew: boolean;
  /** Where it stands, in words. */
  readonly standing: string;
  readonly firstSeen: string;
  readonly endedAt: string | null;
  /** When it has to be disposed of; null where nothing is declared. */
  readonly due: string | null;
  readonly waivedUntil: string | null;
  /** Entries of waivers that speak of it. */
  readonly waivedBy: readonly SheetEntry[];
  readonly entry: SheetEntry | null;
  readonly who: SheetWho;
  readonly controls: readonly string[];
  /** Where it is declared: a file as commits name it, and a line from 1. */
  readonly place: SheetPlace;
}

export interface SheetEntry {
  readonly index: number;
  readonly digest: string;
}

export interface SheetPlace {
  readonly file: string;
  readonly line: number;
}

export interface SheetChange {
  readonly path: string;
  readonly op: 'add' | 'remove' | 'replace';
  readonly before: string;
  readonly after: string;
}

export interface SheetWho {
  readonly verdict: string;
  readonly actors: readonly { readonly name: string; readonly kind: string; readonly via: string }[];
  readonly call: string | null;
  readonly occurredAt: string | null;
  /** Why, with what carried it; null where it is not recorded. */
  readonly reason: string | null;
  readonly events: readonly SheetEvent[];
}

export interface SheetEvent {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly sha256: string;
}

export interface SheetGap {
  /** SHA-256 over what it says, hex. */
  readonly id: string;
  readonly address: string;
  readonly workspace: string;
  readonly path: string | null;
  readonly reason: string;
  readonly meaning: string;
  readonly message: string;
  /** Whether the last scan still had it. */
  readonly persists: boolean;
  readonly entry: SheetEntry | null;
  readonly place: SheetPlace;
}

/** A place that a rule forbids. */
export interface SheetViolation {
  /** Stable over scans: the rule, the resource in its workspace, the attribute. SHA-256, hex. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: RuleSeverity;
  /** Whether it counts in the exit code. */
  readonly counts: boolean;
  readonly address: string;
  readonly type: string;
  readonly workspace: string;
  readonly path: string;
  readonly value: string;
  readonly because: string;
  /** Where the rule is written. */
  readonly origin: string;
  readonly entry: SheetEntry | null;
  readonly place: SheetPlace;
}

/** A rule that was asked. */
export interface SheetRule {
  readonly id: string;
  readonly title: string;
  readonly severity: RuleSeverity;
  readonly digest: string;
  readonly origin: string;
  readonly checked: number;
  readonly violations: number;
  /** Resources of which it can say nothing: that is not green. */
  readonly notAssessed: readonly { readonly count: number; readonly text: string }[];
}

/** failed: nothing could be read. missing: the declared cadence asks for scans that did not run. */
export interface SheetScan {
  readonly id: string;
  readonly standing: 'ok' | 'partial' | 'failed' | 'missing';
  readonly workspaces: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly entry: SheetEntry | null;
}

export type SheetStanding = 'pass' | 'fail' | 'not-assessed' | 'waived';

/** One of the tests that a report applies to the ledger. */
export interface SheetCheck {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly standing: SheetStanding;
  readonly because: string;
  readonly findings: readonly { readonly text: string; readonly entry: SheetEntry | null }[];
}

export interface SheetFramework {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly controls: readonly {
    readonly id: string;
    readonly about: string;
    readonly standing: SheetStanding;
    readonly because: string;
    readonly checks: readonly string[];
    readonly alsoNeeded: readonly string[];
    readonly evidence: readonly SheetEntry[];
  }[];
}

export interface SheetWaiver {
  readonly id: string;
  readonly entry: SheetEntry;
  readonly covers: string;
  readonly from: string;
  readonly until: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reason: string;
  readonly standing: 'pending' | 'active' | 'expired' | 'revoked';
  /** Drift entries that it covers or covered. */
  readonly drifts: readonly SheetEntry[];
}

/** The numbers that every format has to agree on. */
export interface SheetCounts {
  readonly drifts: number;
  readonly open: number;
  readonly waived: number;
  readonly over: number;
  readonly gaps: number;
  readonly violations: number;
  readonly notAssessed: number;
  readonly failedScans: number;
  readonly failedChecks: number;
}

export function countsOf(sheet: Sheet): SheetCounts {
  const inState = (state: SheetState): number => sheet.drifts.filter((drift) => drift.state === state).length;
  return {
    drifts: sheet.drifts.length,
    open: inState('open'),
    waived: inState('waived'),
    over: inState('over'),
    gaps: sheet.gaps.length,
    violations: sheet.violations.length,
    notAssessed: sheet.rules.flatMap((rule) => rule.notAssessed).reduce((sum, one) => sum + one.count, 0),
    failedScans: sheet.scans.filter(isBadScan).length,
    failedChecks: sheet.checks.filter(({ standing }) => standing === 'fail').length,
  };
}

/** The counts as facts, under the names that all formats use for them. */
export function countFacts(sheet: Sheet): SheetFact[] {
  const counts = countsOf(sheet);
  return [
    { name: 'drifts', value: `${counts.drifts}` },
    { name: 'open', value: `${counts.open}` },
    { name: 'waived', value: `${counts.waived}` },
    { name: 'over', value: `${counts.over}` },
    { name: 'gaps', value: `${counts.gaps}` },
    // Where no rule was asked there is no number of violations, not even 0.
    ...(sheet.rules.length === 0
      ? []
      : [
          { name: 'rules', value: `${sheet.rules.length}` },
          { name: 'rule-violations', value: `${counts.violations}` },
          { name: 'not-assessed-by-rules', value: `${counts.notAssessed}` },
        ]),
    { name: 'failed-scans', value: `${counts.failedScans}` },
    { name: 'failed-tests', value: `${counts.failedChecks}` },
  ];
}

/** A failed scan and one that did not run are findings, not silence. */
export function isBadScan(scan: SheetScan): boolean {
  return scan.standing === 'failed' || scan.standing === 'missing';
}

/** SHA-256 over JSON, hex: an id that is the same on every run. */
export function idOf(...parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Makes ids unique in their order: a second sight of one gets an id of its own, the same on every run. */
export function distinct<T extends { readonly id: string }>(items: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const n = seen.get(item.id) ?? 0;
    seen.set(item.id, n + 1);
    return n === 0 ? item : { ...item, id: idOf(item.id, n) };
  });
}
