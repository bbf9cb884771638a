import type { Entry } from '../../model/entry.ts';
import type { IncidentRecord } from '../../model/incident-record.ts';
import { IncidentDraft } from './draft.ts';
import { readNote } from './note.ts';

/** All incidents of a ledger, and the notes that belong to none that could be told. */
export interface FoldedIncidents {
  readonly records: readonly IncidentRecord[];
  readonly strays: readonly { readonly index: number; readonly why: string }[];
}

/** The incidents that entries tell of, in the order in which they were opened. Entries have to be in the order of the log. */
export function incidentRecords(entries: Iterable<Entry>): IncidentRecord[] {
  return [...foldIncidents(entries).records];
}

/** The same, with the notes that name no incident. Never throws: what cannot be read is listed. */
export function foldIncidents(entries: Iterable<Entry>): FoldedIncidents {
  const drafts = new Map<string, IncidentDraft>();
  const strays: { index: number; why: string }[] = [];
  for (const entry of entries) {
    const note = readNote(entry);
    if (note === undefined) continue;
    if (note.incident === null) {
      strays.push({ index: note.said.index, why: 'why' in note ? note.why : '' });
      continue;
    }
    const draft = drafts.get(note.incident) ?? new IncidentDraft(note.incident, note.said);
    drafts.set(note.incident, draft);
    if ('why' in note) draft.unreadable(note);
    else draft.add(note);
  }
  return { records: [...drafts.values()].map((draft) => draft.record()), strays };
}
