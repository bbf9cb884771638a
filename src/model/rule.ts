import type { Value } from './value.ts';

/**
 * A rule says what live configuration may not be, whatever is declared. Rules live in the ledger, as signed notes (topics
 * RULE_ADDED and RULE_RETIRED), or in driftbom.yaml; every scan holds what it read against them.
 */
export const RULE_KINDS = ['range', 'combination', 'tag'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export const RULE_SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** Topics of the notes that a ledger holds rules in; the second takes back the note that it supersedes. */
export const RULE_ADDED = 'rule.added';
export const RULE_RETIRED = 'rule.retired';

/** Stands for the next free id, `R-0001` and so on, until a rule is signed. */
export const NEXT_ID = 'R-next';

/** What conditions compare with. */
export type Plain = string | number | boolean;

/** What a condition asks of the values at a path; exactly one member beside `path` is there. */
export interface Condition {
  /** Attribute path or pattern: `timeout`, `ingress[*].cidr_blocks[*]`. Goes on into JSON inside strings. */
  readonly path: string;
  /** One of the values is one of these. */
  readonly is?: readonly Plain[] | undefined;
  /** None of the values is one of these. */
  readonly not?: readonly Plain[] | undefined;
  /** One of the values is a number of at least, or at most, so much. */
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
  /** One of the values is a text that fits; `*` and `?` are wildcards. */
  readonly like?: string | undefined;
  /** Whether anything is set there. */
  readonly set?: boolean | undefined;
}

/** A condition, or several of which one has to hold. */
export type Clause = Condition | { readonly any: readonly Condition[] };

/** How a value that nobody set stands to a range. */
export const UNSET_MEANINGS = ['violation', 'allowed', 'not-assessed'] as const;

/** The values at the path lie within bounds, or among a list. */
export interface RangeTerms {
  readonly kind: 'range';
  readonly path: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly oneOf?: readonly Plain[] | undefined;
  readonly ifUnset: (typeof UNSET_MEANINGS)[number];
}

/** Clauses that may not all hold together: in one resource, or (`each`) in one member of a list, set or map of it. */
export interface CombinationTerms {
  readonly kind: 'combination';
  /** Path of the members; the paths of the clauses then begin at the member. */
  readonly each?: string | undefined;
  readonly all: readonly Clause[];
}

/** A tag has to be there; `like`: with a value that fits. */
export interface TagTerms {
  readonly kind: 'tag';
  readonly tag: string;
  readonly like?: string | undefined;
}

export type RuleTerms = (RangeTerms | CombinationTerms | TagTerms) & {
  /** `R-0001`, or a name. */
  readonly id: string;
  readonly title: string;
  readonly severity: RuleSeverity;
  /** What it applies to; `*` and `?` are wildcards, what is left out is no limit. */
  readonly type?: string | undefined;
  readonly address?: string | undefined;
  readonly workspace?: string | undefined;
};

/** What a rule was born from. */
export interface RuleBirth {
  readonly incident: string | null;
  /** Statement digest of the change. */
  readonly entry: string | null;
  readonly action: string | null;
}

/** Where a rule is written. */
export type RuleOrigin =
  | { readonly source: 'ledger'; readonly index: number; readonly entry: string }
  | { readonly source: 'config' };

export interface Rule {
  readonly terms: RuleTerms;
  /** SHA-256 over what it demands of what (not its title), hex: the same terms have the same. */
  readonly digest: string;
  readonly origin: RuleOrigin;
  readonly from: RuleBirth | null;
  readonly reason: string | null;
}

/**
 * Why nothing can be said of a resource. unread: the scan could not read it. secret: the value is masked. unknown: nobody
 * knows it before an apply. never-read: the service does not give it back. not-set: nobody set it. no-number, no-value: it
 * is something that cannot be held against the terms. undecodable: no object, or nested too deep.
 */
export const NOT_ASSESSED = [
  'unread',
  'undecodable',
  'secret',
  'unknown',
  'never-read',
  'not-set',
  'no-number',
  'no-value',
] as const;
export type NotAssessed = (typeof NOT_ASSESSED)[number];

/** A place of a resource that a rule forbids as it is. Secrets stand masked in it. */
export interface RuleViolation {
  readonly workspace: string;
  readonly address: string;
  readonly type: string;
  /** What decided; for a missing tag, the tag's. */
  readonly path: string;
  /** null where nothing is set. */
  readonly value: Value;
  readonly sensitive: boolean;
  /** In words: `50 is below 900`. */
  readonly because: string;
}

/** What one scan says of one rule. */
export interface RuleJudgement {
  readonly id: string;
  readonly title: string;
  readonly kind: RuleKind;
  readonly severity: RuleSeverity;
  readonly digest: string;
  readonly origin: RuleOrigin;
  /** Resources that were held against it. */
  readonly checked: number;
  readonly violations: readonly RuleViolation[];
  /** Resources to which it applies and of which nothing can be said; never green. */
  readonly notAssessed: readonly {
    readonly reason: NotAssessed;
    readonly count: number;
    readonly first: { readonly workspace: string; readonly address: string };
  }[];
}

/** The rules of a scan: how each was met, and which of the ledger stand, so that the next scan need not search for them. */
export interface ScanRules {
  /** Entries of the log that were looked at: all rules among the first `size` are in `standing`, or retired. */
  readonly size: number;
  readonly standing: readonly { readonly index: number; readonly entry: string }[];
  readonly judged: readonly RuleJudgement[];
  /** Rules of the ledger that stand and cannot be read: erased, or of a newer version. */
  readonly unreadable: readonly { readonly index: number; readonly why: string }[];
  /** Rules were switched off for this scan (`--no-rules`); nothing was judged. */
  readonly off?: true;
}

/** Whether violations of it count like drift. */
export function counts({ severity }: { readonly severity: RuleSeverity }): boolean {
  return severity !== 'low' && severity !== 'info';
}
