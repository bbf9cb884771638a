import type { Verdict } from '../../model/attribution.ts';
import type { AnnotationPredicate, ChangePredicate, EntryKind, ScanPredicate } from '../../model/entry.ts';
import type { SignedStatement } from '../statement-shape.ts';

/** Between which moments something happened, milliseconds since 1970; infinite where a side is not known. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The resource that an entry tells of, or the pattern that a waiver names. */
export interface Subject {
  readonly address: string;
  readonly type: string;
  readonly workspaceKey: string;
}

/**
 * How an entry refers to an earlier one. about: an annotation speaks of it. corrects: and knows it better. ends: its drift
 * is gone. moves-on: its drift has other values now. replaces: an annotation takes the place of another.
 */
export const RELATIONS = ['about', 'corrects', 'ends', 'moves-on', 'replaces'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Link {
  readonly relation: Relation;
  /** Statement digest of the earlier entry, hex. */
  readonly to: string;
  /** When a correction says that it happened; NaN where it says nothing of that. */
  readonly happened: number;
}

/** What an entry is found by. Taken from the signed payload alone: no document has to be read for it. */
export interface EntryFacts {
  readonly kind: EntryKind;
  /** `urn:uuid:…`. */
  readonly entryId: string;
  readonly happened: Span;
  readonly recorded: number;
  readonly verdict: Verdict | undefined;
  readonly subject: Subject | undefined;
  /** Attribute paths; '' stands for a resource that came or went as a whole. */
  readonly paths: readonly string[];
  /** Names and ids of who did it; for an annotation, who says it and whom it names. */
  readonly actors: readonly string[];
  readonly links: readonly Link[];
}

type ChangeParts = Pick<ChangePredicate, 'who' | 'when'> & {
  readonly change: Pick<ChangePredicate['change'], 'action' | 'paths'>;
};

export function factsOf({ kind, statement }: SignedStatement): EntryFacts {
  if (kind === 'scan') return scanFacts(statement.predicate as unknown as ScanPredicate);
  if (kind === 'annotation') return annotationFacts(statement.predicate);
  return changeFacts(statement.predicate as unknown as ChangePredicate);
}

function scanFacts({ entryId, scan, recordedAt }: Pick<ScanPredicate, 'entryId' | 'scan' | 'recordedAt'>): EntryFacts {
  return {
    kind: 'scan',
    entryId,
    happened: spanBetween(scan.startedAt, scan.finishedAt),
    recorded: momentOf(recordedAt, Number.NaN),
    verdict: undefined,
    subject: undefined,
    paths: [],
    actors: [],
    links: [],
  };
}

function changeFacts(predicate: ChangePredicate): EntryFacts {
  const { change, when, who, supersedes } = predicate;
  const { address, type, workspaceKey } = change.resource;
  const relation = change.kind === 'resolved' ? 'ends' : 'moves-on';
  return {
    kind: change.kind,
    entryId: predicate.entryId,
    happened: spanOf(when),
    recorded: momentOf(when.recordedAt, Number.NaN),
    verdict: who.verdict,
    subject: { address, type, workspaceKey },
    paths: pathsOf(predicate),
    actors: actorsOf(predicate),
    links: supersedes === null ? [] : [{ relation, to: supersedes, happened: Number.NaN }],
  };
}

function annotationFacts(predicate: AnnotationPredicate): EntryFacts {
  const { annotation, when, supersedes } = predicate;
  const { correction, waiver, about } = annotation;
  const relation = annotation.kind === 'correction' ? 'corrects' : 'about';
  const happened = momentOf(correction?.occurredAt ?? null, Number.NaN);
  return {
    kind: annotation.kind,
    entryId: predicate.entryId,
    happened: statedSpan(predicate),
    recorded: momentOf(when.recordedAt, Number.NaN),
    verdict: correction?.who?.verdict,
    subject: waiver === undefined ? undefined : { address: waiver.address, type: '', workspaceKey: '' },
    paths: annotationPaths(predicate),
    actors: speakersOf(predicate),
    links: [
      ...about.map((to): Link => ({ relation, to, happened })),
      ...(supersedes === null ? [] : [{ relation: 'replaces', to: supersedes, happened: Number.NaN } as const]),
    ],
  };
}

/** When a change happened, or between which moments it must have. */
export function spanOf(when: ChangePredicate['when']): Span {
  const at = momentOf(when.occurredAt, Number.NaN);
  if (!Number.isNaN(at)) return { from: at, to: at };
  return {
    from: momentOf(when.notBefore, Number.NEGATIVE_INFINITY),
    to: momentOf(when.notAfter, Number.POSITIVE_INFINITY),
  };
}

export function statedSpan({ when }: AnnotationPredicate): Span {
  return spanBetween(when.statedAt, when.statedAt);
}

export function spanBetween(from: string, to: string): Span {
  return { from: momentOf(from, Number.NEGATIVE_INFINITY), to: momentOf(to, Number.POSITIVE_INFINITY) };
}

/** RFC 3339 in milliseconds; `unknown` for null and for text that is no time. */
export function momentOf(time: string | null, unknown: number): number {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? unknown : at;
}

/** What a change touched: its attributes; the whole resource where it came or went and no attribute is told. */
export function pathsOf({ change }: { readonly change: ChangeParts['change'] }): string[] {
  const paths = new Set(change.paths.map(({ path }) => path));
  const whole = change.action === 'create' || change.action === 'delete';
  if (paths.size === 0 && whole) paths.add('');
  return [...paths];
}

/** Every name under which whoever made a change may be looked for. */
export function actorsOf({ who, change }: ChangeParts): string[] {
  const named = who.actors.flatMap(({ name, id, sourceIdentity }) => [name, id, sourceIdentity ?? '']);
  const answered = change.paths.flatMap((one) => one.who?.actors ?? []);
  return distinct([...named, ...answered]);
}

/** Who says an annotation, and whom it names. */
export function speakersOf({ annotation }: Pick<AnnotationPredicate, 'annotation'>): string[] {
  const { by, waiver, erasure, correction } = annotation;
  const terms = [waiver, erasure].flatMap((one) => (one === undefined ? [] : [one.requestedBy, one.approvedBy]));
  const named =
    correction?.who?.actors.flatMap(({ name, id, sourceIdentity }) => [name, id, sourceIdentity ?? '']) ?? [];
  const answered = correction?.paths?.flatMap(({ actors }) => actors) ?? [];
  return distinct([by, ...terms, ...named, ...answered]);
}

export function annotationPaths({ annotation }: Pick<AnnotationPredicate, 'annotation'>): string[] {
  const { waiver, correction } = annotation;
  return distinct([...(correction?.paths ?? []).map(({ path }) => path), waiver?.path ?? '']);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
