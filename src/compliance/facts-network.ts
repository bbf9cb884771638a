import type { SignedChange } from '../model/entry.ts';
import { parsePath } from '../model/path.ts';
import { isArray, isMap, sameValue, type Value, type ValueMap } from '../model/value.ts';
import type { Ingress } from '../resources/posture-facts.ts';
import type { PublicIngress } from './facts.ts';

const ALL_PORTS = { from: 0, to: 65_535 } as const;
/** Protocol "all", by number and by name. */
const ANY_PROTOCOL = new Set(['-1', 'all', '']);

/** Rules that let anybody in and that live has and declared has not. */
export function publicIngressAdded(changes: readonly SignedChange[], ingress: Ingress | undefined): PublicIngress[] {
  if (ingress === undefined) return [];
  return ingress.place === '' ? ofRule(changes, ingress) : changes.flatMap((change) => ofList(change, ingress));
}

/** The resource is one rule: what its changes do not name (a port, say) is not known, and counts as all. */
function ofRule(changes: readonly SignedChange[], ingress: Ingress): PublicIngress[] {
  const after: Record<string, Value> = Object.create(null) as Record<string, Value>;
  const before: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const change of changes) {
    const [name] = parsePath(change.path) ?? [];
    if (change.path === '' && isMap(change.after)) Object.assign(after, change.after);
    if (change.path === '' && isMap(change.before)) Object.assign(before, change.before);
    if (typeof name !== 'string') continue;
    after[name] = joined(after[name], change.after);
    before[name] = joined(before[name], change.before);
  }
  const opened = rulesOf(after, ingress, changes[0]?.path ?? '');
  const had = rulesOf(before, ingress, '');
  if (opened.length > 0)
    return opened.filter((one) => !had.some((other) => other.cidr === one.cidr && wider(other, one)));
  return [];
}

/** An element of a list may be told on its own: `cidr_blocks[0]`, or as a member of a set. */
function joined(known: Value | undefined, value: Value): Value {
  if (known === undefined || known === null) return value;
  const more: readonly Value[] = isArray(value) ? value : [value];
  return isArray(known) ? [...known, ...more] : [known, ...more];
}

function ofList(change: SignedChange, ingress: Ingress): PublicIngress[] {
  const steps = parsePath(change.path) ?? [];
  const names = steps.filter((step) => typeof step === 'string');
  if (change.path === '' && isMap(change.after))
    return added(null, change.after[ingress.place] ?? null, ingress, ingress.place);
  if (names[0] !== ingress.place) return [];
  if (names.length === 1) return added(change.before, change.after, ingress, change.path);
  // One attribute of a rule that stands at an index: the rest of the rule is not in the change.
  const field = names[1] as string;
  const rule = (value: Value): ValueMap => ({ [field]: value }) as ValueMap;
  return added(rule(change.before), rule(change.after), ingress, change.path);
}

function added(before: Value, after: Value, ingress: Ingress, path: string): PublicIngress[] {
  const had = items(before).flatMap((rule) => rulesOf(rule, ingress, path));
  return items(after)
    .filter((rule) => !items(before).some((other) => sameValue(other, rule)))
    .flatMap((rule) => rulesOf(rule, ingress, path))
    .filter((one) => !had.some((other) => other.cidr === one.cidr && wider(other, one)));
}

function items(value: Value): readonly ValueMap[] {
  if (isArray(value)) return value.filter(isMap);
  return isMap(value) ? [value] : [];
}

function rulesOf(rule: ValueMap, ingress: Ingress, path: string): PublicIngress[] {
  for (const [name, wanted] of Object.entries(ingress.where ?? {})) {
    const says = rule[name];
    if (says !== undefined && says !== null && says !== wanted) return [];
  }
  const cidrs = ingress.cidrs.flatMap((name) => texts(rule[name])).filter(isEverybody);
  const written = rule[ingress.protocol];
  const protocol = written === undefined || written === null ? 'unknown' : String(written).toLowerCase();
  const all = ANY_PROTOCOL.has(protocol);
  const [from, to] = [portOf(rule[ingress.from]), portOf(rule[ingress.to])];
  const ports = all || from === undefined || to === undefined || from < 0 ? ALL_PORTS : { from, to };
  return cidrs.map((cidr) => ({ ...ports, protocol: all ? '-1' : protocol, cidr, path }));
}

function wider(a: PublicIngress, b: PublicIngress): boolean {
  return a.from <= b.from && a.to >= b.to && (a.protocol === '-1' || a.protocol === b.protocol);
}

function portOf(value: Value | undefined): number | undefined {
  const port = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof port === 'number' && Number.isFinite(port) ? port : undefined;
}

function texts(value: Value | undefined): string[] {
  if (typeof value === 'string') return [value];
  return isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Prefix of length 0: every address there is. Two halves of the internet are not seen as such. */
function isEverybody(cidr: string): boolean {
  return /\/0+$/.test(cidr.trim());
}
