import { byCodeUnit } from '../model/order.ts';
import type { Actor, Population } from '../model/attribution.ts';
import type { ResourceRef } from '../model/resource.ts';
import { sameValue, type Value } from '../model/value.ts';
import type { AuditRecord, AuditWindow } from './port.ts';

/** What a call did to one attribute, as far as its request shows. Secrets are masked before they come here. */
export interface TouchedLeaf {
  /** Attribute path, as drift writes it. */
  readonly path: string;
  /** `add` and `remove`: a member of a set. `set` and `unset`: what stands at the path. */
  readonly op: 'set' | 'unset' | 'add' | 'remove';
  readonly value: Value;
  /** Whether the call's effect stands in the live object now; null where that cannot be told (hidden values). */
  readonly live: boolean | null;
  /** Whether that effect stood already at the start of the window; null where nobody looked. */
  readonly before: boolean | null;
}

/** One managed resource that a call acted on. */
export interface Touch {
  readonly resource: ResourceRef;
  /** Places in the record that name it. */
  readonly matched: readonly string[];
  readonly leaves: readonly TouchedLeaf[];
}

/** Why a write on a managed resource makes no entry. A closed list; docs/attribution.md explains each. */
export const EXCLUSIONS = ['in-band', 'service', 're-applied', 'already-recorded'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/**
 * What became of a write. drift: evidence of a drift that this scan records. transient: nothing of it is live any more.
 * kept: it is live, and what is declared agrees by now. unseen: its values are hidden or belong to nothing that is compared.
 */
export type Standing = 'drift' | 'transient' | 'kept' | 'unseen' | Exclusion;

/** One write on one managed resource, accounted for. */
export interface AccountedChange {
  readonly standing: Standing;
  readonly resource: ResourceRef;
  readonly record: AuditRecord;
  readonly actor: Actor;
  /** `ec2:AuthorizeSecurityGroupIngress`. */
  readonly call: string;
  readonly occurredAt: string;
  readonly matched: readonly string[];
  readonly leaves: readonly TouchedLeaf[];
}

export interface PopulationQuestion {
  readonly writes: readonly AuditRecord[];
  /** Whether a record is a successful write: neither failed, nor a read, nor a dry run. */
  readonly succeeded: (record: AuditRecord) => boolean;
  /** The managed resources that a call acted on; none where it only mentions them. */
  readonly touched: (record: AuditRecord) => readonly Touch[];
  readonly who: (record: AuditRecord) => Actor;
  /** Whether the known pipeline made a call; a CI run of somebody else's is not in-band. */
  readonly inBand: (record: AuditRecord) => boolean;
  /** Events that are the evidence of this scan's drifts. */
  readonly evidence: ReadonlySet<string>;
  /** Events that an earlier entry of the ledger names. */
  readonly recorded: ReadonlySet<string>;
  readonly window: AuditWindow;
}

export interface PopulationAnswer {
  readonly population: Population;
  /** Everything, in the order of time; those whose standing is no exclusion and not `drift` are to become entries. */
  readonly changes: readonly AccountedChange[];
}

/**
 * Accounts for every successful write on a managed resource in the window: it is evidence of a drift, becomes a `change`
 * entry, or is excluded under a stated word. An auditor samples from this; a difference other than 0 is a fault of ours.
 */
export function populationOf(question: PopulationQuestion): PopulationAnswer {
  const written = writesIn(question);
  const changes = accountedChanges(question, written);
  const events = new Map<string, AccountedChange[]>();
  for (const change of changes) {
    const { eventId } = change.record;
    events.set(eventId, [...(events.get(eventId) ?? []), change]);
  }
  const excluded: Record<string, number> = {};
  let entries = 0;
  for (const own of events.values()) {
    // A call on several resources counts once: as an entry where it left one for any of them.
    if (own.some((change) => !isExclusion(change.standing))) entries += 1;
    else {
      const word = (own[0] as AccountedChange).standing;
      excluded[word] = (excluded[word] ?? 0) + 1;
    }
  }
  const { from, to } = question.window;
  const left = Object.values(excluded).reduce((sum, n) => sum + n, 0);
  const total = written.length;
  return { population: { from, to, events: total, entries, excluded, difference: total - entries - left }, changes };
}

/** Whether a standing means that no entry is made. */
export function isExclusion(standing: Standing): standing is Exclusion {
  return EXCLUSIONS.some((word) => word === standing);
}

interface Write {
  readonly record: AuditRecord;
  readonly touches: readonly Touch[];
}

/** Each write once, in the order of time; ties by event id, so that any order of files gives the same answer. */
function writesIn({ writes, window: { from, to }, succeeded, touched }: PopulationQuestion): Write[] {
  const seen = new Set<string>();
  return [...writes]
    .sort((a, b) => byCodeUnit(a.eventTime, b.eventTime) || byCodeUnit(a.eventId, b.eventId))
    .flatMap((record) => {
      const isIn = (from === null || record.eventTime > from) && record.eventTime <= to;
      if (!isIn || seen.has(record.eventId) || !succeeded(record)) return [];
      seen.add(record.eventId);
      const touches = touched(record);
      return touches.length === 0 ? [] : [{ record, touches }];
    });
}

function accountedChanges(question: PopulationQuestion, written: readonly Write[]): AccountedChange[] {
  const standing = new Map<string, Value>();
  return written.flatMap(({ record, touches }) => {
    const actor = question.who(record);
    return touches.map((touch): AccountedChange => {
      const repeated = repeats(touch, standing);
      return {
        standing: standingOf({ question, record, actor, touch, repeated }),
        resource: touch.resource,
        record,
        actor,
        call: callOf(record),
        occurredAt: record.eventTime,
        matched: touch.matched,
        leaves: touch.leaves,
      };
    });
  });
}

interface Case {
  readonly question: PopulationQuestion;
  readonly record: AuditRecord;
  readonly actor: Actor;
  readonly touch: Touch;
  readonly repeated: boolean;
}

function standingOf({ question, record, actor, touch, repeated }: Case): Standing {
  if (question.evidence.has(record.eventId)) return 'drift';
  if (question.recorded.has(record.eventId)) return 'already-recorded';
  if (question.inBand(record)) return 'in-band';
  if (actor.kind === 'service') return 'service';
  if (repeated) return 're-applied';
  const known = touch.leaves.filter((leaf) => leaf.live !== null);
  if (known.length === 0) return 'unseen';
  return known.some((leaf) => leaf.live) ? 'kept' : 'transient';
}

/** Whether the call changed nothing: each of its values stood already. Takes note of what stands after it. */
function repeats({ resource, leaves }: Touch, standing: Map<string, Value>): boolean {
  const same = leaves.map((leaf) => {
    const isMember = leaf.op === 'add' || leaf.op === 'remove';
    const place = JSON.stringify([
      resource.workspace,
      resource.address,
      leaf.path,
      isMember ? textOf(leaf.value) : null,
    ]);
    const now: Value = isMember ? leaf.op === 'add' : leaf.op === 'unset' ? null : leaf.value;
    const known = standing.get(place);
    standing.set(place, now);
    // What the log hides may be the same or not.
    if (leaf.op === 'set' && leaf.value === null && leaf.live === null) return false;
    return known === undefined ? leaf.before === true : sameValue(known, now);
  });
  return same.length > 0 && same.every(Boolean);
}

/** A member of a set by its content; maps in one order of keys, so that equal members are one. */
function textOf(value: Value): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => byCodeUnit(a, b)))
      : member,
  );
}

/** The call as people name it: the service's short name, and no API date. */
function callOf({ eventSource, eventName }: AuditRecord): string {
  return `${eventSource.replace(/\.amazonaws\.com$/, '')}:${eventName.replace(/\d{4}_?\d{2}_?\d{2}(?:v\d+)?$/, '')}`;
}
