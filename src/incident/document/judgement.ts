import type { Entry } from '../../model/entry.ts';
import type { IncidentRecord, Relation, RelationVerdict } from '../../model/incident-record.ts';
import type { Incident } from '../incident.ts';
import type { Candidate } from '../rank/candidate.ts';
import type { Suspect } from '../rank/rank.ts';

/** A change with what the ranking says of it, and what people say. Both stand; the people's word goes first. */
export interface JudgedChange {
  readonly suspect: Suspect;
  /** Place in the ranking, 1 is the first; null where it was ruled out. */
  readonly rank: number | null;
  readonly ruledOut: string | null;
  readonly verdict: RelationVerdict | null;
}

export interface Judgement {
  /** What is taken for the cause: as people say; where nobody says, the ranking's first, if it is confident of it. */
  readonly causes: readonly JudgedChange[];
  readonly by: 'people' | 'ranking' | 'nobody';
  /** All other suspects, in the order of the ranking, and what people spoke of besides. */
  readonly others: readonly JudgedChange[];
  /** Verdicts on entries that are no change in this ranking. */
  readonly apart: readonly RelationVerdict[];
}

export function judgementOf(record: IncidentRecord, incident: Incident | undefined): Judgement {
  const last = new Map(record.verdicts.map((one) => [one.entry, one] as const));
  const suspects = (incident?.ranking.suspects ?? []).map((suspect, i): JudgedChange => {
    return { suspect, rank: i + 1, ruledOut: null, verdict: last.get(digestOf(suspect.candidate) ?? '') ?? null };
  });
  const ruledOut = (incident?.ranking.ruledOut ?? []).flatMap(({ candidate, why }): JudgedChange[] => {
    const verdict = last.get(digestOf(candidate) ?? '');
    if (verdict === undefined) return [];
    return [{ suspect: { candidate, terms: [], leftOut: [], score: 0, known: 0 }, rank: null, ruledOut: why, verdict }];
  });
  const all = [...suspects, ...ruledOut];
  const caused = all.filter((one) => relationOf(one) === 'caused').sort(byCertainty);
  const [first] = suspects;
  const ranked = incident?.verdict === 'confident' && first !== undefined && stands(first) ? [first] : [];
  const causes = caused.length > 0 ? caused : ranked;
  const seen = new Set(all.flatMap(({ suspect }) => digestOf(suspect.candidate) ?? []));
  return {
    causes,
    by: caused.length > 0 ? 'people' : ranked.length > 0 ? 'ranking' : 'nobody',
    others: all.filter((one) => !causes.includes(one)),
    apart: [...last.values()].filter(({ entry }) => !seen.has(entry)),
  };
}

/** Whether nobody has said that it was not the cause. */
function stands(one: JudgedChange): boolean {
  const relation = relationOf(one);
  return relation === undefined || relation === 'suspect';
}

export function relationOf({ verdict }: JudgedChange): Relation | undefined {
  return verdict?.relation;
}

function byCertainty(a: JudgedChange, b: JudgedChange): number {
  return (b.verdict?.certainty ?? 0) - (a.verdict?.certainty ?? 0) || (a.rank ?? Infinity) - (b.rank ?? Infinity);
}

/** Statement digest of the entry that tells of a change; undefined for rollouts. */
export function digestOf({ source }: Candidate): string | undefined {
  return source.kind === 'entry' ? source.entry.digest : undefined;
}

/** Approvals on record that name an entry. */
export function approvalsOf(entries: readonly Entry[], digest: string | undefined): Entry[] {
  if (digest === undefined) return [];
  return entries.filter(
    ({ kind, statement }) =>
      kind === 'approval' &&
      'annotation' in statement.predicate &&
      statement.predicate.annotation.about.includes(digest),
  );
}
