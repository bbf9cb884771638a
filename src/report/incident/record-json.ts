import type { FoldedIncidents } from '../../incident/record/fold.ts';
import type { Wording } from '../../incident/lint/remark.ts';
import type { NoteContent } from '../../incident/record/note.ts';
import type { IncidentRecord } from '../../model/incident-record.ts';
import { visibleJson } from '../text/visible.ts';

interface ReadUnder {
  readonly shown: string;
  readonly head: { readonly origin: string; readonly size: number; readonly root: string };
}

/** A note that was written, as JSON: `driftbom.incident-note/v1`. */
export function saidJson(said: SaidReport): string {
  const { incident, content, by, entry, about, wording, shown } = said;
  return document({
    schema: 'driftbom.incident-note/v1',
    ...{ ledger: shown, incident, topic: content.topic, by },
    entry: { index: entry.index, digest: entry.digest },
    about: about.map(({ index, digest, kind }) => ({ index, digest, kind })),
    says: content.what,
    wording,
  });
}

export interface SaidReport {
  readonly incident: string;
  readonly content: NoteContent;
  readonly by: string;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly about: readonly { readonly index: number; readonly digest: string; readonly kind: string }[];
  /** Remarks on the words. */
  readonly wording: readonly Wording[];
  readonly shown: string;
}

/** All incidents in short, as JSON: `driftbom.incidents/v1`. */
export function listJson({ records, strays, shown, head }: FoldedIncidents & ReadUnder): string {
  return document({
    schema: 'driftbom.incidents/v1',
    ...{ ledger: shown, head },
    incidents: records.map(({ id, title, severity, status, services, opened, actions, unread }) => ({
      ...{ id, title, severity, status, services, opened },
      openActions: actions.filter(({ state }) => state === 'open').length,
      unread: unread.length,
    })),
    strays,
  });
}

/** One incident as JSON: `driftbom.incident-record/v1`, the record as it is folded. */
export function recordJson(record: IncidentRecord, { shown, head }: ReadUnder): string {
  return document({ schema: 'driftbom.incident-record/v1', ledger: shown, head, ...record });
}

function document(json: object): string {
  return `${visibleJson(JSON.stringify(json, undefined, 2))}\n`;
}
