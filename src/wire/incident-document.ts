import { resolve } from 'node:path';
import { incidentDocument } from '../incident/document/document.ts';
import { type Incident, incidentOf } from '../incident/incident.ts';
import { loadConfig } from '../config.ts';
import type { RuleFacts } from '../incident/document/rules.ts';
import { isAnnotation } from '../ledger/query/merged.ts';
import { observedAt, type ScanEntry } from '../model/history.ts';
import { actionStandings } from '../rules/actions.ts';
import { ruleBook } from '../rules/notes.ts';
import { rulesOfConfig } from '../rules/written.ts';
import type { AttributionMode } from '../incident/names.ts';
import type { CaseFile } from '../incident/record/case.ts';
import { incidentRecords } from '../incident/record/fold.ts';
import type { Entry } from '../model/entry.ts';
import type { IncidentRecord } from '../model/incident-record.ts';
import type { ExportTarget, IncidentFormat, IncidentTemplate } from '../report/format-names.ts';
import { renderDocument } from '../report/incident/document-formats.ts';
import { exportText } from '../report/incident/export.ts';
import { renderIncident } from '../report/incident/formats.ts';
import { wordingJson, wordingTerminal } from '../report/incident/wording.ts';
import { type BriefOptions, incidentView } from '../report/incident/view.ts';
import type { TemplatePlace } from '../report/template/files.ts';
import { asReadNow } from './as-read-now.ts';
import { namingOf } from './incident.ts';
import { readCase } from './incident-case.ts';
import { incidentOrRefuse } from './incident-record.ts';
import type { WireIo } from './io.ts';
import { ledgerFactsOf } from './ledger-facts.ts';
import { wireVerifiedEntries } from './verified-entries.ts';

export interface DocumentRequest {
  /** `INC-0001`. */
  readonly incident: string;
  readonly attribution: AttributionMode;
  /** Names, and the team that each belongs to. */
  readonly team: readonly (readonly [string, string])[];
  readonly ledger?: string;
  readonly config?: string;
  readonly templateDir?: string;
}

/** One incident of the ledger, ready to be rendered, checked or handed on. */
export interface WiredDocument {
  readonly ledgerVerifies: boolean;
  readonly render: (template: IncidentTemplate, format: IncidentFormat) => string;
  readonly exported: (target: ExportTarget) => string;
  /** Remarks on the wording. */
  readonly remarks: number;
  readonly wording: (shape: 'text' | 'json') => string;
}

/**
 * Reads an incident from the ledger alone: its record, and the ranking made again from its case file. Nothing is written.
 * Errors: E_NOT_FOUND, E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_CONFIG, E_TEMPLATE.
 */
export async function wireIncidentDocument(
  request: DocumentRequest,
  io: WireIo & { readonly packageRoot: string },
): Promise<WiredDocument> {
  const { verified, entries } = await wireVerifiedEntries(request, io);
  const record = incidentOrRefuse(incidentRecords(entries), request.incident);
  const attached = record.cases.at(-1);
  const caseFile = attached === undefined ? undefined : await readCase(verified.reader, attached.sha256);
  const current = asReadNow(entries);
  const incident = caseFile === undefined ? undefined : rankedAgain(record, caseFile, current);
  const document = incidentDocument(record, incident, current, await ruleFactsOf(record, entries, request, io));
  const options: BriefOptions = {
    ledger: ledgerFactsOf(verified),
    tool: { name: 'driftbom', version: io.version },
    naming: await namingOf(request, verified.folders),
    inputs: caseFile?.files ?? [],
  };
  const templates: TemplatePlace = {
    packageRoot: io.packageRoot,
    templateDir: request.templateDir && resolve(io.cwd, request.templateDir),
  };
  return {
    ledgerVerifies: verified.verification.ok,
    render: (template, format) =>
      template === 'brief'
        ? renderIncident(format, incidentView(incident ?? withoutCase(current), options), templates)
        : renderDocument(template, format, document, options, templates),
    exported: (target) => exportText(target, document, options),
    remarks: document.remarks.length,
    wording: (shape) => (shape === 'json' ? wordingJson : wordingTerminal)(document, options.naming),
  };
}

/** How the actions stand by the scans on record. Overdue is nobody's word here: a document reads no clock. */
async function ruleFactsOf(
  record: IncidentRecord,
  entries: readonly Entry[],
  request: DocumentRequest,
  io: WireIo,
): Promise<RuleFacts> {
  const config = await loadConfig(request.config && resolve(io.cwd, request.config), [io.cwd]);
  const own = rulesOfConfig(config.rules ?? []).map((rule) => ({ rule, retired: null }));
  const rules = [...ruleBook(entries.filter(isAnnotation)).rules, ...own];
  const scans = entries.filter((entry): entry is ScanEntry => entry.kind === 'scan');
  const newest = entries.at(-1);
  const asOf = newest === undefined ? record.opened.at : observedAt(newest);
  return { rules, standings: actionStandings([record], scans, rules, asOf, config.actions?.greenScans) };
}

/** The ranking of a case over the ledger as it is now. An onset that somebody set since stands over that of the case. */
function rankedAgain(
  { milestones }: IncidentRecord,
  { stated, alert, events, graph }: CaseFile,
  entries: readonly Entry[],
): Incident {
  const set = milestones.findLast(({ name }) => name === 'onset');
  const onset = set === undefined ? stated.onset : Date.parse(set.at);
  // What was written of it later is no evidence of how long the change stood.
  const observed = entries.filter(({ statement }) => !('annotation' in statement.predicate));
  return incidentOf({ entries: observed, alert, events, graph, stated: { ...stated, onset } });
}

function withoutCase(entries: readonly Entry[]): Incident {
  const graph = { things: new Map(), neighbours: new Map(), dependants: new Map() };
  return incidentOf({ entries, events: [], graph, stated: {} });
}
