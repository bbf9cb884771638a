/**
 * The record of an incident is a set of notes in the ledger (annotation kind `note`, topic `incident.*`, facts), each
 * signed, none ever rewritten: what is said later of the same thing stands in its place, and both can be read.
 */
export const SEVERITIES = ['sev0', 'sev1', 'sev2', 'sev3', 'sev4'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const INCIDENT_STATUSES = ['draft', 'in_review', 'reviewed', 'closed'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Moments that every incident has, in the order in which they come. */
export const MILESTONES = [
  'onset',
  'changed',
  'detected',
  'acknowledged',
  'identified',
  'mitigated',
  'resolved',
] as const;
export type MilestoneName = (typeof MILESTONES)[number];

/** recorded: a system wrote it down as it happened. derived: computed from such. stated: somebody says so. */
export const TIME_BASES = ['recorded', 'derived', 'stated'] as const;
export type TimeBasis = (typeof TIME_BASES)[number];

/** ic: incident commander. */
export const INCIDENT_ROLES = ['ic', 'comms', 'ops', 'scribe'] as const;
export type IncidentRole = (typeof INCIDENT_ROLES)[number];

/** How a change stands to the incident, in somebody's judgement. */
export const RELATIONS = ['suspect', 'caused', 'fixed', 'dismissed'] as const;
export type Relation = (typeof RELATIONS)[number];

export const ACTION_CATEGORIES = ['detection', 'mitigation', 'prevention', 'docs-training'] as const;
export type ActionCategory = (typeof ACTION_CATEGORIES)[number];

export const ACTION_STATES = ['open', 'done', 'dropped'] as const;
export type ActionState = (typeof ACTION_STATES)[number];

export const REVIEW_DECISIONS = ['approved', 'changes-requested'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** Texts of which an incident has one each; the last that was said stands. `opening`: engaging words of the classic layout. */
export const INCIDENT_TEXTS = ['summary', 'impact', 'cause', 'trigger', 'resolution', 'opening'] as const;
export type IncidentText = (typeof INCIDENT_TEXTS)[number];

/** What an `incident note` can be. */
export const NOTE_KINDS = [
  'timeline',
  'metric',
  'why',
  'factor',
  'lesson',
  'question',
  'comms',
  ...INCIDENT_TEXTS,
] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

export const TIMELINE_KINDS = ['change', 'rollout', 'alert', 'response', 'comms', 'note'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export const FACTOR_KINDS = ['technical', 'process', 'human-factors', 'organisational'] as const;
export type FactorKind = (typeof FACTOR_KINDS)[number];

export const LESSON_KINDS = ['well', 'wrong', 'lucky', 'surprised'] as const;
export type LessonKind = (typeof LESSON_KINDS)[number];

export const AUDIENCES = ['internal', 'status-page', 'executive', 'customer'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** The entry in which something was said, who said it, and when. */
export interface SaidIn {
  readonly index: number;
  /** Statement digest, hex. */
  readonly digest: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

interface Said {
  readonly said: SaidIn;
}

export interface Milestone extends Said {
  readonly name: MilestoneName;
  /** RFC 3339. */
  readonly at: string;
  readonly basis: TimeBasis;
  /** What says so: an alert, a chat message, a person. */
  readonly source: string | null;
}

export interface TimelineNote extends Said {
  readonly kind: TimelineKind;
  /** RFC 3339; `until` where it lasted. */
  readonly at: string;
  readonly until: string | null;
  readonly basis: TimeBasis;
  readonly text: string;
  readonly actor: string | null;
  readonly source: string | null;
  readonly link: string | null;
  /** Digests of the entries that it speaks of. */
  readonly about: readonly string[];
}

/** A measured part of the impact. */
export interface ImpactMetric extends Said {
  readonly metric: string;
  readonly value: string;
  readonly unit: string | null;
  readonly source: string | null;
}

export interface WhyStep extends Said {
  readonly question: string;
  /** null: asked, and not answered yet. */
  readonly answer: string | null;
  readonly about: readonly string[];
}

export interface Factor extends Said {
  readonly kind: FactorKind;
  readonly text: string;
  readonly about: readonly string[];
}

export interface Lesson extends Said {
  readonly kind: LessonKind;
  readonly text: string;
}

export interface OpenQuestion extends Said {
  readonly id: string;
  readonly text: string;
  readonly answer: string | null;
}

/** A message to people outside the room. */
export interface Comms extends Said {
  readonly audience: Audience;
  readonly state: 'draft' | 'sent';
  /** RFC 3339; when it was sent. */
  readonly at: string | null;
  readonly text: string;
}

export interface RoleHolder extends Said {
  readonly role: IncidentRole;
  readonly who: string;
}

/** A person's judgement of one change. */
export interface RelationVerdict extends Said {
  /** Statement digest of the change. */
  readonly entry: string;
  readonly relation: Relation;
  /** 0 to 1. */
  readonly certainty: number;
  readonly text: string | null;
}

export interface ActionItem extends Said {
  /** Within the incident: `A1`. */
  readonly id: string;
  readonly category: ActionCategory;
  readonly text: string;
  readonly owner: string | null;
  /** Calendar day, `2025-02-01`; over when that day is over in UTC. */
  readonly due: string | null;
  /** What has to be true for it to be done. */
  readonly doneWhen: string | null;
  /** Rule whose green scans close it. */
  readonly rule: string | null;
  readonly ticket: string | null;
  readonly state: ActionState;
  /** How it came to its state, where it left `open`. */
  readonly stateText: string | null;
}

export interface Review extends Said {
  readonly role: string | null;
  readonly decision: ReviewDecision;
  readonly text: string | null;
}

/** One incident, folded from all that is said of it. Lists are in the order in which things were said. */
export interface IncidentRecord {
  /** `INC-0001`, by order of opening. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity | null;
  readonly status: IncidentStatus;
  readonly services: readonly string[];
  readonly opened: SaidIn;
  /** Case files: what the suspects were ranked from, by digest of their bytes in the ledger. The last one counts. */
  readonly cases: readonly { readonly sha256: string; readonly said: SaidIn }[];
  readonly milestones: readonly Milestone[];
  readonly roles: readonly RoleHolder[];
  readonly texts: { readonly [name in IncidentText]?: { readonly text: string; readonly said: SaidIn } };
  readonly timeline: readonly TimelineNote[];
  readonly metrics: readonly ImpactMetric[];
  readonly whys: readonly WhyStep[];
  readonly factors: readonly Factor[];
  readonly lessons: readonly Lesson[];
  readonly questions: readonly OpenQuestion[];
  readonly comms: readonly Comms[];
  readonly verdicts: readonly RelationVerdict[];
  readonly actions: readonly ActionItem[];
  readonly reviews: readonly Review[];
  /** All entries that the record is made of. */
  readonly entries: readonly SaidIn[];
  /** Notes of the incident that cannot be read: written by a newer version, or damaged by hand. Never left out silently. */
  readonly unread: readonly { readonly index: number; readonly why: string }[];
}
