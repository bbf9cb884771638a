import type { IncidentDocument } from '../../incident/document/document.ts';
import { approvalsOf, digestOf, type JudgedChange, relationOf } from '../../incident/document/judgement.ts';
import type { Incident } from '../../incident/incident.ts';
import type { Naming } from '../../incident/names.ts';
import type { Relation, RelationVerdict } from '../../model/incident-record.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { type SuspectView, suspectView } from './suspect.ts';

/** One attribute that changed, in the six fields of a change. */
interface KeyView {
  readonly key: string;
  readonly old: string;
  readonly new: string;
}

/** A change with what the ranking and what people say of it. */
export interface JudgedView extends SuspectView {
  readonly keys: readonly KeyView[];
  /** `rank 1, score 0.91`, or why the ranking set it aside. */
  readonly ranked: string;
  readonly relation: Relation | null;
  readonly judged: VerdictView | null;
  readonly approved: string;
}

interface VerdictView {
  readonly relation: Relation;
  readonly certainty: string;
  readonly by: string;
  readonly words: string | null;
  readonly entry: EntryRef;
}

/** One other suspect, in a row. */
interface OtherView {
  readonly rank: number | null;
  readonly label: string;
  readonly glance: string;
  readonly when: string;
  readonly status: string;
  readonly ranked: string;
  readonly relation: Relation | null;
  readonly words: string | null;
  readonly proof: EntryRef | null;
}

export interface ChangesPart {
  readonly causes: readonly JudgedView[];
  readonly others: readonly OtherView[];
  readonly unlisted: number;
  readonly apart: readonly VerdictView[];
}

const MOST_OTHERS = 20;

export function changesPart({ judgement, incident, entries }: IncidentDocument, naming: Naming): ChangesPart {
  const view = (one: JudgedChange): SuspectView => suspect(one, incident, naming);
  const shown = judgement.others.filter((one, i) => i < MOST_OTHERS || one.verdict !== null);
  return {
    causes: judgement.causes.map((one) => {
      const base = view(one);
      const approvals = approvalsOf(entries, digestOf(one.suspect.candidate));
      return {
        ...base,
        keys: keysOf(base),
        ranked: rankedText(one),
        relation: relationOf(one) ?? null,
        judged: verdictView(one.verdict),
        approved:
          approvals.length === 0
            ? 'no approval of it is on record'
            : `approved in ${approvals.map(({ index }) => `entry ${index}`).join(', ')}`,
      };
    }),
    others: shown.map((one) => {
      const { rank, label, glance, when, status, proof } = view(one);
      const words = one.verdict?.text ?? null;
      return {
        ...{ label, glance, when, status, proof, words },
        rank: one.rank === null ? null : rank,
        ranked: rankedText(one),
        relation: relationOf(one) ?? null,
      };
    }),
    unlisted: judgement.others.length - shown.length,
    apart: judgement.apart.flatMap((one) => verdictView(one) ?? []),
  };
}

function suspect({ suspect: one, rank }: JudgedChange, incident: Incident | undefined, naming: Naming): SuspectView {
  return suspectView(one, rank ?? 0, { onset: incident?.question.onset, asOf: incident?.asOf ?? 0, naming });
}

/** Address and attribute are the key; a change of a whole resource, or of another system, is one key. */
function keysOf({ label, changes, glance }: SuspectView): KeyView[] {
  if (changes.length === 0) return [{ key: label, old: 'not on record', new: glance }];
  return changes.map(({ path, before, after }) => ({ key: `${label} · ${path}`, old: before, new: after }));
}

function rankedText({ rank, ruledOut, suspect: { score } }: JudgedChange): string {
  return rank === null ? `ruled out by the ranking: ${ruledOut}` : `rank ${rank}, score ${score.toFixed(2)}`;
}

function verdictView(verdict: RelationVerdict | null): VerdictView | null {
  if (verdict === null) return null;
  const { relation, certainty, text, said } = verdict;
  return { relation, certainty: certainty.toFixed(2), by: said.by, words: text, entry: entryRef(said) };
}

/** Who says what is the cause, in one line; the ranking's own word stands beside it. */
export function causeLine({ judgement, incident }: IncidentDocument, causes: readonly JudgedView[]): string {
  const [first] = causes;
  if (judgement.by === 'people' && first !== undefined) {
    const more = causes.length > 1 ? ` and ${count(causes.length - 1, 'more', 'more')}` : '';
    return `Judged the cause (certainty ${first.judged?.certainty ?? 'not stated'}): ${first.label}${more}`;
  }
  if (judgement.by === 'ranking' && first !== undefined)
    return `Most likely cause by the ranking (score ${first.score}); nobody has judged it yet: ${first.label}`;
  if (incident === undefined) return 'No case file is attached: nothing was ranked.';
  return incident.verdict === 'confident'
    ? 'No cause is judged: the first of the ranking was dismissed by people'
    : 'No confident suspect, and nobody has judged a cause';
}
