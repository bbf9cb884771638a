import type { CarriedApproval, Trust } from '../model/attribution.ts';
import type { AnnotationEntry, ChangeEntry } from '../model/picture.ts';
import { maybeSamePerson } from '../model/person.ts';
import { refOf } from './coverage.ts';
import type { Approval } from './model.ts';
import type { EntryRef } from './model-scope.ts';

const APPROVED_BY = /^approved by (.+)$/;
const AUTHOR = /^author (.+)$/;

/** One approval, from an entry of the ledger or from the carrier of the reason. */
interface Given {
  readonly by: string;
  /** RFC 3339; null where the carrier does not say. */
  readonly at: string | null;
  readonly lacks: Approval['lacks'];
  readonly entry: EntryRef | null;
  readonly source: string | null;
}

/**
 * Who stands behind a change besides whoever made it: approval entries of the ledger, and what the carrier of its reason
 * (a commit, a pull request, a change record) names. Somebody who made the change, or wrote it, approves nothing. An
 * approval counts where it was given before the first write; of several the best one does.
 */
export function approvalOf(change: ChangeEntry, said: readonly AnnotationEntry[]): Approval {
  const { who, why } = change.statement.predicate;
  const { reason } = why;
  const carrier = reason?.authorisation?.source ?? reason?.source ?? null;
  const written = reason?.authorisation?.authors ?? named(reason?.references ?? [], AUTHOR);
  const authors = unique([...who.actors.map((actor) => actor.name), ...written]);
  const carried: readonly CarriedApproval[] =
    reason?.authorisation?.approvals ??
    named(reason?.references ?? [], APPROVED_BY).map((by) => ({ by, at: null, basis: null }));
  const given: Given[] = [
    ...carried.map((one) => ({
      by: one.by,
      at: one.at,
      lacks: lackOf(one, written, reason?.authorisation?.trust),
      entry: null,
      source: carrier,
    })),
    ...said
      .filter((one) => one.kind === 'approval')
      .map((one) => {
        const { annotation, when } = one.statement.predicate;
        const { by } = annotation;
        return { by, at: when.statedAt, lacks: null, entry: refOf(one), source: 'approval entry' };
      }),
  ];
  // Most changes: nobody approved them, and nothing more is asked.
  if (given.length === 0) {
    return { approvers: [], authors, standing: 'not-evidenced', at: null, lacks: null, entry: null, source: null };
  }
  const approvers = unique(given.map(({ by }) => by));
  const common = { approvers, authors };
  const others = given.filter(({ by }) => !authors.some((author) => maybeSamePerson(author, by)));
  const made = Date.parse(firstWrite(change));
  const inTime = others.filter(({ at }) => at === null || Date.parse(at) <= made);
  const best = inTime.find(({ lacks }) => lacks === null) ?? inTime[0] ?? others[0];
  if (best === undefined) {
    return {
      ...common,
      standing: 'self-approved',
      at: null,
      lacks: null,
      entry: null,
      source: given[0]?.source ?? null,
    };
  }
  const { at, lacks, entry, source } = best;
  return { ...common, standing: inTime.includes(best) ? 'approved' : 'approved-afterwards', at, lacks, entry, source };
}

/** A review of something whose author is not named may be the author's own, and one that only lies near another change's. */
function lackOf(
  { at, basis }: CarriedApproval,
  authors: readonly string[],
  trust: Trust | undefined,
): Approval['lacks'] {
  if (at === null) return 'time';
  if (trust === 'low') return 'link';
  return authors.length === 0 && basis !== 'change record' ? 'author' : null;
}

/**
 * When the change began to be made, as far as the ledger tells. A drift was there already when it was seen; what was
 * recorded by hand may be approved before it is made.
 */
function firstWrite({ statement }: ChangeEntry): string {
  const { change, when, evidence } = statement.predicate;
  const writes = evidence
    .filter((one) => one.name === 'cloudtrail-event')
    .map((one) => String(one.annotations?.eventTime ?? ''))
    .filter((at) => !Number.isNaN(Date.parse(at)));
  const known = [...writes, ...(when.occurredAt === null ? [] : [when.occurredAt])].sort(
    (a, b) => Date.parse(a) - Date.parse(b),
  );
  return known[0] ?? (change.kind === 'change' ? when.notAfter : when.observedAt);
}

function named(references: readonly string[], pattern: RegExp): string[] {
  return references.flatMap((reference) => pattern.exec(reference)?.[1] ?? []);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
