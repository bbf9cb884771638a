import type { Drift } from '../model/drift.ts';
import type { ChangePredicate, Entry } from '../model/entry.ts';
import { type DriftStory, driftStories, firstOf, lastOf, observedAt } from '../model/history.ts';
import { isBefore, isInside, type Period } from '../model/period.ts';
import type { AnnotationEntry, ChangeEntry } from '../model/picture.ts';
import { coverOf, type Waiver, waiversOf } from '../model/waiver.ts';
import { approvalOf } from './approval.ts';
import { refOf } from './coverage.ts';
import { factsOf } from './facts-of.ts';
import type { ChangeClass, RegisterRow, RowStanding, RowWaiver } from './model.ts';
import type { Severity, Thresholds } from './policy.ts';
import type { Policy, Ranking } from './policy-engine.ts';

const HOUR = 3_600_000;

/** What a register is made from: entries that were known at the end of the period, and how they are judged. */
export interface RegisterQuestion {
  readonly entries: readonly Entry[];
  readonly period: Period;
  /** RFC 3339: up to when open drifts age, and at which waivers are asked for them. */
  readonly end: string;
  readonly policy: Policy;
  readonly thresholds: Thresholds;
}

/** Every change of the period, and the drifts from before it that were open in it, in the order of the ledger. */
export function registerOf(question: RegisterQuestion): { rows: RegisterRow[]; stories: DriftStory[] } {
  const { entries, period } = question;
  const stories = driftStories(entries);
  const waivers = waiversOf(entries);
  const said = saidOf(entries);
  const row = (entry: ChangeEntry, story: DriftStory | undefined): RegisterRow =>
    rowOf(entry, story, said.get(entry.digest) ?? [], waivers, question);
  const drifts = stories.flatMap((story) =>
    story.entries
      .filter((entry, at) => isInside(observedAt(entry), period) || reaches(story, at, period))
      .map((entry) => row(entry, story)),
  );
  const changes = entries
    .filter((entry): entry is ChangeEntry => entry.kind === 'change' && isInside(observedAt(entry), period))
    .map((entry) => row(entry, undefined));
  return { rows: [...drifts, ...changes].sort((a, b) => a.entry.index - b.entry.index), stories };
}

/** Whether a drift entry from before the period still stood when it began. */
function reaches(story: DriftStory, at: number, period: Period): boolean {
  const next = story.entries[at + 1];
  const end = next === undefined ? story.ended?.at : observedAt(next);
  return end === undefined || isInside(end, period);
}

/** Annotations by the entries that they speak of; those that a later one replaced are gone. */
function saidOf(entries: readonly Entry[]): Map<string, AnnotationEntry[]> {
  const annotations = entries.filter((entry): entry is AnnotationEntry => 'annotation' in entry.statement.predicate);
  const replaced = new Set(annotations.map((one) => one.statement.predicate.supersedes));
  const said = new Map<string, AnnotationEntry[]>();
  for (const one of annotations) {
    if (replaced.has(one.digest)) continue;
    for (const digest of one.statement.predicate.annotation.about) {
      const there = said.get(digest);
      if (there === undefined) said.set(digest, [one]);
      else there.push(one);
    }
  }
  return said;
}

function rowOf(
  entry: ChangeEntry,
  story: DriftStory | undefined,
  said: readonly AnnotationEntry[],
  waivers: readonly Waiver[],
  { period, end, policy, thresholds }: RegisterQuestion,
): RegisterRow {
  const { change, who, why, when, evidence } = entry.statement.predicate;
  const { resource } = change;
  const facts = factsOf(change);
  const changeClass = classOf(entry.statement.predicate);
  const { severity, rule, faults } = rank(entry, changeClass, facts, policy);
  // A waiver that began after a drift was over excuses nothing.
  const waiver = waiverOf(change, waivers, story?.ended?.at ?? end);
  return {
    entry: refOf(entry),
    kind: change.kind === 'change' ? 'change' : 'drift',
    driftKind: change.driftKind,
    action: change.action,
    address: resource.address,
    type: resource.type,
    id: resource.id,
    workspace: resource.workspace,
    provider: resource.provider,
    driftKey: change.driftKey,
    cause: change.cause,
    class: changeClass,
    carriedOver: !isInside(when.observedAt, period),
    changes: change.paths,
    facts,
    severity,
    rule: rule === null ? null : { id: rule.id, title: rule.title },
    ruleFaults: faults,
    when: {
      occurredAt: when.occurredAt,
      notBefore: when.notBefore,
      notAfter: when.notAfter,
      observedAt: when.observedAt,
      recordedAt: when.recordedAt,
    },
    verdict: who.verdict,
    attributed: who.actors.length > 0,
    actors: who.actors.map(({ name, kind, via, role }) => ({ name, kind, via, role })),
    call: who.call,
    lacking: who.missing,
    reason: why.reason && { text: why.reason.text, source: why.reason.source, references: why.reason.references },
    approval: approvalOf(entry, said),
    standing: standingOf(entry, story, end, severity, waiver, thresholds),
    waiver,
    events: evidence
      .filter((one) => one.name === 'cloudtrail-event')
      .map(({ digest, annotations = {} }) => ({
        id: String(annotations.eventId ?? ''),
        name: String(annotations.eventName ?? ''),
        at: String(annotations.eventTime ?? ''),
        sha256: digest.sha256,
      })),
    said: said.map((one) => ({
      kind: one.kind,
      by: one.statement.predicate.annotation.by,
      at: one.statement.predicate.when.statedAt,
      text: one.statement.predicate.annotation.text,
      topic: one.statement.predicate.annotation.topic ?? null,
      entry: refOf(one),
    })),
    controls: rule?.controls ?? [],
  };
}

function rank(
  { statement }: ChangeEntry,
  changeClass: ChangeClass,
  facts: RegisterRow['facts'],
  policy: Policy,
): Ranking {
  const { change, who } = statement.predicate;
  const { type, address, workspace } = change.resource;
  return policy(facts, {
    type,
    kind: change.driftKind,
    cause: change.cause,
    class: changeClass,
    address,
    workspace,
    verdict: who.verdict,
    paths: change.paths.map(({ path }) => path),
  });
}

function classOf({ change, who }: ChangePredicate): ChangeClass {
  // What people record says no origin; what the audit log tells does.
  if (change.kind === 'change' && (change.origin ?? 'recorded') === 'recorded') return 'recorded';
  if (who.verdict === 'by-iac') return 'in-band';
  if (who.verdict === 'service') return 'service';
  return change.cause === 'unapplied' ? 'unapplied' : 'out-of-band';
}

function waiverOf(change: ChangePredicate['change'], waivers: readonly Waiver[], at: string): RowWaiver | null {
  if (waivers.length === 0 || change.kind === 'change') return null;
  const drift: Drift = {
    kind: change.driftKind,
    resource: { ...change.resource, id: change.resource.id ?? undefined },
    changes: change.paths.map((one) => ({ ...one, class: 'declared' })),
  };
  const cover = coverOf(drift, waivers, at);
  if (cover === undefined) return null;
  const ends = cover.active.map(({ until }) => until).sort();
  return { complete: cover.complete, entries: [...cover.active, ...cover.expired].map(refOf), until: ends[0] ?? null };
}

function standingOf(
  entry: ChangeEntry,
  story: DriftStory | undefined,
  end: string,
  severity: Severity,
  waiver: RowWaiver | null,
  thresholds: Thresholds,
): RowStanding {
  if (story === undefined) {
    const at = observedAt(entry);
    const none = { resolution: null, endedAt: null, by: null, unseenSince: null, due: null, overdue: false };
    return { name: 'recorded', firstSeen: at, age: 0, ...none };
  }
  const firstSeen = observedAt(firstOf(story));
  const endedAt = story.ended?.at ?? null;
  const limit = thresholds.slaHours?.[severity === 'unclassified' ? 'high' : severity];
  const due = limit === undefined ? null : new Date(Date.parse(firstSeen) + limit * HOUR).toISOString();
  const until = endedAt ?? end;
  const overdue = due !== null && isBefore(due, until) && waiver?.complete !== true;
  const age = Math.max(0, Date.parse(until) - Date.parse(firstSeen));
  const common = { firstSeen, age, due, unseenSince: story.unseenSince ?? null };
  const next = story.entries[story.entries.indexOf(entry) + 1];
  if (entry !== lastOf(story) && next !== undefined) {
    return { ...common, name: 'moved-on', resolution: null, endedAt: null, by: refOf(next), overdue: false };
  }
  if (story.ended === undefined) return { ...common, name: 'open', resolution: null, endedAt: null, by: null, overdue };
  const { resolution, by } = story.ended;
  return { ...common, name: 'resolved', resolution: resolution ?? null, endedAt, by: refOf(by), overdue };
}
