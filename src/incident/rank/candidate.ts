import type { SignedChange } from '../../model/entry.ts';
import { type ChangeEntry, type DriftStory, observedAt } from '../../model/history.ts';
import { placeOfArn } from '../../resources/arn.ts';
import { guardrailRemoved } from '../../resources/guardrails.ts';
import { type Rollout, rolloutsOf } from '../event/rollout.ts';
import type { ChangeEvent } from '../event/event.ts';

export const CHANGE_CLASSES = [
  'guardrail-removed',
  'out-of-band',
  'flag-or-config',
  'pipeline-apply',
  'deployment',
  'by-service',
] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** A change that may have caused an incident: an entry of the ledger, or a rollout that was handed in. */
export interface Candidate {
  readonly source:
    | { readonly kind: 'entry'; readonly entry: ChangeEntry; readonly story: DriftStory | undefined }
    | { readonly kind: 'rollout'; readonly rollout: Rollout };
  /** Address of the resource, key of a recorded change, or the summary of a rollout. */
  readonly label: string;
  readonly address: string | undefined;
  readonly type: string;
  /** Names under which an alert may mean it. */
  readonly names: readonly string[];
  /** Services that the system which tells of it names. */
  readonly services: readonly string[];
  readonly region: string | undefined;
  /** When it took effect, milliseconds: equal where the moment is known, bounds where it is not. `from` may be -Infinity. */
  readonly from: number;
  readonly to: number;
  readonly changeClass: ChangeClass;
  /** What protection it took away, in words. */
  readonly guardrail: string | undefined;
  readonly paths: readonly SignedChange[];
  /** When it was put back, as far as known. */
  readonly undoneAt: number | undefined;
  /** Undefined: nothing tells. */
  readonly inEffect: boolean | undefined;
}

/** Every change on record, whatever its time. Of a drift whose values moved on, each step. */
export function ledgerCandidates(entries: readonly ChangeEntry[], stories: readonly DriftStory[]): Candidate[] {
  const storyOf = new Map(stories.flatMap((story) => story.entries.map((entry) => [entry.digest, story] as const)));
  return entries
    .filter(({ kind }) => kind !== 'resolved')
    .map((entry) => entryCandidate(entry, storyOf.get(entry.digest)));
}

function entryCandidate(entry: ChangeEntry, story: DriftStory | undefined): Candidate {
  const { change, when, who } = entry.statement.predicate;
  const { address, type, id, workspace } = change.resource;
  const guardrail = guardrailRemoved(type, change, who.call);
  const exact = when.occurredAt === null ? Number.NaN : Date.parse(when.occurredAt);
  const known = !Number.isNaN(exact);
  return {
    source: { kind: 'entry', entry, story },
    label: address,
    address,
    type,
    names: namesOf(address, id),
    services: [workspace],
    region: regionOf(entry),
    from: known ? exact : when.notBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(when.notBefore),
    to: known ? exact : Date.parse(when.notAfter),
    changeClass: guardrail === undefined ? classOf(entry) : 'guardrail-removed',
    guardrail,
    paths: change.paths,
    ...standingOf(entry, story),
  };
}

/** Whether the change is still there, and when it was put back or moved on. */
function standingOf(entry: ChangeEntry, story: DriftStory | undefined): Pick<Candidate, 'undoneAt' | 'inEffect'> {
  const { change, when } = entry.statement.predicate;
  if (change.origin === 'transient') return { undoneAt: Date.parse(when.notAfter), inEffect: false };
  if (story === undefined) return { undoneAt: undefined, inEffect: change.origin === 'kept' ? true : undefined };
  const next = story.entries[story.entries.findIndex(({ digest }) => digest === entry.digest) + 1];
  if (next !== undefined) return { undoneAt: Date.parse(observedAt(next)), inEffect: false };
  if (story.ended !== undefined) return { undoneAt: Date.parse(story.ended.at), inEffect: false };
  return { undoneAt: undefined, inEffect: true };
}

function regionOf(entry: ChangeEntry): string | undefined {
  const { change, evidence } = entry.statement.predicate;
  const place = placeOfArn(change.resource.id)?.region;
  if (place !== undefined && place !== '') return place;
  for (const { annotations } of evidence) if (typeof annotations?.region === 'string') return annotations.region;
  return undefined;
}

/** Whether a person or another tool recorded it: no scan saw it. */
export function isRecorded({ kind, statement }: ChangeEntry): boolean {
  const { change, scan } = statement.predicate;
  return change.origin === 'recorded' || (kind === 'change' && scan === null);
}

function classOf(entry: ChangeEntry): ChangeClass {
  const { who } = entry.statement.predicate;
  if (isRecorded(entry)) return 'flag-or-config';
  if (who.verdict === 'service' || (who.actors.length > 0 && who.actors.every(({ kind }) => kind === 'service'))) {
    return 'by-service';
  }
  const byCode =
    who.actors.length > 0 &&
    who.actors.every(({ kind, via }) => kind === 'pipeline' || via === 'terraform' || via === 'cloudformation');
  return who.verdict === 'by-iac' || byCode ? 'pipeline-apply' : 'out-of-band';
}

/** Rollouts that were handed in. */
export function rolloutCandidates(events: readonly ChangeEvent[]): Candidate[] {
  return rolloutsOf(events).map((rollout) => {
    const { reached, undone, rows } = rollout;
    const resource = rows.find((row) => row.resource !== null)?.resource ?? undefined;
    return {
      source: { kind: 'rollout', rollout },
      label: reached.summary,
      address: resource,
      type: '',
      names: resource === undefined ? [] : namesOf(resource, null),
      services: [...new Set(rows.flatMap(({ services }) => services))],
      region: undefined,
      from: reached.at,
      to: reached.at,
      changeClass: reached.kind === 'deploy' ? 'deployment' : 'flag-or-config',
      guardrail: undefined,
      paths: [],
      undoneAt: undone?.at,
      inEffect: undone === undefined,
    };
  });
}

/** The address, the id, and what stands between the slashes and colons of the id. */
function namesOf(address: string, id: string | null): string[] {
  const parts = id === null ? [] : [id, ...id.split(/[/:]+/)];
  return [...new Set([address, ...parts])].filter((name) => name.length > 1);
}
