import type { BetterKnowledge, ChangePredicate, Entry, SignedChange } from '../../model/entry.ts';
import type { AnnotationEntry, ChangeEntry, Origin, Origins, Picture } from '../../model/picture.ts';

/**
 * The entry with all that later entries say of it. Of several corrections the one that was recorded last counts, part by
 * part; an annotation that a later one supersedes counts for nothing and stays countable. The annotations may be given
 * in any order, and more of them than speak of this entry: those that supersede have to be among them.
 */
export function mergedPicture<E extends Entry>(signed: E, annotations: readonly AnnotationEntry[]): Picture<E> {
  const later = annotations.filter((one) => one.index > signed.index).sort((a, b) => a.index - b.index);
  const replaced = new Set(later.map((one) => one.statement.predicate.supersedes));
  const about = later.filter((one) => one.statement.predicate.annotation.about.includes(signed.digest));
  const said = about.filter((one) => !replaced.has(one.digest));
  const superseded = about.filter((one) => replaced.has(one.digest));
  if (!isChange(signed)) return { entry: signed, signed, origins: { paths: new Map() }, said, superseded };
  const corrections = said.filter((one) => one.kind === 'correction');
  const { entry, origins } = corrected(signed, corrections);
  return { entry: entry as E, signed, origins, said, superseded };
}

export function isChange(entry: Entry): entry is ChangeEntry {
  return 'change' in entry.statement.predicate;
}

export function isAnnotation(entry: Entry): entry is AnnotationEntry {
  return 'annotation' in entry.statement.predicate;
}

/** Later corrections are taken last, so that each part ends up as the newest has it. */
function corrected(
  signed: ChangeEntry & Entry,
  corrections: readonly AnnotationEntry[],
): { readonly entry: ChangeEntry; readonly origins: Origins } {
  let { predicate } = signed.statement;
  let origins: Origins = { paths: new Map() };
  for (const correction of corrections) {
    const { annotation, evidence } = correction.statement.predicate;
    const better = annotation.correction ?? {};
    const from = { index: correction.index, digest: correction.digest, by: annotation.by };
    predicate = { ...improved(predicate, better), evidence: [...predicate.evidence, ...evidence] };
    origins = movedOrigins(origins, better, from);
  }
  return { entry: { ...signed, statement: { ...signed.statement, predicate } }, origins };
}

function improved(predicate: ChangePredicate, better: BetterKnowledge): ChangePredicate {
  const { who = predicate.who, why = predicate.why, occurredAt, occurredAtSource } = better;
  const when =
    occurredAt === undefined
      ? predicate.when
      : { ...predicate.when, occurredAt, occurredAtSource: occurredAtSource ?? 'stated' };
  const answers = new Map((better.paths ?? []).map(({ path, ...answer }) => [path, answer]));
  const paths = predicate.change.paths.map((change): SignedChange => {
    const answer = answers.get(change.path);
    return answer === undefined ? change : { ...change, who: answer };
  });
  return { ...predicate, who, why, when, change: { ...predicate.change, paths } };
}

function movedOrigins(origins: Origins, better: BetterKnowledge, from: Origin): Origins {
  const paths = new Map(origins.paths);
  for (const { path } of better.paths ?? []) paths.set(path, from);
  return {
    ...origins,
    ...(better.who === undefined ? {} : { who: from }),
    ...(better.occurredAt === undefined ? {} : { occurredAt: from }),
    ...(better.why === undefined ? {} : { why: from }),
    paths,
  };
}
