import { createHash } from 'node:crypto';

/** From worst to least. unclassified: a rule could not be evaluated; it counts as high until somebody looks. */
export const SEVERITIES = ['critical', 'high', 'unclassified', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Severities that a rule may give. */
export const RULE_SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** One rule of a severity policy: the first whose condition holds ranks the change. */
export interface SeverityRule {
  readonly id: string;
  readonly severity: (typeof RULE_SEVERITIES)[number];
  readonly title: string;
  /** CEL over `facts` and `drift`. */
  readonly when: string;
  /** Names of controls that it speaks to. */
  readonly controls?: readonly string[] | undefined;
}

/** What a report holds the facts against. All of it is declared by the user; what is not declared is not assessed. */
export interface Thresholds {
  /** Hours: longest time between two completed scans of a workspace. */
  readonly cadenceHours?: number | undefined;
  /** Share of declared resources that has to be compared, 0 to 1; 1 where left out. */
  readonly coverage?: number | undefined;
  /** Share of changes that may be out-of-band, 0 to 1. */
  readonly outOfBandRate?: number | undefined;
  /** Hours until a drift is disposed of, by severity. */
  readonly slaHours?: { readonly [severity: string]: number | undefined } | undefined;
  /** Days for which entries have to be kept. */
  readonly retentionDays?: number | undefined;
  /** Minutes until somebody is told of a high or critical drift. */
  readonly alertMinutes?: number | undefined;
  /** SHA-256 digests of the builds that may scan. */
  readonly builds?: readonly string[] | undefined;
  /** Seconds by which clocks may differ. */
  readonly clockSkewSeconds?: number | undefined;
}

/** SHA-256, hex, over JSON with sorted keys: the same rules have the same digest. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(sortedJson(value)).digest('hex');
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
