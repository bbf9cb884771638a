import { canonicalPolicy, isPolicy } from '../compare/policy.ts';
import type { Value } from '../model/value.ts';
import { MARKED_SOURCES } from '../resources/aws/audit-words.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { type MemberPath, NO_MEMBER } from './member-path.ts';
import { type MemberPlace, placeOfPart } from './member-place.ts';
import type { AuditRecord, Json, JsonMap } from './port.ts';
import { isJsonMap } from './who/fields.ts';
import { scalarText } from './wire-value.ts';

/** Part of a record that a leaf stands in: what was asked for, what came back, what the log itself names. */
export type WirePart = 'request' | 'response' | 'resources';

/** One value of a record, whatever shape it arrived in. */
export class WireLeaf {
  readonly part: WirePart;
  /** Members from the root of the part; wrappers, list indexes and the request's own envelope are left out. */
  readonly names: readonly string[];
  /** The names as one text: leaves that stand alike have the same. */
  readonly path: string;
  /** Where it stands in the record: `requestParameters.ipPermissions.items[0].fromPort`. */
  readonly at: string;
  /** Objects that it stands in, outermost first, by numbers that are unique in the record. */
  readonly within: readonly number[];
  /** A scalar; null for an empty object or list. */
  readonly value: Value;
  /** Made of a {key, value} pair: the key is the last of `names`. */
  readonly pair: boolean;
  #text: string | undefined;

  constructor(part: WirePart, here: Here, value: Value, pair: boolean, text?: string) {
    this.part = part;
    this.names = here.path.names;
    this.path = here.path.text;
    this.at = here.place.text;
    this.within = here.within;
    this.value = value;
    this.pair = pair;
    this.#text = text;
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
const KEYS = ['key', 'Key', 'name', 'Name', 'attributeName', 'AttributeName', 'parameterName', 'optionName', 'field'];
const VALUES = ['value', 'Value', 'attributeValue', 'AttributeValue', 'parameterValue', 'optionValue', 'values'];

interface Walk {
  readonly part: WirePart;
  readonly marked: boolean;
  readonly leaves: WireLeaf[];
  count: number;
}

interface Here {
  readonly path: MemberPath;
  readonly place: MemberPlace;
  readonly within: readonly number[];
}

/**
 * All values of a record's request, answer and resource list in one shape. Known spellings are folded: EC2's
 * {items: [...]} and {value: x}, {content, tag} of newer calls, envelopes around the request, lists of one that XML
 * collapsed, pairs of a key and a value, policies given as objects, `xmlns` and the marks of sub-resources.
 */
export function wireLeaves(record: AuditRecord): readonly WireLeaf[] {
  const { json } = record;
  const marked = MARKED_SOURCES.has(record.eventSource.replace(/\.amazonaws\.com$/, ''));
  const walk = { leaves: [] as WireLeaf[], count: 0, marked };
  walkPart({ ...walk, part: 'request' }, json.requestParameters, 'requestParameters');
  // A service's own event has no request: what it did stands in the details.
  walkPart({ ...walk, part: 'request', count: 500_000 }, json.serviceEventDetails, 'serviceEventDetails');
  walkPart({ ...walk, part: 'response', count: 1_000_000 }, json.responseElements, 'responseElements');
  walkPart({ ...walk, part: 'resources', count: 2_000_000 }, json.resources, 'resources');
  return walk.leaves;
}

/** Whether the log cut the request of a record short. */
export function isCut(record: AuditRecord): boolean {
  const request = record.json.requestParameters;
  return isJsonMap(request) && (request.omitted === true || request.omitted === 'true');
}

function walkPart(walk: Walk, json: Json | undefined, name: string): void {
  if (json === undefined || json === null) return;
  const { body, place } = withoutEnvelope(json, placeOfPart(name));
  visit(walk, body, { path: NO_MEMBER, place, within: [] }, 0);
}

/** Newer calls put the whole request below one member: `{CreateNatGatewayRequest: {...}}`, `{DelTGwVpcAttachReq: {...}}`. */
function withoutEnvelope(json: Json, place: MemberPlace): { readonly body: Json; readonly place: MemberPlace } {
  if (!isJsonMap(json)) return { body: json, place };
  const names = Object.keys(json);
  const [name = ''] = names;
  const inner = json[name];
  const envelope = names.length === 1 && /(?:Request|Req|Response|Resp)$/.test(name) && isJsonMap(inner);
  return envelope ? { body: inner, place: place.to(name) } : { body: json, place };
}

function visit(walk: Walk, json: Json, here: Here, depth: number): void {
  if (walk.leaves.length >= MOST_LEAVES || depth > DEEPEST) return;
  if (Array.isArray(json)) visitList(walk, json, here, depth);
  else if (isJsonMap(json)) visitMap(walk, json, here, depth);
  else leaf(walk, json as Value, here);
}

function visitList(walk: Walk, list: readonly Json[], here: Here, depth: number): void {
  if (list.length === 0) leaf(walk, null, here);
  const { path, place, within } = here;
  for (let i = 0; i < list.length; i++) visit(walk, list[i] as Json, { path, place: place.to(i), within }, depth + 1);
}

function visitMap(walk: Walk, map: JsonMap, here: Here, depth: number): void {
  const policy = policyText(map, here);
  if (policy !== undefined) {
    walk.leaves.push(new WireLeaf(walk.part, here, policy, false, policy));
    return;
  }
  const all = Object.keys(map);
  const names = all.some((name) => isNoise(name, map)) ? all.filter((name) => !isNoise(name, map)) : all;
  const [only = ''] = names;
  if (names.length === 0) {
    leaf(walk, null, here);
    return;
  }
  if (isWrapper(names, map)) {
    const name = names.find((one) => one !== 'quantity') ?? only;
    const { path, place, within } = here;
    visit(walk, map[name] as Json, { path, place: place.to(name), within }, depth + 1);
    return;
  }
  walk.count += 1;
  const within = [...here.within, walk.count];
  pair(walk, map, { path: here.path, place: here.place, within });
  for (const name of names) {
    if (here.path === NO_MEMBER && walk.marked && isMark(map[name])) continue;
    visit(walk, map[name] as Json, { path: here.path.to(name), place: here.place.to(name), within }, depth + 1);
  }
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
function pair(walk: Walk, map: JsonMap, here: Here): void {
  const key = KEYS.find((name) => typeof map[name] === 'string' && Object.hasOwn(map, name));
  const name = VALUES.find((one) => Object.hasOwn(map, one));
  if (key === undefined || name === undefined) return;
  const value = map[name];
  const single = Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
  if (typeof single === 'object' && single !== null) return;
  leaf(
    walk,
    (single ?? null) as Value,
    { path: here.path.to(map[key] as string), place: here.place.to(name), within: here.within },
    true,
  );
}

function leaf(walk: Walk, value: Value, here: Here, pair = false): void {
  walk.leaves.push(new WireLeaf(walk.part, here, value, pair));
}

function policyText(map: JsonMap, here: Here): string | undefined {
  if (!Object.hasOwn(map, 'Statement') || here.path === NO_MEMBER) return undefined;
  const value = map as Value;
  return isPolicy(value) ? canonicalText(canonicalPolicy(value)) : undefined;
}
