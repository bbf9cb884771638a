import { resolve } from 'node:path';
import { type IncidentVerdict, incidentOf } from '../incident/incident.ts';
import type { AttributionMode, Naming } from '../incident/names.ts';
import { redactor } from '../ledger/hmac.ts';
import { loadRedaction } from '../ledger/keys.ts';
import type { IncidentFormat } from '../report/format-names.ts';
import { renderIncident } from '../report/incident/formats.ts';
import { type BriefTextOptions, incidentTerminal } from '../report/incident/terminal.ts';
import { incidentView } from '../report/incident/view.ts';
import { asReadNow } from './as-read-now.ts';
import { type IncidentInputs, type InputsRequest, readInputs } from './incident-inputs.ts';
import type { WireIo } from './io.ts';
import type { LedgerFolders } from './ledger.ts';
import { ledgerFactsOf } from './ledger-facts.ts';
import { wireVerifiedEntries } from './verified-entries.ts';

export interface IncidentRequest extends InputsRequest {
  readonly attribution: AttributionMode;
  /** Names, and the team that each belongs to. */
  readonly team: readonly (readonly [string, string])[];
  readonly ledger?: string;
  readonly config?: string;
  readonly templateDir?: string;
}

/** An answer, ready to be shown. */
export interface IncidentBrief {
  readonly verdict: IncidentVerdict;
  /** One sentence, with names as `attribution` has them. */
  readonly headline: string;
  readonly ledgerVerifies: boolean;
  readonly render: (format: IncidentFormat) => string;
  readonly terminal: (options: BriefTextOptions) => string;
}

/**
 * Reads alert, events, states and the ledger, verifies the ledger, and ranks what changed. Nothing is written and nothing is
 * fetched. Errors: E_ALERT, E_STATE_FORMAT, E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_TEMPLATE.
 */
export async function wireIncident(request: IncidentRequest, io: BriefIo): Promise<IncidentBrief> {
  return briefOf(await readInputs(request, io), request, io);
}

type BriefIo = WireIo & { readonly packageRoot: string };

/** The same, with inputs that were read already. */
export async function briefOf(
  { alert, events, graph, stated, files }: IncidentInputs,
  request: IncidentRequest,
  io: BriefIo,
): Promise<IncidentBrief> {
  const { verified, entries } = await wireVerifiedEntries(request, io);
  const incident = incidentOf({ entries: asReadNow(entries), alert, events, graph, stated });
  const view = incidentView(incident, {
    ledger: ledgerFactsOf(verified),
    tool: { name: 'driftbom', version: io.version },
    naming: await namingOf(request, verified.folders),
    inputs: files,
  });
  const templates = {
    packageRoot: io.packageRoot,
    templateDir: request.templateDir && resolve(io.cwd, request.templateDir),
  };
  return {
    verdict: incident.verdict,
    headline: view.headline,
    ledgerVerifies: verified.verification.ok,
    render: (format) => renderIncident(format, view, templates),
    terminal: (options) => incidentTerminal(view, options),
  };
}

/** Pseudonyms are made with the ledger's own redaction key: the same in every document, and nobody else can make them. */
export async function namingOf(
  { attribution, team }: Pick<IncidentRequest, 'attribution' | 'team'>,
  folders: LedgerFolders,
): Promise<Naming> {
  const teams = new Map(team);
  if (attribution !== 'pseudonym') return { mode: attribution, teams, digest: () => '' };
  const redact = redactor(await loadRedaction(folders.keysDirectory));
  return { mode: attribution, teams, digest: (name) => redact(name).slice(-64) };
}
