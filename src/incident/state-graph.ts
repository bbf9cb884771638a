import { isArray, isMap, type Value, type ValueMap } from '../model/value.ts';
import { mapAt, mapsAt, textAt, textsAt } from './fields.ts';

/** A declared resource as far as finding it needs: how it is named, who owns it, and what stands beside it. */
export interface Thing {
  /** Without instance keys. */
  readonly address: string;
  readonly module: string;
  /** id, ARN and name of its instances. */
  readonly names: readonly string[];
  /** Values of tags that name a service, an application or an owner. */
  readonly services: readonly string[];
  readonly owners: readonly string[];
}

/** What depends on what, from Terraform states. */
export interface Graph {
  readonly things: ReadonlyMap<string, Thing>;
  /** In both directions, by address. */
  readonly neighbours: ReadonlyMap<string, ReadonlySet<string>>;
  /** What depends on an address, directly. */
  readonly dependants: ReadonlyMap<string, ReadonlySet<string>>;
  /** Where this is a part of a larger graph: how many things that has, and how many of them depend on each. */
  readonly whole?: { readonly things: number; readonly dependants: ReadonlyMap<string, number> };
}

const SERVICE_TAG = /^(service|app|application|component|system|project)$/i;
const OWNER_TAG = /^(owner|team|squad)$/i;

/** Builds the graph from states (format 4, decoded). Only names, tags and dependencies are taken; no other value is kept. */
export function stateGraph(states: readonly Value[]): Graph {
  const things = new Map<string, Thing>();
  const neighbours = new Map<string, Set<string>>();
  const dependants = new Map<string, Set<string>>();
  for (const block of states.filter(isMap).flatMap((state) => mapsAt(state, 'resources'))) {
    const thing = thingOf(block);
    const before = things.get(thing.address);
    things.set(thing.address, before === undefined ? thing : joined(before, thing));
    for (const needed of mapsAt(block, 'instances').flatMap((one) => textsAt(one, 'dependencies'))) {
      add(neighbours, thing.address, needed);
      add(neighbours, needed, thing.address);
      add(dependants, needed, thing.address);
    }
  }
  return { things, neighbours, dependants };
}

/** The address without instance keys: a state's dependencies have none. */
export function staticAddress(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}

/** Fewest steps from any of `from`, for all that is within `most` of them. */
export function hopsFrom(graph: Graph, from: ReadonlySet<string>, most: number): Map<string, number> {
  const hops = new Map<string, number>();
  let row = [...from];
  for (let step = 0; step <= most && row.length > 0; step++) {
    const fresh = row.filter((one) => !hops.has(one));
    for (const one of fresh) hops.set(one, step);
    row = fresh.flatMap((one) => [...(graph.neighbours.get(one) ?? [])]);
  }
  return hops;
}

/** How many things the graph has, or the larger one that it is a part of. */
export function sizeOf({ things, whole }: Graph): number {
  return whole?.things ?? things.size;
}

const counted = new WeakMap<Graph, Map<string, number>>();

/** How many resources depend on one, through others too. */
export function dependantsOf(graph: Graph, address: string): number {
  const told = graph.whole?.dependants.get(address);
  if (told !== undefined) return told;
  const known = counted.get(graph) ?? new Map<string, number>();
  counted.set(graph, known);
  const before = known.get(address);
  if (before !== undefined) return before;
  const count = countOf(graph, address);
  known.set(address, count);
  return count;
}

function countOf(graph: Graph, address: string): number {
  const seen = new Set<string>([address]);
  const waiting = [address];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const next of graph.dependants.get(one) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return seen.size - 1;
}

function thingOf(block: ValueMap): Thing {
  const module = textAt(block, 'module') ?? '';
  const data = textAt(block, 'mode') === 'data' ? 'data.' : '';
  const own = `${data}${textAt(block, 'type') ?? ''}.${textAt(block, 'name') ?? ''}`;
  const attributes = mapsAt(block, 'instances').map(openAttributes);
  const tags = attributes.flatMap((one) => [...entries(mapAt(one, 'tags_all')), ...entries(mapAt(one, 'tags'))]);
  const matching = (pattern: RegExp): string[] =>
    unique(tags.filter(([key]) => pattern.test(key)).map(([, value]) => value));
  return {
    address: staticAddress(module === '' ? own : `${module}.${own}`),
    module: staticAddress(module),
    names: unique(attributes.flatMap((one) => ['id', 'arn', 'name'].flatMap((key) => textAt(one, key) ?? []))),
    services: matching(SERVICE_TAG),
    owners: matching(OWNER_TAG),
  };
}

/** The attributes of an instance without those that the state marks as sensitive, wholly or in part. */
function openAttributes(instance: ValueMap): ValueMap {
  const marked = Object.hasOwn(instance, 'sensitive_attributes') ? instance.sensitive_attributes : undefined;
  const hidden = new Set(
    (isArray(marked) ? marked : []).map((path) => {
      const [first] = isArray(path) ? path : [];
      return isMap(first) ? textAt(first, 'value') : null;
    }),
  );
  return Object.fromEntries(Object.entries(mapAt(instance, 'attributes')).filter(([name]) => !hidden.has(name)));
}

function entries(map: ValueMap): (readonly [string, string])[] {
  return Object.keys(map).map((key) => [key, textAt(map, key) ?? ''] as const);
}

function joined(a: Thing, b: Thing): Thing {
  return {
    ...a,
    names: unique([...a.names, ...b.names]),
    services: unique([...a.services, ...b.services]),
    owners: unique([...a.owners, ...b.owners]),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
  edges.set(from, (edges.get(from) ?? new Set()).add(to));
}
