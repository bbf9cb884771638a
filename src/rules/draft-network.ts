import { parsePath } from '../model/path.ts';
import { isArray, isEmpty, isMap, type Value, type ValueMap } from '../model/value.ts';
import { postureOf } from '../resources/posture.ts';
import type { Ingress } from '../resources/posture-facts.ts';
import { numberIn } from './conditions.ts';

/** Every address there is, as rules of networks spell it. */
const EVERYBODY = ['0.0.0.0/0', '::/0'];
const ANY_PROTOCOL = ['-1', 'all'];

type Leaf = { readonly path: string; readonly before: Value; readonly after: Value };

/**
 * A draft where a change opened ports to everybody: it forbids, in each rule of the group, everybody together with a port
 * range that meets the one that was opened. Other ports that are open on purpose stay allowed.
 */
export function openedToAll(
  type: string,
  { path, before, after }: Leaf,
): { kind: 'combination'; title: string; terms: { readonly [name: string]: Value }; note: string | null }[] {
  const { ingress } = postureOf(type);
  if (ingress === undefined || ingress.place === '' || parsePath(path)?.[0] !== ingress.place) return [];
  const had = blocks(before).filter((rule) => isOpen(rule, ingress));
  const opened = blocks(after).filter(
    (rule) => isOpen(rule, ingress) && !had.some((one) => samePorts(one, rule, ingress)),
  );
  return opened.map((rule) => {
    const ports = portsOf(rule, ingress);
    const all: Value[] = [
      { any: ingress.cidrs.map((name) => ({ path: `${name}[*]`, is: EVERYBODY })) },
      ...(ports === undefined ? [] : portClauses(ports, ingress)),
    ];
    const what =
      ports === undefined
        ? 'any port'
        : ports.from === ports.to
          ? `port ${ports.from}`
          : `ports ${ports.from} to ${ports.to}`;
    return {
      kind: 'combination',
      title: `nobody opens ${what} to everybody (${ingress.place})`,
      terms: { each: `${ingress.place}[*]`, all },
      note: null,
    };
  });
}

/** A rule of the group meets the ports where it begins before their end and ends after their beginning, or is for all. */
function portClauses({ from, to }: { from: number; to: number }, { protocol, from: low, to: high }: Ingress): Value[] {
  const forAll = { path: protocol, is: ANY_PROTOCOL };
  return [{ any: [forAll, { path: low, atMost: to }] }, { any: [forAll, { path: high, atLeast: from }] }];
}

/** Undefined: all of them. */
function portsOf(rule: ValueMap, { protocol, from, to }: Ingress): { from: number; to: number } | undefined {
  const [low, high] = [numberIn(rule[from] ?? null), numberIn(rule[to] ?? null)];
  if (ANY_PROTOCOL.includes(String(rule[protocol] ?? '-1')) || low === undefined || high === undefined)
    return undefined;
  return { from: low, to: high };
}

function samePorts(a: ValueMap, b: ValueMap, ingress: Ingress): boolean {
  return JSON.stringify(portsOf(a, ingress)) === JSON.stringify(portsOf(b, ingress));
}

function isOpen(rule: ValueMap, { cidrs }: Ingress): boolean {
  return cidrs.flatMap((name) => listOf(rule[name] ?? null)).some((one) => EVERYBODY.includes(String(one)));
}

function blocks(value: Value): readonly ValueMap[] {
  return listOf(value).filter(isMap);
}

function listOf(value: Value): readonly Value[] {
  if (isArray(value)) return value;
  return isEmpty(value) ? [] : [value];
}
