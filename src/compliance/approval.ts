import type { AnnotationEntry, ChangeEntry } from '../model/picture.ts';
import { maybeSamePerson } from '../model/person.ts';
import { refOf } from './coverage.ts';
import type { Approval } from './model.ts';

const APPROVED_BY = /^approved by (.+)$/;
const AUTHOR = /^author (.+)$/;

/**
 * Who stands behind a change besides whoever made it: approval entries of the ledger, and what the carrier of its reason
 * (a commit, a pull request, a change record) names. Somebody who made the change, or wrote it, approves nothing.
 */
export function approvalOf({ statement }: ChangeEntry, said: readonly AnnotationEntry[]): Approval {
  const { who, why, when, change } = statement.predicate;
  const references = why.reason?.references ?? [];
  const authors = unique([...who.actors.map((actor) => actor.name), ...named(references, AUTHOR)]);
  const others = (name: string): boolean => !authors.some((author) => maybeSamePerson(author, name));
  const entries = said.filter((one) => one.kind === 'approval');
  const byEntry = entries.find((one) => others(one.statement.predicate.annotation.by));
  const byReference = named(references, APPROVED_BY);
  const approvers = unique([...byReference, ...entries.map((one) => one.statement.predicate.annotation.by)]);
  const common = { approvers, authors };
  const carrier = why.reason?.source ?? null;
  if (byReference.some(others)) return { ...common, standing: 'approved', at: null, entry: null, source: carrier };
  if (byEntry !== undefined) {
    const at = byEntry.statement.predicate.when.statedAt;
    // A drift was there already when it was seen; what was recorded by hand may be approved before it is made.
    const made = when.occurredAt ?? (change.kind === 'change' ? when.notAfter : when.observedAt);
    const standing = Date.parse(at) <= Date.parse(made) ? 'approved' : 'approved-afterwards';
    return { ...common, standing, at, entry: refOf(byEntry), source: 'approval entry' };
  }
  const standing = approvers.length > 0 ? 'self-approved' : 'not-evidenced';
  return { ...common, standing, at: null, entry: null, source: approvers.length > 0 ? carrier : null };
}

function named(references: readonly string[], pattern: RegExp): string[] {
  return references.flatMap((reference) => pattern.exec(reference)?.[1] ?? []);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
