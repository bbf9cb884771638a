import { canonicalPolicy, isPolicy } from '../compare/policy.ts';
import type { Value } from '../model/value.ts';
import { MARKED_SOURCES } from '../resources/aws/audit-words.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { type Member, partMember } from './member.ts';
import type { Json, JsonMap } from './json.ts';
import { isJsonMap } from './who/fields.ts';
import { scalarText } from './wire-value.ts';

/** Part of a record that a leaf stands in: what was asked for, what came back, what the log itself names. */
export type WirePart = 'request' | 'response' | 'resources';

/** One value of a record, whatever shape it arrived in. */
export class WireLeaf {
  readonly part: WirePart;
  /** Objects that it stands in, outermost first, by numbers that are unique in the record. */
  readonly within: readonly number[];
  /** A scalar; null for an empty object or list. */
  readonly value: Value;
  /** Made of a {key, value} pair: the key is the last of `names`. */
  readonly pair: boolean;
  readonly member: Member;
  #text: string | undefined;

  constructor(part: WirePart, { member, within }: Here, value: Value, pair: boolean, text?: string) {
    this.part = part;
    this.member = member;
    this.within = within;
    this.value = value;
    this.pair = pair;
    this.#text = text;
  }

  /** The same place with another value; of a pair, also with another key. */
  with(value: Value, key: string | undefined): WireLeaf {
    const member = key === undefined ? this.member : this.member.called(key);
    return new WireLeaf(this.part, { member, within: this.within }, value, this.pair);
  }

  /** Members from the root of the part; wrappers, list indexes and the request's own envelope are left out. */
  get names(): readonly string[] {
    return this.member.names;
  }

  /** The names as one text: leaves that stand alike have the same. */
  get path(): string {
    return this.member.path;
  }

  /** Where it stands in the record: `requestParameters.ipPermissions.items[0].fromPort`. */
  get at(): string {
    return this.member.at;
  }

  /** scalarText of the value. Most values are never looked at. */
  get text(): string {
    this.#text ??= scalarText(this.value);
    return this.#text;
  }
}

/** Records are hostile text: no request of a cloud nests deeper or holds more. */
const DEEPEST = 48;
const MOST_LEAVES = 20_000;

interface Walk {
  readonly part: WirePart;
  readonly marked: boolean;
  readonly leaves: WireLeaf[];
  count: number;
}

interface Here {
  readonly member: Member;
  readonly within: readonly number[];
}

/**
 * All values of a record's request, answer and resource list in one shape. Known spellings are folded: EC2's
 * {items: [...]} and {value: x}, {content, tag} of newer calls, envelopes around the request, lists of one that XML
 * collapsed, pairs of a key and a value, policies given as objects, `xmlns` and the marks of sub-resources.
 */
export function wireLeaves(record: { readonly json: JsonMap; readonly eventSource: string }): readonly WireLeaf[] {
  const { json } = record;
  const marked = writesMarks(record.eventSource);
  const walk = { leaves: [] as WireLeaf[], count: 0, marked };
  walkPart({ ...walk, part: 'request' }, json.requestParameters, 'requestParameters');
  // A service's own event has no request: what it did stands in the details.
  walkPart({ ...walk, part: 'request', count: 500_000 }, json.serviceEventDetails, 'serviceEventDetails');
  walkPart({ ...walk, part: 'response', count: 1_000_000 }, json.responseElements, 'responseElements');
  walkPart({ ...walk, part: 'resources', count: 2_000_000 }, json.resources, 'resources');
  return walk.leaves;
}

/** Whether a service marks with an empty member what was meant: which members count depends on their values there. */
export function writesMarks(eventSource: string): boolean {
  return MARKED_SOURCES.has(eventSource.replace(/\.amazonaws\.com$/, ''));
}

/** Whether the log cut the request of a record short. */
export function isCut({ json }: { readonly json: JsonMap }): boolean {
  const request = json.requestParameters;
  return isJsonMap(request) && (request.omitted === true || request.omitted === 'true');
}

function walkPart(walk: Walk, json: Json | undefined, name: string): void {
  if (json === undefined || json === null) return;
  const { body, member } = withoutEnvelope(json, partMember(name));
  visit(walk, body, { member, within: [] }, 0);
}

/** Newer calls put the whole request below one member: `{CreateNatGatewayRequest: {...}}`, `{DelTGwVpcAttachReq: {...}}`. */
function withoutEnvelope(json: Json, member: Member): { readonly body: Json; readonly member: Member } {
  if (!isJsonMap(json)) return { body: json, member };
  const names = Object.keys(json);
  const [name = ''] = names;
  const inner = json[name];
  const envelope = names.length === 1 && /(?:Request|Req|Response|Resp)$/.test(name) && isJsonMap(inner);
  return envelope ? { body: inner, member: member.through(name) } : { body: json, member };
}

function visit(walk: Walk, json: Json, here: Here, depth: number): void {
  if (walk.leaves.length >= MOST_LEAVES || depth > DEEPEST) return;
  if (Array.isArray(json)) visitList(walk, json, here, depth);
  else if (isJsonMap(json)) visitMap(walk, json, here, depth);
  else leaf(walk, json as Value, here);
}

function visitList(walk: Walk, list: readonly Json[], { member, within }: Here, depth: number): void {
  if (list.length === 0) leaf(walk, null, { member, within });
  for (let i = 0; i < list.length; i++) visit(walk, list[i] as Json, { member: member.item(i), within }, depth + 1);
}

function visitMap(walk: Walk, map: JsonMap, here: Here, depth: number): void {
  const policy = policyText(map, here);
  if (policy !== undefined) {
    walk.leaves.push(new WireLeaf(walk.part, here, policy, false, policy));
    return;
  }
  const names = namesOf(map);
  const [only = ''] = names;
  if (names.length === 0) {
    leaf(walk, null, here);
    return;
  }
  const { member } = here;
  if (isWrapper(names, map)) {
    const name = names.find((one) => one !== 'quantity') ?? only;
    visit(walk, map[name] as Json, { member: member.through(name), within: here.within }, depth + 1);
    return;
  }
  walk.count += 1;
  const within = [...here.within, walk.count];
  const members = names.map((name) => member.to(name));
  if (names.length > 1) pair(walk, map, names, members, within);
  const marked = walk.marked && member.names.length === 0;
  for (let i = 0; i < names.length; i++) {
    const json = map[names[i] as string] as Json;
    if (marked && isMark(json)) continue;
    visit(walk, json, { member: members[i] as Member, within }, depth + 1);
  }
}

/** Names of members that say something. */
function namesOf(map: JsonMap): readonly string[] {
  const names = Object.keys(map);
  for (const name of names) if (isNoise(name, map)) return names.filter((one) => !isNoise(one, map));
  return names;
}

/** {items: [...]}, {items, quantity}, {value: x}, {content: x}. */
function isWrapper(names: readonly string[], map: JsonMap): boolean {
  if (names.length === 2) return names.includes('items') && names.includes('quantity');
  const [only = ''] = names;
  if (names.length !== 1) return false;
  return only === 'items' || only === 'content' || (only === 'value' && !isJsonMap(map.value));
}

function isNoise(name: string, map: JsonMap): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:') || (name === 'tag' && typeof map.tag === 'number');
}

function isMark(value: Json | undefined): boolean {
  return value === '' || (Array.isArray(value) && value.length === 1 && value[0] === '');
}

/** {key: 'Owner', value: 'x'} says the same as {Owner: 'x'}: it is told in both ways. */
function pair(
  walk: Walk,
  map: JsonMap,
  names: readonly string[],
  members: readonly Member[],
  within: readonly number[],
): void {
  let key: number | undefined;
  let value: number | undefined;
  for (let i = 0; i < names.length; i++) {
    const { asKey, asValue } = members[i] as Member;
    if (asKey < rankAt(members, key, 'asKey') && typeof map[names[i] as string] === 'string') key = i;
    if (asValue < rankAt(members, value, 'asValue')) value = i;
  }
  if (key === undefined || value === undefined) return;
  const json = map[names[value] as string];
  const single = Array.isArray(json) && json.length === 1 ? (json[0] as Json) : json;
  if (typeof single === 'object' && single !== null) return;
  const member = (members[value] as Member).called(map[names[key] as string] as string);
  leaf(walk, (single ?? null) as Value, { member, within }, true);
}

function rankAt(members: readonly Member[], i: number | undefined, rank: 'asKey' | 'asValue'): number {
  return i === undefined ? Number.POSITIVE_INFINITY : (members[i] as Member)[rank];
}

function leaf(walk: Walk, value: Value, here: Here, pair = false): void {
  walk.leaves.push(new WireLeaf(walk.part, here, value, pair));
}

function policyText(map: JsonMap, here: Here): string | undefined {
  if (!Object.hasOwn(map, 'Statement') || here.member.names.length === 0) return undefined;
  const value = map as Value;
  return isPolicy(value) ? canonicalText(canonicalPolicy(value)) : undefined;
}
