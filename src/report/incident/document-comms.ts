import type { IncidentDocument } from '../../incident/document/document.ts';
import type { Audience, MilestoneName } from '../../model/incident-record.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { count } from '../text/plural.ts';
import type { JudgedView } from './document-changes.ts';
import { moment, spanText } from './document-times.ts';

export interface MessageView {
  readonly audience: Audience;
  readonly state: 'draft' | 'sent';
  readonly at: string | null;
  readonly words: string;
  readonly entry: EntryRef;
}

/** A message made of facts alone, for a person to finish and to send. */
export interface DraftView {
  readonly audience: Audience;
  readonly draft: string;
}

export interface CommsPart {
  readonly messages: readonly MessageView[];
  readonly drafts: readonly DraftView[];
}

export function commsPart(document: IncidentDocument, causes: readonly JudgedView[]): CommsPart {
  return {
    messages: document.record.comms.map(({ audience, state, at, text, said }) => ({
      audience,
      state,
      at: at === null ? null : moment(Date.parse(at)),
      words: text,
      entry: entryRef(said),
    })),
    drafts: [
      { audience: 'internal', draft: internalDraft(document, causes) },
      { audience: 'executive', draft: executiveDraft(document) },
      { audience: 'status-page', draft: publicDraft(document) },
      { audience: 'customer', draft: publicDraft(document) },
    ],
  };
}

function internalDraft(document: IncidentDocument, causes: readonly JudgedView[]): string {
  const { record, judgement } = document;
  const [first] = causes;
  const cause =
    first === undefined
      ? 'No cause is known yet.'
      : `${judgement.by === 'people' ? 'Judged the cause' : 'Most likely cause, not judged yet'}: ${first.label}, ${first.glance}, ${first.when}. Way out: ${first.wayOut.direction}.`;
  const open = record.actions.filter(({ state }) => state === 'open').length;
  return [
    `${record.id} (${record.severity ?? 'severity not set'}): ${record.title}.`,
    ...times(document),
    cause,
    ...(open === 0 ? [] : [`Open actions: ${open}.`]),
  ].join(' ');
}

function executiveDraft(document: IncidentDocument): string {
  const { record, judgement } = document;
  const open = record.actions.filter(({ state }) => state === 'open');
  return [
    `${record.id}, ${record.severity ?? 'severity not set'}: ${record.title}.`,
    ...times(document),
    judgement.causes.length === 0
      ? 'A cause is not known yet.'
      : 'A configuration change is taken for the cause; it is on record with its earlier value.',
    open.length === 0
      ? 'No open action is on record.'
      : `${count(open.length, 'action is', 'actions are')} open${dueText(open.flatMap(({ due }) => due ?? []))}.`,
  ].join(' ');
}

function dueText(days: readonly string[]): string {
  const last = [...days].sort().at(-1);
  return last === undefined ? '' : `, the last due on ${last}`;
}

/** For people outside: times alone. What users saw, somebody has to write. */
function publicDraft(document: IncidentDocument): string {
  const { at, lasted } = publicTimes(document);
  const began = at.onset === undefined ? 'We had a problem' : `We had a problem that began at ${at.onset}`;
  if (at.resolved !== undefined)
    return `${began} and was resolved at ${at.resolved}${lasted === undefined ? '' : `; it lasted ${lasted}`}.`;
  if (at.mitigated !== undefined) return `${began}. Its effects ended at ${at.mitigated}; we are watching.`;
  return at.onset === undefined
    ? 'We are looking into a problem.'
    : `We are looking into a problem that began at ${at.onset}.`;
}

/** Moments and length as they may be shown to anybody. */
export function publicTimes({ milestones, durations }: IncidentDocument): {
  readonly at: { readonly [name in MilestoneName]?: string };
  readonly lasted: string | undefined;
} {
  const at = Object.fromEntries(milestones.map((one) => [one.name, minute(one.at)]));
  const ms = durations.find(({ name }) => name === 'duration')?.length ?? null;
  return { at, lasted: ms === null ? undefined : spanText(ms) };
}

function times(document: IncidentDocument): string[] {
  const { at, lasted } = publicTimes(document);
  const words: readonly (readonly [MilestoneName, string])[] = [
    ['onset', 'Began'],
    ['detected', 'detected'],
    ['identified', 'cause identified'],
    ['mitigated', 'mitigated'],
    ['resolved', 'resolved'],
  ];
  const known = words.flatMap(([name, word]) => (at[name] === undefined ? [] : [`${word} ${at[name]}`]));
  if (known.length === 0) return [];
  return [`${known.join(', ')}${lasted === undefined ? '' : ` (${lasted})`}.`];
}

function minute(at: number): string {
  return moment(at).replace(/:\d\d UTC$/, ' UTC');
}
