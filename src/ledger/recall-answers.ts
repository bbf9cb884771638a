import type { Attribution } from '../model/attribution.ts';
import type { Entry, OpenDrift } from '../model/entry.ts';
import type { AnnotationEntry } from '../model/picture.ts';
import { isAnnotation, isChange, mergedPicture } from './query/merged.ts';
import type { EntryReader } from './read.ts';

/** How an open drift is explained so far. */
export interface OpenAnswer {
  readonly drift: OpenDrift;
  readonly notBefore: string | null;
  readonly notAfter: string;
  /** The newest answer: that of the entry, or of the last correction. */
  readonly verdict: Attribution['verdict'];
  readonly occurredAt: string | null;
  readonly hasReason: boolean;
}

/** A change that somebody recorded, as far as it may explain others. */
export interface StatedReason {
  /** `#12`. */
  readonly entry: string;
  readonly address: string;
  readonly workspace: string | null;
  readonly occurredAt: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string;
  readonly reason: string;
  readonly references: readonly string[];
}

/** What the search in an audit log wants to know of the ledger. */
export interface RecalledAnswers {
  readonly open: readonly OpenAnswer[];
  /** Audit events that an entry names already. */
  readonly events: ReadonlySet<string>;
  readonly stated: readonly StatedReason[];
}

/** Entries that are read back from the head; what is older explains no new change. */
const READ_BACK = 4096;

/** Reads the newest entries, and those of the open drifts however old they are. Throws E_LEDGER_CORRUPT. */
export async function recallAnswers(
  read: EntryReader,
  size: number,
  open: readonly OpenDrift[],
): Promise<RecalledAnswers> {
  const entries = new Map<number, Entry>();
  for (let index = Math.max(0, size - READ_BACK); index < size; index++) {
    const entry = await read(index);
    if (entry !== undefined) entries.set(index, entry);
  }
  const annotations = [...entries.values()].filter(isAnnotation);
  const answers: OpenAnswer[] = [];
  for (const drift of open) {
    const entry = entries.get(drift.index) ?? (await read(drift.index));
    if (entry !== undefined) answers.push(...answerOf(drift, entry, annotations));
  }
  return {
    open: answers,
    events: new Set([...entries.values()].flatMap(eventsOf)),
    stated: [...entries.values()].flatMap((entry) => statedBy(entry, annotations)),
  };
}

function answerOf(drift: OpenDrift, signed: Entry, annotations: readonly AnnotationEntry[]): OpenAnswer[] {
  const { entry } = mergedPicture(signed, annotations);
  if (!isChange(entry)) return [];
  const { when, who, why } = entry.statement.predicate;
  const { notBefore, notAfter, occurredAt } = when;
  return [{ drift, notBefore, notAfter, verdict: who.verdict, occurredAt, hasReason: why.reason !== null }];
}

function eventsOf(entry: Entry): string[] {
  if (entry.kind === 'scan') return [];
  return entry.statement.predicate.evidence.flatMap(({ annotations }) => {
    const id = annotations?.eventId;
    return typeof id === 'string' ? [id] : [];
  });
}

function statedBy(signed: Entry, annotations: readonly AnnotationEntry[]): StatedReason[] {
  const { entry } = mergedPicture(signed, annotations);
  if (!isChange(entry) || entry.kind !== 'change') return [];
  const { change, when, who, why } = entry.statement.predicate;
  if (who.verdict !== 'stated' || why.reason === null) return [];
  const { address, workspace } = change.resource;
  const { occurredAt, notBefore, notAfter } = when;
  const { text: reason, references } = why.reason;
  return [{ entry: `#${entry.index}`, address, workspace, occurredAt, notBefore, notAfter, reason, references }];
}
