import type { Framework } from './framework.ts';
import type { SeverityRule, Thresholds } from './policy.ts';

/** What the report says about the ledger that it was made from, as its maker saw it. */
export interface LedgerCover {
  /** The ledger as the user named it. */
  readonly place: string;
  readonly origin: string;
  /** Tree size and root (standard base64) of the checkpoint that the entries were read under. */
  readonly size: number;
  readonly root: string;
  /** Keys that signed it, by id, with what each is used for ("entries", "checkpoint"). */
  readonly keys: readonly { readonly id: string; readonly use: string }[];
  /** Whose word the keys rest on. */
  readonly trustedKeys: 'given' | 'policy' | 'own' | 'ledger';
  /** Checkpoints from elsewhere that the log was held against, and witnesses that signed its head. */
  readonly anchors: number;
  /** Payloads erased: they are proven to have existed, and this report cannot show them. */
  readonly erased: number;
  readonly verification: {
    readonly outcome: 'passed' | 'failed' | 'not-run';
    /** What was checked, or what failed: one sentence each. */
    readonly statements: readonly string[];
    /** The command that does it again. */
    readonly command: string;
  };
}

/** All that a report was made with. Whoever has the ledger and this makes the same bytes again. */
export interface Provenance {
  readonly tool: { readonly name: string; readonly version: string };
  /** RFC 3339: given, or the time of the newest entry. */
  readonly generatedAt: string;
  readonly arguments: {
    readonly from: string | null;
    readonly to: string | null;
    /** Up to when open drifts age and pauses run: `to`, or the making of the report where `to` lies after it. */
    readonly end: string;
    /** Globs over workspaces and over addresses; empty: all. */
    readonly workspaces: readonly string[];
    readonly modules: readonly string[];
    /** Globs over accounts and regions; left out in old reports. */
    readonly accounts?: readonly string[];
    readonly regions?: readonly string[];
    readonly seed: string | null;
    readonly sample: number | null;
  };
  readonly thresholds: Thresholds;
  /** The user's own severity rules, which are asked before the built-in ones. */
  readonly rules: readonly SeverityRule[];
  /** The frameworks, whole: a user's file may be gone when the report is checked. */
  readonly frameworks: readonly Framework[];
  readonly ledger: LedgerCover;
}
