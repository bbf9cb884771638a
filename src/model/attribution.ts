/**
 * How sure an answer to "who" is. confirmed: this call set this value and no other did. likely: one call, with something
 * missing that is named. several: more than one call fits. touched: calls on the resource, none of which shows this
 * attribute. service: a cloud service acted by itself. by-iac: the known pipeline applied it. none-found: the log covers
 * the time and shows no such call. cannot-tell: the log does not cover the time. not-logged: no call would show it.
 * stated: a person said so. not-attempted: nobody looked.
 */
export const VERDICTS = [
  'confirmed',
  'likely',
  'several',
  'touched',
  'service',
  'by-iac',
  'none-found',
  'cannot-tell',
  'not-logged',
  'stated',
  'not-attempted',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What stands behind a call. */
export const ACTOR_KINDS = ['person', 'pipeline', 'service', 'role', 'account', 'unknown'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** By which means a call was made, as far as the record shows. */
export const CALL_TOOLS = ['console', 'cli', 'sdk', 'terraform', 'cloudformation', 'service', 'unknown'] as const;
export type CallTool = (typeof CALL_TOOLS)[number];

/** One step from the call back to who stood behind it: the event that issued the credentials, and to whom. */
export interface LineageStep {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventTime: string;
  /** ARN or principal that asked for the credentials. */
  readonly principal: string;
}

export interface Actor {
  /** What to print: `alice@example.com`, `repo:acme/infra (GitHub Actions)`, `autoscaling.amazonaws.com`. */
  readonly name: string;
  readonly kind: ActorKind;
  /** The principal of the call itself: ARN where there is one. */
  readonly id: string;
  /** userIdentity.type of the record; `stated` where a person named the actor. */
  readonly type: string;
  /** ARN of the role that was used; null where none was. */
  readonly role: string | null;
  readonly sourceIdentity: string | null;
  readonly mfa: boolean | null;
  readonly via: CallTool;
  /** Keyed digest of the source address (or a service's name in clear); null where unknown. */
  readonly sourceAddress: string | null;
  readonly userAgent: string | null;
  /** From the call backwards; empty where the caller needed no issued credentials or the issuing call is not in the log. */
  readonly lineage: readonly LineageStep[];
}

export const TRUSTS = ['high', 'medium', 'low'] as const;
export type Trust = (typeof TRUSTS)[number];

/** Why, in words that somebody wrote, with what carried them. Never made up. */
export interface Reason {
  readonly text: string;
  /** The carrier, in words: `role session name`, `commit 1a2b3c4`, `change record CHG-12`, `driftbom record`. */
  readonly source: string;
  readonly trust: Trust;
  readonly references: readonly string[];
  /** Who wrote and who approved what was applied, where any carrier says so. Left out in old ledgers. */
  readonly authorisation?: Authorisation;
}

/** It may come from another carrier than the reason does: a comment in the call says why, a pull request who approved. */
export interface Authorisation {
  /** The carrier of the approvals, and how well it is tied to the change; low: by nothing but its time. */
  readonly source: string;
  readonly trust: Trust;
  readonly authors: readonly string[];
  readonly approvals: readonly CarriedApproval[];
}

/** One approval, as the carrier of a reason tells of it. */
export interface CarriedApproval {
  readonly by: string;
  /** RFC 3339; null: the carrier does not say when. */
  readonly at: string | null;
  /** What says when: the forge's review; the commit whose trailer it is, so that it was no later; a change record. */
  readonly basis: 'review' | 'trailer' | 'change record' | null;
}

/** One audit event that an answer rests on. */
export interface AuditEvidence {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventSource: string;
  /** RFC 3339, whole seconds, as the record says. */
  readonly eventTime: string;
  readonly region: string;
  readonly account: string;
  /** SHA-256 over the canonical JSON (RFC 8785) of the record, hex. */
  readonly sha256: string;
  /** File or object that held the record, as the user would name it, and the record's index in it. */
  readonly file: string | null;
  readonly index: number | null;
  readonly digestChain: 'verified' | 'not-verified' | 'lookup-only';
  /** Places in the record that name the resource or hold the value: `requestParameters.groupId`. */
  readonly matched: readonly string[];
}

/** Where was looked: coverage is part of every answer. */
export interface Searched {
  readonly from: string | null;
  readonly to: string;
  readonly regions: readonly string[];
  /** Newest event seen: later changes may not have arrived yet. */
  readonly horizon: string | null;
  /** What the log does not cover of the window, in words; empty where it covers all of it. */
  readonly gaps: readonly string[];
}

/** Who, when, by which call and why. */
export interface Attribution {
  readonly verdict: Verdict;
  readonly actors: readonly Actor[];
  readonly occurredAt: string | null;
  /** `ec2:AuthorizeSecurityGroupIngress`. */
  readonly call: string | null;
  readonly events: readonly AuditEvidence[];
  readonly reason: Reason | null;
  /** Carriers in which a reason was looked for. */
  readonly lookedIn: readonly string[];
  /** What would make the answer better, in words. */
  readonly missing: readonly string[];
  readonly searched: Searched | null;
}

/** The answer for one changed attribute. */
export interface PathAttribution extends Attribution {
  readonly path: string;
}

/** The answer for a drift: what its attributes have in common, and each of them. */
export interface DriftAttribution extends Attribution {
  readonly paths: readonly PathAttribution[];
}

/** Reconciles a scan with the audit log: events = entries + the sum of excluded + difference. */
export interface Population {
  readonly from: string | null;
  readonly to: string;
  /** Successful writes on managed resources. */
  readonly events: number;
  /** Of these, recorded as the evidence of an entry. */
  readonly entries: number;
  readonly excluded: { readonly [reason: string]: number };
  /** What is accounted for nowhere; anything but 0 is a fault. */
  readonly difference: number;
}
