import type { Wording } from '../incident/lint/remark.ts';
import { lintText } from '../incident/lint/text.ts';
import { type NoteContent, noteParts } from '../incident/record/note.ts';
import { annotationStatement } from '../ledger/annotation-statement.ts';
import { appendStatements } from '../ledger/append-statements.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import type { Evidence } from '../ledger/evidence.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import type { Entry } from '../model/entry.ts';
import type { IncidentRecord } from '../model/incident-record.ts';
import type { Identity } from '../record/identity.ts';
import { speaker } from './annotate.ts';
import { incidentOrRefuse, incidentsIn } from './incident-record.ts';
import type { WireIo } from './io.ts';
import { type OpenedLedger, openForWriting } from './ledger.ts';
import { checkTexts } from './incident-texts.ts';
import { openQuery } from './query.ts';

/** What every command has that says something of incidents. */
export interface SpeakRequest {
  /** Who says it; else as the environment says. */
  readonly by?: string;
  readonly ledger?: string;
  readonly config?: string;
}

/** A note to be written. */
export interface ToSay {
  readonly incident: string;
  readonly content: NoteContent;
  readonly about?: readonly Entry[];
  /** The note that this one takes the place of. */
  readonly supersedes?: { readonly digest: string } | undefined;
  readonly evidence?: Evidence;
}

/** A note that was written, and what was known before. */
export interface SaidNote {
  readonly incident: string;
  readonly content: NoteContent;
  readonly by: string;
  readonly identity: Identity | undefined;
  readonly about: readonly Entry[];
  readonly entry: { readonly index: number; readonly digest: string };
  /** Remarks on the words: they are written all the same. */
  readonly wording: readonly Wording[];
  readonly shown: string;
}

/** The ledger as it is when a note is made: nobody else writes in the meantime. */
export interface Moment {
  readonly query: LedgerQuery;
  readonly records: readonly IncidentRecord[];
  readonly by: string;
  /** RFC 3339. */
  readonly now: string;
  readonly head: Checkpoint;
}

/**
 * Writes one note of an incident. `make` runs under the lock of the ledger, and again where another writer was first.
 * Errors: what `make` throws, E_USAGE (nothing says who speaks), E_RECORD (a text that cannot stand in a ledger), E_CONFIG,
 * and those of opening and appending to a ledger; then nothing is written.
 */
export async function sayOfIncident(
  request: SpeakRequest,
  io: WireIo,
  make: (moment: Moment, opened: OpenedLedger) => Promise<ToSay>,
): Promise<SaidNote> {
  const { by, identity } = speaker(request.by, io);
  const opened = await openForWriting(request, false, io);
  // The index of a large ledger is made here, so that nobody has to wait for it under the lock.
  await openQuery(opened.folders, opened.ledger.store, io);
  const { prepared, appended } = await appendStatements(opened.ledger, io.clock, async (occasion) => {
    const query = await openQuery(opened.folders, opened.ledger.store, io);
    const { records } = await incidentsIn(query);
    const toSay = await make({ query, records, by, now: occasion.recordedAt, head: occasion.head }, opened);
    const { incident, content, about = [], supersedes, evidence } = toSay;
    const parts = noteParts(incident, content);
    const severity = records.find(({ id }) => id === incident)?.severity ?? null;
    checkTexts(parts, occasion.recordedAt);
    const saying = {
      annotation: { kind: 'note', by, ...parts } as const,
      about,
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(evidence === undefined ? {} : { evidence: [evidence.descriptor] }),
    };
    return {
      statements: [annotationStatement(occasion, saying, io.version)],
      objects: evidence === undefined ? [] : [evidence.object],
      toSay,
      wording: lintText(parts.text ?? '', severity),
    };
  });
  const { incident, content, about = [] } = prepared.toSay;
  const entry = appended.entries[0] as SaidNote['entry'];
  return { incident, content, by, identity, about, entry, wording: prepared.wording, shown: opened.shown };
}

/** The same, of an incident that is there. Errors: E_NOT_FOUND too. */
export function sayOf(
  incident: string,
  request: SpeakRequest,
  io: WireIo,
  make: (record: IncidentRecord, moment: Moment) => Promise<Omit<ToSay, 'incident'>> | Omit<ToSay, 'incident'>,
): Promise<SaidNote> {
  return sayOfIncident(request, io, async (moment) => {
    const record = incidentOrRefuse(moment.records, incident);
    return { incident: record.id, ...(await make(record, moment)) };
  });
}
