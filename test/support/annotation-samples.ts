import {
  ANNOTATION_PREDICATE,
  type AnnotationKind,
  type AnnotationPredicate,
  type Entry,
  STATEMENT_TYPE,
  type WaiverTerms,
} from '../../src/model/entry.ts';
import { digestOf } from './scan-samples.ts';

type Annotation = AnnotationPredicate['annotation'];

/** An annotation at a place of the log. `at`: when it was said. */
export function annotationEntry(
  index: number,
  at: string,
  said: Partial<Annotation> & { readonly kind: AnnotationKind },
  supersedes: string | null = null,
): Extract<Entry, { kind: AnnotationKind }> {
  const predicate: AnnotationPredicate = {
    entryId: `urn:uuid:0195923c-8e6b-7d2a-9c43-${String(index).padStart(12, '0')}`,
    ledger: { origin: 'driftbom.local/orders' },
    annotation: { about: [], text: null, by: 'kim@example.com', ...said },
    when: { statedAt: at, recordedAt: at },
    evidence: [],
    detector: { id: 'https://driftbom.dev/detector', version: '0.1.0' },
    supersedes,
  };
  const subject = [{ name: said.kind, digest: { sha256: digestOf(4000 + index) } }];
  const statement = { _type: STATEMENT_TYPE, subject, predicateType: ANNOTATION_PREDICATE, predicate } as const;
  return { index, digest: digestOf(1000 + index), kind: said.kind, statement };
}

/** A waiver of all of an address in every workspace; ten days from when it was recorded. */
export function waiverEntry(
  index: number,
  address: string,
  more: Partial<WaiverTerms> & { readonly reason?: string } = {},
): Extract<Entry, { kind: AnnotationKind }> {
  const { reason = 'load test until the migration is over', ...terms } = more;
  const from = terms.from ?? '2026-03-10T09:00:00.000Z';
  const until = new Date(Date.parse(from) + 10 * 24 * 3_600_000).toISOString();
  const waiver: WaiverTerms = {
    ...{ workspace: null, address, path: null, from, until },
    ...{ requestedBy: 'kim@example.com', approvedBy: 'lee@example.com' },
    ...terms,
  };
  return annotationEntry(index, from, { kind: 'waiver', text: reason, by: waiver.requestedBy, waiver });
}
