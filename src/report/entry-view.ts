import { readNote } from '../incident/record/note.ts';
import type { ChangePredicate, Entry } from '../model/entry.ts';
import { type AnswerView, entryAnswer } from './answer-view.ts';
import { type ChangesView, changesView } from './change-view.ts';
import type { ChangeEntry } from '../model/history.ts';
import { noteText } from './incident/note-text.ts';
import type { DiffLimits } from './text/line-diff.ts';
import { ruleNoteText } from './rule-note.ts';
import { count } from './text/plural.ts';
import { utc } from './text/time.ts';
import { causeMeaning, causeWord, kindMeaning, kindSign } from './words.ts';

/** How a report names an entry: index and digest lead back to it. */
export interface EntryRef {
  readonly index: number;
  readonly digest: string;
  readonly short: string;
  /** Anchor of the entry in the list of entries of the same document. */
  readonly anchor: string;
}

export function entryRef(entry: { readonly index: number; readonly digest: string }): EntryRef {
  return {
    index: entry.index,
    digest: entry.digest,
    short: shortDigest(entry.digest),
    anchor: `entry-${entry.index}`,
  };
}

/** The first 12 hex digits: enough to find an entry by eye. The whole digest stands beside it or in the ledger. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** The answers that a drift entry can give: what, before and after, when, who, why. */
export interface DriftEntryView extends ChangesView {
  readonly entry: EntryRef;
  readonly address: string;
  readonly type: string;
  readonly id: string | null;
  readonly workspace: string;
  readonly kind: ChangePredicate['change']['driftKind'];
  readonly kindMeaning: string;
  readonly sign: string;
  readonly cause: string;
  readonly causeMeaning: string;
  readonly observed: string;
  readonly recorded: string;
  readonly window: string;
  /** The same to the minute, for tables. */
  readonly windowShort: string;
  readonly who: string;
  readonly why: string;
  /** All that an audit log or a person told; null where nobody looked. */
  readonly answer: AnswerView | null;
}

export function driftEntryView(entry: ChangeEntry, limits: DiffLimits): DriftEntryView {
  const { change, when } = entry.statement.predicate;
  const answer = entryAnswer(entry.statement.predicate);
  return {
    entry: entryRef(entry),
    address: change.resource.address,
    type: change.resource.type,
    id: change.resource.id,
    workspace: change.resource.workspace,
    kind: change.driftKind,
    kindMeaning: kindMeaning(change.driftKind),
    sign: kindSign(change.driftKind),
    cause: causeWord(change.cause),
    causeMeaning: causeMeaning(change.cause),
    observed: utc(when.observedAt),
    recorded: utc(when.recordedAt),
    window: when.occurredAt === null ? windowText(when) : `${utc(when.occurredAt)} (${windowText(when)})`,
    windowShort: when.occurredAt === null ? windowShort(when) : utc(when.occurredAt),
    who: answer.who,
    why: answer.why,
    answer: answer.verdict === 'not-attempted' ? null : answer,
    ...changesView(change.paths, limits),
  };
}

/** Between which moments the change happened: what the scans alone can say. */
export function windowText(when: ChangePredicate['when']): string {
  if (when.notBefore === null) return `before ${utc(when.notAfter)}; no earlier scan bounds it`;
  return `between ${utc(when.notBefore)} and ${utc(when.notAfter)}`;
}

/** The same to the minute, for tables. */
export function windowShort(when: ChangePredicate['when']): string {
  const minute = (time: string) => utc(time).replace(/:\d\d UTC$/, '');
  return `${when.notBefore === null ? 'before' : `${minute(when.notBefore)} –`} ${minute(when.notAfter)} UTC`;
}

/** When an entry was written into the ledger. */
export function recordedAt(entry: Entry): string {
  return entry.kind === 'scan' ? entry.statement.predicate.recordedAt : entry.statement.predicate.when.recordedAt;
}

/** What an entry is about, in a few words. */
export function aboutEntry(entry: Entry): string {
  if (entry.kind === 'scan') return `scan of ${entry.statement.predicate.scan.scope.workspaces.join(', ')}`;
  const { predicate } = entry.statement;
  if ('change' in predicate) return predicate.change.resource.address;
  const note = readNote(entry);
  if (note !== undefined && 'content' in note) return `${note.incident} ${noteText(note.content)}`;
  const { annotation } = predicate;
  return (
    ruleNoteText(entry) ??
    annotation.waiver?.address ??
    annotation.text ??
    `${count(annotation.about.length, 'entry', 'entries')} spoken of`
  );
}
