import { createHash } from 'node:crypto';
import type { Alert } from '../incident/alert/alert.ts';
import { readAlert } from '../incident/alert/read.ts';
import type { ChangeEvent } from '../incident/event/event.ts';
import { readEvents } from '../incident/event/read.ts';
import type { Stated } from '../incident/rank/question.ts';
import { type Graph, stateGraph } from '../incident/state-graph.ts';
import type { Value } from '../model/value.ts';
import type { IncidentInput } from '../report/incident/view.ts';
import { parseJson } from '../terraform/json.ts';
import { parseState } from '../terraform/state-file.ts';
import { decodeText } from '../terraform/text.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';

/** What a person says of an incident, and the files that say more. */
export interface InputsRequest {
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
}

/** All that the ranking knows beside the ledger, and the files that it was read from. */
export interface IncidentInputs {
  readonly alert: Alert | undefined;
  /** In the order of time. */
  readonly events: readonly ChangeEvent[];
  readonly graph: Graph;
  readonly stated: Stated;
  readonly files: readonly IncidentInput[];
}

/** Reads alert, events and states. Nothing is fetched. Errors: E_ALERT, E_STATE_FORMAT. */
export async function readInputs(request: InputsRequest, io: WireIo): Promise<IncidentInputs> {
  const inputs = await inputsOf(request, io);
  const [alert] = inputs.filter(({ kind }) => kind === 'alert').map((one) => alertOf(one, request));
  const events = inputs
    .filter(({ kind }) => kind === 'events')
    .flatMap(eventsOf)
    .sort((a, b) => a.at - b.at);
  const graph = stateGraph(inputs.filter(({ kind }) => kind === 'state').map(stateOf));
  const { onset, since, service, resource } = request;
  const stated = { onset: onset === undefined ? undefined : Date.parse(onset), since, service, resource };
  return { alert, events, graph, stated, files: inputs.map(({ kind, name, sha256 }) => ({ kind, name, sha256 })) };
}

interface ReadInput extends IncidentInput {
  readonly bytes: Uint8Array;
}

/** The files that were named, in the order in which they are used. `-` as alert is standard input. */
async function inputsOf({ alert, events, state }: InputsRequest, io: WireIo): Promise<ReadInput[]> {
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
      : await readGiven(name, kind === 'state' ? 'E_STATE_FORMAT' : 'E_ALERT', io);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    inputs.push({ kind, name: standard ? 'standard input' : name, sha256, bytes });
  }
  return inputs;
}

function alertOf({ bytes, name }: ReadInput, { waited }: InputsRequest): Alert {
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
