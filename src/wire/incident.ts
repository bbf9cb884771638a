import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Alert } from '../incident/alert/alert.ts';
import { readAlert } from '../incident/alert/read.ts';
import type { ChangeEvent } from '../incident/event/event.ts';
import { readEvents } from '../incident/event/read.ts';
import { type IncidentVerdict, incidentOf } from '../incident/incident.ts';
import type { AttributionMode, Naming } from '../incident/names.ts';
import { stateGraph } from '../incident/state-graph.ts';
import { redactor } from '../ledger/hmac.ts';
import { loadRedaction } from '../ledger/keys.ts';
import { isAnnotation, mergedPicture } from '../ledger/query/merged.ts';
import { readEntries } from '../ledger/read.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError, type ErrorCode, errnoOf } from '../model/error.ts';
import type { AnnotationEntry } from '../model/picture.ts';
import type { Value } from '../model/value.ts';
import type { IncidentFormat } from '../report/format-names.ts';
import { renderIncident } from '../report/incident/formats.ts';
import { type BriefTextOptions, incidentTerminal } from '../report/incident/terminal.ts';
import { type IncidentInput, incidentView } from '../report/incident/view.ts';
import { parseJson } from '../terraform/json.ts';
import { parseState } from '../terraform/state-file.ts';
import { decodeText } from '../terraform/text.ts';
import type { WireIo } from './io.ts';
import type { LedgerFolders } from './ledger.ts';
import { ledgerFactsOf } from './ledger-facts.ts';
import { wireVerify } from './verify.ts';

export interface IncidentRequest {
  /** File of an alert; `-` is standard input. */
  readonly alert?: string;
  /** RFC 3339. */
  readonly onset?: string;
  /** How far before onset to look, milliseconds; widened step by step where left out. */
  readonly since?: number;
  /** How long an alert's rule waits before it fires, milliseconds. */
  readonly waited: number;
  readonly service?: string;
  readonly resource?: string;
  readonly events: readonly string[];
  readonly state: readonly string[];
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
  readonly ledgerVerifies: boolean;
  readonly render: (format: IncidentFormat) => string;
  readonly terminal: (options: BriefTextOptions) => string;
}

/**
 * Reads alert, events, states and the ledger, verifies the ledger, and ranks what changed. Nothing is written and nothing is
 * fetched. Errors: E_ALERT, E_STATE_FORMAT, E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_TEMPLATE.
 */
export async function wireIncident(
  request: IncidentRequest,
  io: WireIo & { readonly packageRoot: string },
): Promise<IncidentBrief> {
  const inputs = await inputsOf(request, io);
  const [alert] = inputs.filter(({ kind }) => kind === 'alert').map((one) => alertOf(one, request));
  const events = inputs
    .filter(({ kind }) => kind === 'events')
    .flatMap(eventsOf)
    .sort((a, b) => a.at - b.at);
  const graph = stateGraph(inputs.filter(({ kind }) => kind === 'state').map(stateOf));
  // Tree, leaves and head are checked whole; of the signatures a sample, so that who is on call need not wait.
  const verified = await wireVerify({ ...request, signatures: 'sample' }, io);
  const entries: Entry[] = [];
  for await (const entry of readEntries(verified.reader)) entries.push(entry);
  const { onset, since, service, resource } = request;
  const stated = { onset: onset === undefined ? undefined : Date.parse(onset), since, service, resource };
  const incident = incidentOf({ entries: asReadNow(entries), alert, events, graph, stated });
  const view = incidentView(incident, {
    ledger: ledgerFactsOf(verified),
    tool: { name: 'driftbom', version: io.version },
    naming: await namingOf(request, verified.folders),
    inputs: inputs.map(({ kind, name, sha256 }) => ({ kind, name, sha256 })),
  });
  const templates = {
    packageRoot: io.packageRoot,
    templateDir: request.templateDir && resolve(io.cwd, request.templateDir),
  };
  return {
    verdict: incident.verdict,
    ledgerVerifies: verified.verification.ok,
    render: (format) => renderIncident(format, view, templates),
    terminal: (options) => incidentTerminal(view, options),
  };
}

/** Each entry with what later entries know better in the place of what it said. */
function asReadNow(entries: readonly Entry[]): Entry[] {
  const about = new Map<string, AnnotationEntry[]>();
  const annotations = entries.filter(isAnnotation);
  const replacing = annotations.filter(({ statement }) => statement.predicate.supersedes !== null);
  for (const one of annotations) {
    for (const digest of one.statement.predicate.annotation.about)
      about.set(digest, [...(about.get(digest) ?? []), one]);
  }
  return entries.map((entry) => {
    const said = about.get(entry.digest);
    return said === undefined
      ? entry
      : mergedPicture(entry, [...said, ...replacing.filter((one) => !said.includes(one))]).entry;
  });
}

interface ReadInput extends IncidentInput {
  readonly bytes: Uint8Array;
}

/** The files that were named, in the order in which they are used. `-` as alert is standard input. */
async function inputsOf({ alert, events, state }: IncidentRequest, io: WireIo): Promise<ReadInput[]> {
  const wanted = [
    ...(alert === undefined ? [] : [{ kind: 'alert', name: alert } as const]),
    ...events.map((name) => ({ kind: 'events', name }) as const),
    ...state.map((name) => ({ kind: 'state', name }) as const),
  ];
  const inputs: ReadInput[] = [];
  for (const { kind, name } of wanted) {
    const standard = kind === 'alert' && name === '-';
    const bytes = standard
      ? await io.stdin()
      : await bytesOf(name, kind === 'state' ? 'E_STATE_FORMAT' : 'E_ALERT', io);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    inputs.push({ kind, name: standard ? 'standard input' : name, sha256, bytes });
  }
  return inputs;
}

function alertOf({ bytes, name }: ReadInput, { waited }: IncidentRequest): Alert {
  return readAlert(decodeText(bytes, name, 'E_ALERT'), name, { pad: waited });
}

function eventsOf({ bytes, name }: ReadInput): ChangeEvent[] {
  return readEvents(decodeText(bytes, name, 'E_ALERT'), name);
}

/** A state that was checked, as it is decoded: dependencies stand beside what a scan needs of it. */
function stateOf({ bytes, name }: ReadInput): Value {
  parseState(bytes, name);
  return parseJson(bytes, name, 'E_STATE_FORMAT');
}

async function bytesOf(file: string, code: ErrorCode, io: WireIo): Promise<Uint8Array> {
  return readFile(resolve(io.cwd, file)).catch((cause: unknown) => {
    throw new DriftbomError(code, `cannot read ${file}: ${errnoOf(cause)}`, 'Check the path.', { cause });
  });
}

/** Pseudonyms are made with the ledger's own redaction key: the same in every document, and nobody else can make them. */
async function namingOf({ attribution, team }: IncidentRequest, folders: LedgerFolders): Promise<Naming> {
  const teams = new Map(team);
  if (attribution !== 'pseudonym') return { mode: attribution, teams, digest: () => '' };
  const redact = redactor(await loadRedaction(folders.keysDirectory));
  return { mode: attribution, teams, digest: (name) => redact(name).slice(-64) };
}
