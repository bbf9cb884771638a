import type { IncidentDocument } from '../../incident/document/document.ts';
import { standingOf } from '../../incident/document/rules.ts';
import type { ActionStanding } from '../../model/action-standing.ts';
import {
  ACTION_CATEGORIES,
  type ActionCategory,
  type ActionItem,
  INCIDENT_TEXTS,
  type IncidentText,
  LESSON_KINDS,
  type LessonKind,
  type SaidIn,
} from '../../model/incident-record.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import { moment } from './document-times.ts';

/** Words of a person, and the entry in which they stand. */
export interface WordsView {
  readonly words: string;
  readonly entry: EntryRef;
}

interface ActionView extends WordsView {
  readonly id: string;
  readonly category: ActionCategory;
  readonly owner: string | null;
  readonly due: string | null;
  readonly doneWhen: string | null;
  readonly rule: string | null;
  readonly ticket: string | null;
  /** closed: its rule was green in as many scans as are asked for. */
  readonly state: ActionStanding['state'];
  /** How it came to its state, or what keeps its rule from closing it. */
  readonly source: string | null;
}

export interface PeoplePart {
  readonly texts: { readonly [name in IncidentText]: WordsView | null };
  readonly metrics: readonly (WordsView & { readonly value: string; readonly source: string | null })[];
  readonly factors: readonly (WordsView & { readonly kind: string })[];
  readonly lessons: readonly {
    readonly kind: LessonKind;
    readonly title: string;
    readonly items: readonly WordsView[];
  }[];
  readonly actions: readonly {
    readonly category: ActionCategory;
    readonly title: string;
    readonly items: readonly ActionView[];
  }[];
  readonly openActions: number;
  readonly hasActions: boolean;
  readonly questions: readonly (WordsView & { readonly id: string; readonly answer: string | null })[];
  readonly roles: readonly { readonly role: string; readonly who: string; readonly entry: EntryRef }[];
  readonly reviews: readonly {
    readonly decision: string;
    readonly by: string;
    readonly role: string | null;
    readonly at: string;
    readonly words: string | null;
    readonly entry: EntryRef;
  }[];
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly standing: string;
    readonly entry: EntryRef;
  }[];
}

const LESSONS: Readonly<Record<LessonKind, string>> = {
  well: 'What went well',
  wrong: 'What went wrong',
  lucky: 'Where we were lucky',
  surprised: 'What surprised us',
};
const ACTIONS: Readonly<Record<ActionCategory, string>> = {
  detection: 'Detection',
  mitigation: 'Mitigation',
  prevention: 'Prevention',
  'docs-training': 'Documentation and training',
};
const ROLES = { ic: 'Incident commander', comms: 'Communications', ops: 'Operations', scribe: 'Scribe' } as const;

/** What people wrote, each with its entry. Nothing is filled in where nobody wrote. */
export function peoplePart(document: IncidentDocument): PeoplePart {
  const { record, rules, ruleFacts } = document;
  const standing = (action: ActionItem) => standingOf(action, record.id, ruleFacts);
  const words = (text: string, said: SaidIn): WordsView => ({ words: text, entry: entryRef(said) });
  return {
    texts: Object.fromEntries(
      INCIDENT_TEXTS.map((name) => {
        const one = record.texts[name];
        return [name, one === undefined ? null : words(one.text, one.said)];
      }),
    ) as PeoplePart['texts'],
    metrics: record.metrics.map(({ metric, value, unit, source, said }) => ({
      ...words(metric, said),
      value: unit === null ? value : `${value} ${unit}`,
      source,
    })),
    factors: record.factors.map(({ kind, text, said }) => ({ ...words(text, said), kind })),
    lessons: LESSON_KINDS.map((kind) => ({
      kind,
      title: LESSONS[kind],
      items: record.lessons.filter((one) => one.kind === kind).map(({ text, said }) => words(text, said)),
    })),
    actions: ACTION_CATEGORIES.map((category) => ({
      category,
      title: ACTIONS[category],
      items: record.actions
        .filter((one) => one.category === category)
        .map((action) => actionView(action, standing(action))),
    })),
    hasActions: record.actions.length > 0,
    openActions: record.actions.filter((action) => standing(action).state === 'open').length,
    questions: record.questions.map(({ id, text, answer, said }) => ({ ...words(text, said), id, answer })),
    roles: record.roles.map(({ role, who, said }) => ({ role: ROLES[role], who, entry: entryRef(said) })),
    reviews: record.reviews.map(({ decision, role, text, said }) => ({
      decision: decision === 'approved' ? 'approved' : 'changes requested',
      by: said.by,
      role,
      at: moment(Date.parse(said.at)),
      words: text,
      entry: entryRef(said),
    })),
    rules: rules.flatMap(({ rule: { terms, from, origin }, retired }) =>
      origin.source === 'config'
        ? []
        : [
            {
              id: terms.id,
              title: terms.title,
              standing: `${retired === null ? 'in force' : `retired in entry ${retired.index}`}${from?.action == null ? '' : `, closes ${from.action}`}`,
              entry: entryRef({ index: origin.index, digest: origin.entry }),
            },
          ],
    ),
  };
}

function actionView(
  { id, category, text, owner, due, doneWhen, rule, ticket, said }: ActionItem,
  { state, because }: ReturnType<typeof standingOf>,
): ActionView {
  return {
    id,
    category,
    words: text,
    owner,
    due,
    doneWhen,
    rule,
    ticket,
    state,
    source: because,
    entry: entryRef(said),
  };
}

/** `Wording: 3 remarks`; each remark leads to its entry. */
export function wordingPart({ remarks }: IncidentDocument) {
  return {
    count: remarks.length,
    title: `Wording: ${remarks.length === 0 ? 'no remarks' : count(remarks.length, 'remark')}`,
    remarks: remarks.map(({ rule, words, why, instead, entry, where }) => ({
      rule,
      words,
      why,
      instead,
      entry,
      where,
    })),
  };
}
