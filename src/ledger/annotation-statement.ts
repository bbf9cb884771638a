import {
  ANNOTATION_PREDICATE,
  type AnnotationPredicate,
  type Descriptor,
  type Entry,
  STATEMENT_TYPE,
  type Statement,
} from '../model/entry.ts';
import type { Occasion } from './append-statements.ts';
import { documentOf } from './documents.ts';
import { PAYLOAD_TYPE } from './dsse.ts';
import { detectorOf } from './statement.ts';

/** What is said, of which entries, and with which evidence. */
export interface Saying {
  readonly annotation: Omit<AnnotationPredicate['annotation'], 'about'>;
  /** The entries spoken of. */
  readonly about: readonly Entry[];
  readonly evidence?: readonly Descriptor[];
  /** The annotation that this one replaces or takes back. */
  readonly supersedes?: { readonly digest: string };
  /** RFC 3339; when it was said, where that is not now. */
  readonly statedAt?: string;
}

/**
 * The statement of an annotation. Subjects: the entries spoken of, by statement digest; where there are none, what is said
 * itself, by the digest of its canonical JSON.
 */
export function annotationStatement(
  { origin, recordedAt, entryId }: Occasion,
  { annotation, about, evidence = [], supersedes, statedAt = recordedAt }: Saying,
  version: string,
): Statement<AnnotationPredicate> {
  const said = { ...annotation, about: about.map((entry) => entry.digest) };
  const predicate: AnnotationPredicate = {
    entryId: entryId(),
    ledger: { origin },
    annotation: said,
    when: { statedAt, recordedAt },
    evidence,
    detector: detectorOf(version),
    supersedes: supersedes?.digest ?? null,
  };
  const subject: Descriptor[] = about.map((entry) => ({
    name: subjectName(entry),
    digest: { sha256: entry.digest },
    mediaType: PAYLOAD_TYPE,
  }));
  if (subject.length === 0) subject.push({ name: said.kind, digest: { sha256: documentOf(said).sha256 } });
  return { _type: STATEMENT_TYPE, subject, predicateType: ANNOTATION_PREDICATE, predicate };
}

/** The resource that an entry tells of; else what kind of entry it is, and which. */
function subjectName({ kind, index, statement }: Entry): string {
  const { predicate } = statement;
  return 'change' in predicate ? predicate.change.resource.address : `${kind} ${index}`;
}
