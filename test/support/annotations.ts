import { annotationStatement } from '../../src/ledger/annotation-statement.ts';
import { appendStatements } from '../../src/ledger/append-statements.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { AnnotationPredicate } from '../../src/model/entry.ts';

type Annotation = AnnotationPredicate['annotation'];

/** Appends an annotation as a recorder would that keeps to no rule: whatever it says, `about` and all. */
export async function annotate(
  ledger: Ledger,
  annotation: Omit<Annotation, 'about' | 'text' | 'by'> & Partial<Pick<Annotation, 'about' | 'text' | 'by'>>,
  clock: () => Date,
  more: { readonly supersedes?: string } = {},
): Promise<{ readonly index: number; readonly digest: string }> {
  const { about = [], text = null, by = 'alice', ...rest } = annotation;
  const { appended } = await appendStatements(ledger, clock, async (occasion) => {
    const statement = annotationStatement(occasion, { annotation: { ...rest, text, by }, about: [] }, '0');
    const { predicate } = statement;
    const said = { ...predicate, annotation: { ...predicate.annotation, about } };
    return { statements: [{ ...statement, predicate: { ...said, supersedes: more.supersedes ?? null } }], objects: [] };
  });
  return appended.entries[0] as { index: number; digest: string };
}
