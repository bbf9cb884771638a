import type { IncidentDocument } from '../../incident/document/document.ts';
import { stageText } from '../../incident/event/rollout.ts';
import type { IncidentStatus, Severity } from '../../model/incident-record.ts';
import { aboutEntry, type EntryRef, entryRef } from '../entry-view.ts';

import { ledgerFactsView } from '../ledger-facts.ts';
import { visibleDeep } from '../text/visible.ts';
import { type ChangesPart, causeLine, changesPart } from './document-changes.ts';
import { type CommsPart, commsPart } from './document-comms.ts';
import { documentMasks } from './document-names.ts';
import { type PeoplePart, peoplePart, wordingPart } from './document-people.ts';
import { type TimelinePart, timelinePart } from './document-timeline.ts';
import { moment, type TimesPart, timesPart } from './document-times.ts';
import { type WhyView, whysPart } from './document-whys.ts';
import { maskedDeep } from './masked.ts';
import { type BriefOptions, type IncidentView, incidentView } from './view.ts';

/** A document of an incident: what people wrote and what the ledger proves. Every value stands here; no template computes any. */
export interface DocumentView extends ChangesPart, TimesPart, PeoplePart, CommsPart {
  readonly title: string;
  readonly id: string;
  readonly severity: Severity | null;
  readonly status: IncidentStatus;
  /** Nobody has approved it yet. */
  readonly draft: boolean;
  readonly services: string;
  readonly opened: string;
  readonly tool: string;
  readonly asOf: string;
  readonly attribution: string;
  readonly tone: 'drift' | 'incomplete' | 'passed';
  /** Who says what is the cause. */
  readonly headline: string;
  /** The ranking's own word, which people's does not change. */
  readonly ranking: string;
  readonly horizon: IncidentView['horizon'];
  readonly alert: IncidentView['alert'];
  readonly scope: IncidentView['scope'];
  readonly steps: IncidentView['steps'];
  readonly hold: IncidentView['hold'];
  readonly ruledOut: IncidentView['ruledOut'];
  readonly gaps: IncidentView['gaps'];
  readonly rollout: string | null;
  readonly rollouts: readonly RolloutRow[];
  readonly timeline: TimelinePart;
  readonly whys: readonly WhyView[];
  readonly wording: ReturnType<typeof wordingPart>;
  readonly showWording: boolean;
  readonly evidence: EvidencePart;
  readonly ledger: IncidentView['ledger'];
}

interface RolloutRow {
  readonly at: string;
  readonly system: string;
  readonly id: string | null;
  readonly stage: string;
  readonly verdict: string | null;
  readonly by: string | null;
  readonly version: string | null;
  readonly words: string | null;
}

interface EvidencePart {
  /** The record: notes, in the order of the log. */
  readonly notes: readonly {
    readonly entry: EntryRef;
    readonly by: string;
    readonly at: string;
    readonly words: string;
  }[];
  /** Changes that the document speaks of. */
  readonly changes: readonly { readonly entry: EntryRef; readonly label: string }[];
  readonly caseFile: { readonly entry: EntryRef; readonly sha256: string } | null;
  readonly inputs: IncidentView['inputs'];
  readonly unread: readonly { readonly index: number; readonly why: string }[];
  /** In how many texts a name or an address was taken out. */
  readonly redactions: number;
}

/** All of it, names taken out as the mode has it, and no hidden character left. */
export function documentView(document: IncidentDocument, options: BriefOptions): DocumentView {
  const { record, incident, remarks } = document;
  const masks = documentMasks(document, options.naming);
  // What the brief knows already, its names taken out like all else.
  const brief = incident === undefined ? undefined : incidentView(incident, options);
  const caseFile = record.cases.at(-1);
  const caseEntry = caseFile === undefined ? null : entryRef(caseFile.said);
  const changes = changesPart(document, options.naming);
  const draft = record.status === 'draft' || record.status === 'in_review';
  const told: Omit<DocumentView, 'evidence'> = {
    ...{ title: record.title, id: record.id, severity: record.severity, status: record.status, draft },
    services: record.services.join(', '),
    opened: moment(Date.parse(record.opened.at)),
    tool: `${options.tool.name} ${options.tool.version}`,
    asOf: brief?.asOf ?? 'nothing ranked',
    attribution: options.naming.mode,
    tone: changes.causes.length > 0 ? 'drift' : 'incomplete',
    headline: causeLine(document, changes.causes),
    ranking: brief?.headline ?? 'No case file is attached: driftbom incident attach adds one.',
    horizon: brief?.horizon ?? null,
    alert: brief?.alert ?? null,
    scope: brief?.scope ?? [],
    steps: brief?.steps ?? [],
    hold: brief?.hold ?? [],
    ruledOut: brief?.ruledOut ?? [],
    gaps: brief?.gaps ?? { count: 0, groups: [] },
    ...changes,
    ...timesPart(document),
    ...peoplePart(document),
    ...commsPart(document, changes.causes),
    rollout: document.rollout,
    rollouts: rolloutRows(document),
    timeline: timelinePart(document, options.naming, caseEntry),
    whys: whysPart(document),
    wording: wordingPart(document),
    showWording: draft && remarks.length > 0,
    ledger: brief?.ledger ?? ledgerFactsView(options.ledger),
  };
  const view: DocumentView = {
    ...told,
    evidence: {
      ...evidencePart(document, refsIn(told)),
      caseFile: caseFile === undefined || caseEntry === null ? null : { entry: caseEntry, sha256: caseFile.sha256 },
      inputs: options.inputs,
      redactions: 0,
    },
  };
  const shown = visibleDeep(maskedDeep(view, masks, 'document'));
  return { ...shown, evidence: { ...shown.evidence, redactions: masks.count() } };
}

function rolloutRows({ incident }: IncidentDocument): RolloutRow[] {
  return (incident?.events ?? []).map((event) => ({
    at: moment(event.at),
    system: event.system,
    id: event.id,
    stage: stageText(event),
    verdict: event.verdict,
    by: event.by ?? event.triggeredBy,
    version: event.version,
    words: event.summary === stageText(event) ? null : event.summary,
  }));
}

/** The notes of the record, and every other entry that the view names: each link of the document ends here. */
function evidencePart(
  { record, entries }: IncidentDocument,
  refs: ReadonlyMap<number, EntryRef>,
): Pick<EvidencePart, 'notes' | 'changes' | 'unread'> {
  const byDigest = new Map(entries.map((entry) => [entry.digest, entry] as const));
  const notes = new Set(record.entries.map(({ index }) => index));
  return {
    notes: record.entries.map((said) => {
      const known = byDigest.get(said.digest);
      return {
        entry: entryRef(said),
        by: said.by,
        at: moment(Date.parse(said.at)),
        words: known === undefined ? 'not in sight' : topicOf(known),
      };
    }),
    changes: [...refs.values()]
      .filter(({ index }) => !notes.has(index))
      .sort((a, b) => a.index - b.index)
      .map((entry) => {
        const known = byDigest.get(entry.digest);
        return { entry, label: known === undefined ? 'not in sight' : `${known.kind}: ${aboutEntry(known)}` };
      }),
    unread: record.unread,
  };
}

function topicOf({ statement }: IncidentDocument['entries'][number]): string {
  const topic = 'annotation' in statement.predicate ? statement.predicate.annotation.topic : undefined;
  return topic ?? 'note';
}

/** Every entry that a view names, by index. */
function refsIn(view: unknown, found: Map<number, EntryRef> = new Map()): ReadonlyMap<number, EntryRef> {
  if (typeof view !== 'object' || view === null) return found;
  if ('anchor' in view && 'digest' in view) found.set((view as EntryRef).index, view as EntryRef);
  for (const one of Object.values(view)) refsIn(one, found);
  return found;
}
