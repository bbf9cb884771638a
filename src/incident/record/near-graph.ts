import { type Scope, scopeOf } from '../rank/match.ts';
import type { Question } from '../rank/question.ts';
import { dependantsOf, type Graph, sizeOf, staticAddress } from '../state-graph.ts';

/**
 * The part of a graph that a ranking looks at: what the question names, two steps around it, and what changed, each with how
 * many resources of the whole depend on it. Over the same changes the ranking is the same as with all of it.
 */
export function nearGraph(graph: Graph, question: Question, changed: Iterable<string>): Graph {
  const kept = keptOf(scopeOf(question, graph), changed);
  const things = new Map([...graph.things].filter(([address]) => kept.has(address)));
  const inside = (edges: Graph['dependants']): Map<string, ReadonlySet<string>> => {
    const near = new Map<string, ReadonlySet<string>>();
    for (const address of kept) {
      const others = [...(edges.get(address) ?? [])].filter((one) => kept.has(one));
      if (others.length > 0) near.set(address, new Set(others));
    }
    return near;
  };
  const counts = new Map([...things.keys()].map((address) => [address, dependantsOf(graph, address)]));
  return {
    things,
    neighbours: inside(graph.neighbours),
    dependants: inside(graph.dependants),
    whole: { things: sizeOf(graph), dependants: counts },
  };
}

function keptOf({ addresses, hops }: Scope, changed: Iterable<string>): ReadonlySet<string> {
  return new Set([...addresses, ...hops.keys(), ...[...changed].map(staticAddress)]);
}
