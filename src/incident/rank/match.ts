import { addressMatches } from '../address-match.ts';
import { type Graph, hopsFrom, staticAddress, type Thing } from '../state-graph.ts';
import type { Candidate } from './candidate.ts';
import type { Question } from './question.ts';
import type { TermValue } from './term-value.ts';
import { holdsName } from './words.ts';

/** What the incident is about, and why it is taken to be. */
export interface Scope {
  /** Declared resources that the alert or the person names, by address. */
  readonly addresses: ReadonlySet<string>;
  /** Steps from them in the dependency graph, up to two. */
  readonly hops: ReadonlyMap<string, number>;
  readonly modules: ReadonlySet<string>;
  readonly why: readonly string[];
  /** Whether anything at all is named: else no match can be judged. */
  readonly known: boolean;
}

export function scopeOf(question: Question, graph: Graph): Scope {
  const { service, resource, hints } = question;
  const addresses = new Set<string>();
  const why: string[] = [];
  for (const thing of graph.things.values()) {
    if (resource !== undefined && addressMatches(thing.address, staticAddress(resource))) addresses.add(thing.address);
    const named = hints.find((hint) => hint.kind !== 'owner' && isNamed(thing.names, hint.value));
    if (named !== undefined) {
      addresses.add(thing.address);
      why.push(`${named.name} ${named.value} is ${thing.address}`);
    }
    if (service !== undefined && thing.services.some((one) => sameName(one, service))) addresses.add(thing.address);
  }
  if (resource !== undefined) why.unshift(`resource ${resource}, as stated`);
  if (service !== undefined) {
    const label = hints.find((hint) => hint.kind === 'service' && hint.value === service);
    why.unshift(`service ${service}, ${label === undefined ? 'as stated' : `from the alert's ${label.name}`}`);
  }
  const loose = hints.filter(
    (hint) => hint.kind !== 'service' && !why.some((text) => text.startsWith(`${hint.name} `)),
  );
  why.push(...loose.map((hint) => `${hint.name} ${hint.value}, from the alert`));
  const modules = new Set([...addresses].flatMap((one) => graph.things.get(one)?.module ?? []));
  return {
    addresses,
    hops: hopsFrom(graph, addresses, 2),
    modules,
    why,
    known: resource !== undefined || service !== undefined || hints.length > 0,
  };
}

/** How near a change stands to what the incident is about. */
export function matchOf(candidate: Candidate, question: Question, scope: Scope, graph: Graph): TermValue | string {
  if (!scope.known) return 'nothing says what the incident is about';
  const { resource, service, hints } = question;
  const { address } = candidate;
  if (resource !== undefined && address !== undefined && addressMatches(address, resource)) {
    return { value: 1, evidence: 'the resource asked for' };
  }
  const exact = hints.find(
    (hint) => hint.kind !== 'owner' && hint.kind !== 'service' && isNamed(candidate.names, hint.value),
  );
  if (exact !== undefined) return { value: 1, evidence: `exact: ${exact.name} ${exact.value}` };
  const thing = address === undefined ? undefined : graph.things.get(staticAddress(address));
  if (thing !== undefined) {
    const named = hints.find(
      (hint) => (hint.kind === 'dimension' || hint.kind === 'label') && isNamed(thing.names, hint.value),
    );
    if (named !== undefined) return { value: 1, evidence: `exact: ${named.name} ${named.value}` };
  }
  if (service !== undefined) {
    const holder = nameHolder(candidate, thing, service);
    if (holder !== undefined) return { value: 0.8, evidence: `service ${service}, by its ${holder}` };
  }
  const owner = hints.find((hint) => hint.kind === 'owner' && thing?.owners.some((one) => sameName(one, hint.value)));
  if (owner !== undefined) return { value: 0.8, evidence: `owner ${owner.value}` };
  return nearness(thing, scope) ?? placeMatch(candidate, thing, question);
}

/** In which name of a candidate the service stands. */
function nameHolder(candidate: Candidate, thing: Thing | undefined, service: string): string | undefined {
  if (thing?.services.some((one) => sameName(one, service))) return 'tag';
  if (candidate.services.some((one) => holdsName(one, service)))
    return candidate.source.kind === 'entry' ? 'workspace' : 'service';
  if (candidate.names.some((one) => holdsName(one, service))) return 'name';
  return undefined;
}

function nearness(thing: Thing | undefined, { hops, modules }: Scope): TermValue | undefined {
  if (thing === undefined) return undefined;
  const steps = hops.get(thing.address);
  if (steps !== undefined && steps <= 1) return { value: 0.7, evidence: 'one step in the dependency graph' };
  if (thing.module !== '' && modules.has(thing.module)) return { value: 0.7, evidence: `same module ${thing.module}` };
  return steps === 2 ? { value: 0.4, evidence: 'two steps in the dependency graph' } : undefined;
}

/** Nothing names it. Only where the graph holds it, or its own system says whose it is, is it known to stand apart. */
function placeMatch(candidate: Candidate, thing: Thing | undefined, { region, resource }: Question): TermValue {
  if (region !== undefined && candidate.region === region) return { value: 0.1, evidence: `only the region ${region}` };
  if (thing === undefined && candidate.source.kind === 'entry' && resource === undefined) {
    return { value: 0, evidence: 'not named by the alert, and in no state that was given (--state)' };
  }
  return { value: 0, evidence: 'no path to what the alert names', apart: true };
}

/** Whether a word names a thing: by a whole name, or by the end of an ARN behind a slash or colon. */
function isNamed(names: readonly string[], word: string): boolean {
  if (word.length < 2) return false;
  return names.some((name) => name === word || name.endsWith(`/${word}`) || name.endsWith(`:${word}`));
}

function sameName(a: string, b: string): boolean {
  return holdsName(a, b) && holdsName(b, a);
}
