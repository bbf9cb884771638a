import { z } from 'zod';
import type { Value } from '../../model/value.ts';
import { ALERT_FORMATS, type Alert } from '../alert/alert.ts';
import type { ChangeEvent } from '../event/event.ts';
import type { Stated } from '../rank/question.ts';
import type { Graph } from '../state-graph.ts';

const CASE_SCHEMA = 'driftbom.case/v1';

/**
 * What the suspects of an incident are ranked from, beside the ledger: with both, the ranking can be made again. Nothing of
 * the files that people handed in is kept but this.
 */
export interface CaseFile {
  readonly stated: Stated;
  readonly alert: Alert | undefined;
  /** In the order of time. */
  readonly events: readonly ChangeEvent[];
  readonly graph: Graph;
  /** The files that it was read from. */
  readonly files: readonly {
    readonly kind: 'alert' | 'events' | 'state';
    readonly name: string;
    readonly sha256: string;
  }[];
  /** The log when the case was made: entries, and the root of its tree (hex). */
  readonly ledger: { readonly size: number; readonly root: string };
}

/** The case as one JSON value, the same for the same case. Secrets are not masked yet. */
export function caseDocument({ stated, alert, events, graph, files, ledger }: CaseFile): Value {
  const { onset = null, since = null, service = null, resource = null } = stated;
  return {
    schema: CASE_SCHEMA,
    stated: { onset, since, service, resource },
    alert: alert === undefined ? null : alertDocument(alert),
    events: events.map((one) => ({ ...one })),
    graph: {
      things: [...graph.things.values()].map((one) => ({ ...one })),
      dependants: [...graph.dependants].map(([address, others]) => ({ address, dependants: [...others] })),
      whole:
        graph.whole === undefined
          ? null
          : {
              things: graph.whole.things,
              dependants: [...graph.whole.dependants].map(([address, count]) => ({ address, count })),
            },
    },
    files: files.map(({ kind, name, sha256 }) => ({ kind, name, sha256 })),
    ledger: { ...ledger },
  };
}

/** No title and no remark of an alert needs more; hints were counted when it was read. */
const LONGEST = 2000;

function alertDocument(alert: Alert): Value {
  const cut = (one: string): string => one.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '');
  const hints = alert.hints.map((one) => ({ ...one }));
  return { ...alert, title: cut(alert.title), remarks: alert.remarks.map(cut), hints };
}

const text = z.string();
const maybe = text.nullable();
const at = z.number();
const thing = z.object({
  address: text,
  module: text,
  names: z.array(text),
  services: z.array(text),
  owners: z.array(text),
});
const shape = z.object({
  schema: z.literal(CASE_SCHEMA),
  stated: z.object({ onset: at.nullable(), since: at.nullable(), service: maybe, resource: maybe }),
  alert: z
    .object({
      ...{ format: z.enum(ALERT_FORMATS), title: text, status: z.enum(['firing', 'resolved']), severity: maybe },
      ...{ at, atFrom: text, onset: at, onsetFrom: text, endedAt: at.nullable(), region: maybe, account: maybe },
      hints: z.array(z.object({ name: text, value: text, kind: z.enum(['dimension', 'service', 'owner', 'label']) })),
      remarks: z.array(text),
    })
    .nullable(),
  events: z.array(
    z.object({
      ...{ line: z.number(), system: text, id: maybe, at, kind: z.enum(['flag', 'config', 'deploy', 'change']) },
      stage: z.enum(['started', 'step', 'completed', 'rolled-back', 'failed', 'changed']),
      ...{ percent: z.number().nullable(), verdict: maybe, triggeredBy: maybe, services: z.array(text) },
      ...{ summary: text, by: maybe, resource: maybe, version: maybe },
    }),
  ),
  graph: z.object({
    things: z.array(thing),
    dependants: z.array(z.object({ address: text, dependants: z.array(text) })),
    whole: z
      .object({ things: z.number(), dependants: z.array(z.object({ address: text, count: z.number() })) })
      .nullable(),
  }),
  files: z.array(z.object({ kind: z.enum(['alert', 'events', 'state']), name: text, sha256: text })),
  ledger: z.object({ size: z.number().int().nonnegative(), root: text }),
});

/** Reads the bytes of a case file; undefined where they are none that this version can read. */
export function caseOf(bytes: Uint8Array): CaseFile | undefined {
  const parsed = shape.safeParse(jsonOf(bytes));
  if (!parsed.success) return undefined;
  const { stated, alert, events, graph, files, ledger } = parsed.data;
  return {
    stated: Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null)),
    alert: alert ?? undefined,
    events,
    graph: graphOf(graph),
    files,
    ledger,
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function graphOf({ things, dependants: edges, whole }: z.infer<typeof shape>['graph']): Graph {
  const neighbours = new Map<string, Set<string>>();
  const join = (from: string, to: string): void => {
    neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
  };
  for (const { address, dependants } of edges) {
    for (const one of dependants) {
      join(one, address);
      join(address, one);
    }
  }
  return {
    things: new Map(things.map((one) => [one.address, one])),
    neighbours,
    dependants: new Map(edges.map(({ address, dependants }) => [address, new Set(dependants)])),
    ...(whole === null
      ? {}
      : {
          whole: {
            things: whole.things,
            dependants: new Map(whole.dependants.map(({ address, count }) => [address, count])),
          },
        }),
  };
}
