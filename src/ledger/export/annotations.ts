import type { AnnotationPredicate } from '../../model/entry.ts';
import { type ExportedLog, loggedEntries } from './logged.ts';
import { upTo } from './select.ts';

/** An annotation as it is carried along with the entry that it speaks of. */
export interface CarriedAnnotation {
  readonly index: number;
  /** Statement digest of the annotation. */
  readonly digest: string;
  readonly annotation: AnnotationPredicate['annotation'];
  readonly when: AnnotationPredicate['when'];
  readonly supersedes: string | null;
}

/** Annotations by the statement digest of each entry that they speak of, in log order. */
export type AnnotationsAbout = ReadonlyMap<string, readonly CarriedAnnotation[]>;

/** Reads all annotations of a log: what speaks of an entry stands later, and often outside of what is exported. */
export async function annotationsOf(log: ExportedLog): Promise<AnnotationsAbout> {
  const about = new Map<string, CarriedAnnotation[]>();
  for await (const { index, line, signed } of loggedEntries(log, upTo(log.head.size))) {
    if (signed?.kind !== 'annotation' || line.kind === 'erased') continue;
    const { annotation, when, supersedes } = signed.statement.predicate;
    const carried = { index, digest: line.digest, annotation, when, supersedes };
    for (const digest of annotation.about) about.set(digest, [...(about.get(digest) ?? []), carried]);
  }
  return about;
}
