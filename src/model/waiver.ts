import type { AnnotationKind, ChangePredicate, Entry, WaiverTerms } from './entry.ts';
import type { Drift } from './drift.ts';
import { parsePath } from './path.ts';
import { covers, glob, parsePathPattern } from './path-pattern.ts';
import type { DriftWaiver, WaiverNote } from './scan.ts';

type AnnotationEntry = Extract<Entry, { kind: AnnotationKind }>;

/** A waiver of the ledger, with the later entry that took it back. */
export interface Waiver {
  readonly index: number;
  /** Statement digest of its entry. */
  readonly digest: string;
  readonly terms: WaiverTerms;
  readonly reason: string | null;
  readonly recordedAt: string;
  readonly revoked:
    | {
        readonly index: number;
        readonly digest: string;
        readonly by: string;
        readonly at: string;
        readonly reason: string | null;
      }
    | undefined;
}

/** pending: it has not begun. */
export type WaiverStanding = 'pending' | 'active' | 'expired' | 'revoked';

/** The waivers among entries, in their order; an entry that supersedes one takes it back from then on. */
export function waiversOf(entries: readonly Entry[]): Waiver[] {
  const annotations = entries.filter((entry): entry is AnnotationEntry => entry.kind === 'waiver');
  const ends = new Map<string, AnnotationEntry>();
  for (const entry of annotations) {
    const { supersedes } = entry.statement.predicate;
    if (supersedes !== null && !ends.has(supersedes)) ends.set(supersedes, entry);
  }
  return annotations.flatMap(({ index, digest, statement }) => {
    const { annotation, when } = statement.predicate;
    if (annotation.waiver === undefined) return [];
    const end = ends.get(digest)?.statement.predicate;
    const revoked = end && {
      index: (ends.get(digest) as AnnotationEntry).index,
      digest: (ends.get(digest) as AnnotationEntry).digest,
      by: end.annotation.by,
      at: end.when.statedAt,
      reason: end.annotation.text,
    };
    const { waiver: terms, text: reason } = annotation;
    return [{ index, digest, terms, reason, recordedAt: when.recordedAt, revoked }];
  });
}

/** Where a waiver stands at a moment (RFC 3339). One whose times cannot be read is over. */
export function waiverStanding({ terms, revoked }: Waiver, now: string): WaiverStanding {
  const at = Date.parse(now);
  if (revoked !== undefined && Date.parse(revoked.at) <= at) return 'revoked';
  if (!(at < Date.parse(terms.until))) return 'expired';
  return at >= Date.parse(terms.from) ? 'active' : 'pending';
}

/**
 * What waivers say of a drift at a moment; undefined where none speaks of it. A waiver of an attribute covers what lies
 * below it; that a resource is gone, or that nobody declares it, only a waiver of the whole resource covers.
 */
export function coverOf(drift: Drift, waivers: readonly Waiver[], now: string): DriftWaiver | undefined {
  const speaking = waivers.filter((one) => concerns(one.terms, drift));
  const standing = (wanted: WaiverStanding): Waiver[] => speaking.filter((one) => waiverStanding(one, now) === wanted);
  const [active, expired] = [standing('active'), standing('expired')];
  const parts = partsOf(drift);
  const left = parts.filter((part) => !active.some((one) => coversPart(one.terms, part)));
  const over = expired.filter((one) => left.some((part) => coversPart(one.terms, part)));
  const used = active.filter((one) => parts.some((part) => coversPart(one.terms, part)));
  if (used.length === 0 && over.length === 0) return undefined;
  return {
    complete: left.length === 0,
    active: used.map(noteOf),
    expired: over.map(noteOf),
    uncovered: left.flatMap((part) => (part === null ? [] : [part])),
  };
}

/** The drift that an entry tells of. */
export function driftOf({ driftKind, resource, paths }: ChangePredicate['change']): Drift {
  const changes = paths.map((change) => ({ ...change, class: 'declared' as const }));
  return { kind: driftKind, resource: { ...resource, id: resource.id ?? undefined }, changes };
}

/** A waiver in short. */
export function noteOf({ index, digest, terms, reason }: Waiver): WaiverNote {
  const { address, path, until, requestedBy, approvedBy } = terms;
  return { index, digest, address, path, until, requestedBy, approvedBy, reason };
}

function concerns(terms: WaiverTerms, { resource }: Drift): boolean {
  return (terms.workspace === null || terms.workspace === resource.workspace) && glob(terms.address)(resource.address);
}

/** What has to be covered: each changed attribute, or (null) the resource itself. */
function partsOf(drift: Drift): readonly (string | null)[] {
  if (drift.kind !== 'changed') return [null];
  const paths = drift.changes.filter((change) => change.class === 'declared').map((change) => change.path);
  return paths.length === 0 ? [null] : [...new Set(paths)];
}

function coversPart({ path }: WaiverTerms, part: string | null): boolean {
  if (path === null) return true;
  if (part === null) return false;
  if (path === part) return true;
  const [pattern, at] = [parsePathPattern(path), parsePath(part)];
  return pattern !== undefined && at !== undefined && covers(pattern, at);
}
