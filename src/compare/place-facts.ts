import type { Aggregate, Band, FactsTable, ResourceFacts } from '../resources/facts.ts';

/** What is known of one place of a resource; places below it hang under `below`. */
export interface PlaceFacts {
  knob?: boolean;
  neverRead?: boolean;
  volatile?: boolean;
  significant?: boolean;
  guard?: 'on' | 'off';
  unordered?: boolean;
  rewritten?: boolean;
  protocol?: boolean;
  readonly below: Map<string, PlaceFacts>;
}

type Flag = 'knob' | 'neverRead' | 'volatile' | 'significant' | 'unordered' | 'rewritten' | 'protocol';

/** The facts of one type and of every type, arranged for lookups while walking. */
export interface TypeFacts {
  readonly root: PlaceFacts;
  readonly copies: ReadonlyMap<string, string>;
  readonly bands: readonly Band[];
  readonly aggregates: readonly Aggregate[];
  readonly nothingWhenOff: readonly string[];
}

export const NO_FACTS: PlaceFacts = { below: new Map() };

const arranged = new WeakMap<FactsTable, Map<string, TypeFacts>>();

/** The facts that apply to a type; arranged once for each type and table. */
export function factsOf(table: FactsTable, type: string): TypeFacts {
  let types = arranged.get(table);
  if (types === undefined) {
    types = new Map();
    arranged.set(table, types);
  }
  const before = types.get(type);
  if (before !== undefined) return before;
  const own = Object.hasOwn(table.types, type) ? (table.types[type] as ResourceFacts) : {};
  const facts = arrange([table.every, own]);
  types.set(type, facts);
  return facts;
}

/** What is known of the member `name` of a place. */
export function below(facts: PlaceFacts, name: string): PlaceFacts {
  return facts.below.get(name) ?? NO_FACTS;
}

function arrange(layers: readonly ResourceFacts[]): TypeFacts {
  const root: PlaceFacts = { below: new Map() };
  const mark = (places: readonly string[] | undefined, flag: Flag): void => {
    for (const place of places ?? []) at(root, place)[flag] = true;
  };
  for (const layer of layers) {
    mark(layer.knobs, 'knob');
    mark(layer.neverRead, 'neverRead');
    mark(layer.volatile, 'volatile');
    mark(layer.significant, 'significant');
    mark(layer.unordered, 'unordered');
    mark(layer.rewritten, 'rewritten');
    mark(layer.protocols, 'protocol');
    for (const [place, unset] of Object.entries(layer.guards ?? {})) at(root, place).guard = unset;
  }
  return {
    root,
    copies: new Map(layers.flatMap((layer) => Object.entries(layer.copies ?? {}))),
    bands: layers.flatMap((layer) => layer.bands ?? []),
    aggregates: layers.flatMap((layer) => layer.aggregates ?? []),
    nothingWhenOff: layers.flatMap((layer) => layer.nothingWhenOff ?? []),
  };
}

function at(root: PlaceFacts, place: string): PlaceFacts {
  let here = root;
  for (const name of place.split('.')) {
    let next = here.below.get(name);
    if (next === undefined) {
      next = { below: new Map() };
      here.below.set(name, next);
    }
    here = next;
  }
  return here;
}
