import type { Alert } from '../incident/alert/alert.ts';
import { questionOf } from '../incident/rank/question.ts';
import { nextIncidentId } from '../incident/record/ids.ts';
import { nearGraph } from '../incident/record/near-graph.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { DriftbomError } from '../model/error.ts';
import { type IncidentRecord, SEVERITIES, type Severity } from '../model/incident-record.ts';
import { textFault } from '../record/change.ts';
import { briefOf, type IncidentBrief, type IncidentRequest } from './incident.ts';
import { caseEvidence, readCase } from './incident-case.ts';
import { type IncidentInputs, type InputsRequest, readInputs } from './incident-inputs.ts';
import { incidentOrRefuse } from './incident-record.ts';
import { type SaidNote, sayOfIncident, type SpeakRequest } from './incident-write.ts';
import type { WireIo } from './io.ts';
import type { OpenedLedger } from './ledger.ts';

export interface OpenRequest extends IncidentRequest, SpeakRequest {
  readonly title?: string;
  readonly severity?: Severity;
}

/** An incident that was opened, and the first answer to what changed before it. */
export interface OpenedIncident extends SaidNote {
  readonly brief: IncidentBrief;
}

/**
 * `driftbom incident open`: ranks as `driftbom incident` does, and records the incident with all that the ranking rests on.
 * Errors: E_USAGE (no title), E_RECORD, and those of wireIncident and of appending to a ledger; then nothing is written.
 */
export async function wireOpen(
  request: OpenRequest,
  io: WireIo & { readonly packageRoot: string },
): Promise<OpenedIncident> {
  const inputs = await readInputs(request, io);
  const title = request.title ?? titleOf(inputs.alert);
  if (title === undefined) {
    const cure = 'Give --title, or the alert with --alert.';
    throw new DriftbomError('E_USAGE', 'nothing says what the incident is called', cure);
  }
  const brief = await briefOf(inputs, request, io);
  const said = await sayOfIncident(request, io, async ({ records, head, query }, { ledger }) => {
    const evidence = caseEvidence(await fitting(inputs, query), head, ledger.redact);
    const severity = request.severity ?? severityOf(inputs.alert);
    const what = { title, severity, services: servicesOf(inputs), case: evidence.descriptor.digest.sha256 };
    return { incident: nextIncidentId(records), content: { topic: 'opened', what }, evidence };
  });
  return { ...said, brief };
}

/**
 * `driftbom incident attach`: a later case file. An alert, states and what is stated take the place of the earlier ones;
 * events are added. Errors: E_USAGE (nothing to attach), E_NOT_FOUND, and those of wireOpen.
 */
export async function wireAttach(
  request: InputsRequest & SpeakRequest & { readonly incident: string },
  io: WireIo,
): Promise<SaidNote> {
  const inputs = await readInputs(request, io);
  if (inputs.files.length === 0 && Object.values(inputs.stated).every((one) => one === undefined)) {
    const cure = 'Give --alert, --events, --state, --onset, --service or --resource.';
    throw new DriftbomError('E_USAGE', 'there is nothing to attach', cure);
  }
  return sayOfIncident(request, io, async ({ records, head, query }, opened) => {
    const record = incidentOrRefuse(records, request.incident);
    const all = await fitting(await joined(record, inputs, opened), query);
    const evidence = caseEvidence(all, head, opened.ledger.redact);
    const content = { topic: 'case', what: { case: evidence.descriptor.digest.sha256 } } as const;
    return { incident: record.id, content, evidence };
  });
}

/** From so many resources on, a case keeps only those that the ranking looks at. */
const MOST_THINGS = 20_000;

async function fitting(inputs: IncidentInputs, { catalogue }: LedgerQuery): Promise<IncidentInputs> {
  const { graph, stated, alert } = inputs;
  if (graph.things.size <= MOST_THINGS) return inputs;
  const changed = await Promise.all(catalogue.segments.map((segment) => segment.column('addresses')));
  return { ...inputs, graph: nearGraph(graph, questionOf(stated, alert), changed.flat()) };
}

async function joined(
  { cases }: IncidentRecord,
  later: IncidentInputs,
  { ledger }: OpenedLedger,
): Promise<IncidentInputs> {
  const last = cases.at(-1);
  if (last === undefined) return later;
  const before = await readCase(ledger.store, last.sha256);
  const has = (kind: string): boolean => later.files.some((one) => one.kind === kind);
  const { onset, since, service, resource } = later.stated;
  const kept = before.files.filter(({ kind, sha256 }) =>
    kind === 'events' ? !later.files.some((one) => one.sha256 === sha256) : !has(kind),
  );
  // A file that is given again adds nothing; texts are no part of what a row is, since secrets in them are masked by now.
  const rows = new Map(
    [...before.events, ...later.events].map((event) => {
      const { at, line, system, id, stage, percent } = event;
      return [JSON.stringify([at, line, system, id, stage, percent]), event];
    }),
  );
  return {
    alert: later.alert ?? before.alert,
    events: [...rows.values()].sort((a, b) => a.at - b.at),
    graph: has('state') ? later.graph : before.graph,
    stated: {
      onset: onset ?? before.stated.onset,
      since: since ?? before.stated.since,
      service: service ?? before.stated.service,
      resource: resource ?? before.stated.resource,
    },
    files: [...kept, ...later.files],
  };
}

const LONGEST_TITLE = 200;

/** The alert's own title, as far as it can stand in a ledger. */
function titleOf(alert: Alert | undefined): string | undefined {
  const title = alert?.title
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TITLE)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
  if (title === undefined || title === '') return undefined;
  return textFault(title, LONGEST_TITLE) === undefined ? title : undefined;
}

function severityOf(alert: Alert | undefined): Severity | null {
  const word = alert?.severity?.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SEVERITIES.find((one) => one === word) ?? null;
}

const MOST_SERVICES = 10;

function servicesOf({ stated, alert }: IncidentInputs): string[] {
  if (stated.service !== undefined) return [stated.service];
  const named = alert?.hints.filter(({ kind }) => kind === 'service').map(({ value }) => value.trim()) ?? [];
  const fit = named.filter((one) => textFault(one, LONGEST_TITLE, false) === undefined);
  return [...new Set(fit)].slice(0, MOST_SERVICES);
}
