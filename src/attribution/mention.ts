import { CREATING, TARGET_WORDS } from '../resources/aws/audit-words.ts';
import { GENERAL_SOURCES, isGlobalSource, sourcesOf } from '../resources/aws/audit-services.ts';
import type { Identifier } from './identify.ts';
import type { DriftQuestion } from './question.ts';
import type { RecordView } from './record-view.ts';
import type { WireLeaf } from './wire-shape.ts';
import { wordsOf } from './words.ts';

/** How surely a call is on a resource: 3 by a unique id, 2 by a name, 1 in its answer only, 0 only mentioned. */
export type Reach = 0 | 1 | 2 | 3;

/** Where a record names a resource. */
export interface Mention {
  readonly reach: Reach;
  readonly leaf: WireLeaf;
  readonly identifier: Identifier;
  /** The object of the request that speaks of this resource alone, where the call has several targets. */
  readonly scope: number | undefined;
}

/** A question with what matching needs to know of its resource. */
export interface Asked {
  readonly question: DriftQuestion;
  /** Sources under which calls on it are logged. */
  readonly sources: ReadonlySet<string>;
  /** Words of its type, without the provider's. */
  readonly type: readonly string[];
  readonly arns: readonly string[];
}

export function askedOf(question: DriftQuestion): Asked {
  const arns = question.identifiers.flatMap(({ text, with: keys }) =>
    text.startsWith('arn:') && keys === undefined ? [text] : [],
  );
  const { type } = question.resource;
  return { question, arns, sources: sourcesOf(type, arns), type: typeWords(type) };
}

const types = new Map<string, readonly string[]>();

/** Words of a type, without the provider's. There are as many types as a provider has. */
function typeWords(type: string): readonly string[] {
  const known = types.get(type) ?? wordsOf(type.replace(/^aws_/, ''));
  types.set(type, known);
  return known;
}

/** Words that say which kind of name a member holds, and not of what. */
const NAMING = new Set([
  'id',
  'arn',
  'name',
  'identifier',
  'url',
  'set',
  'list',
  'item',
  'member',
  'key',
  'content',
  'ref',
]);

/**
 * How a record names a resource at a leaf that holds one of its identifiers. Undefined where the text stands there for
 * something else: another kind of object with the same name, another account or region, a sibling.
 */
export function mentionAt(leaf: WireLeaf, identifier: Identifier, view: RecordView, asked: Asked): Mention | undefined {
  const { call } = view;
  const own = asked.sources.has(call.source) || GENERAL_SOURCES.has(call.source);
  if (identifier.named !== undefined && !call.noun.includes(identifier.named) && !hasLeaf(view, identifier.named)) {
    return undefined;
  }
  const scope = scopeOf(leaf, identifier, view);
  if (scope === 'elsewhere') return undefined;
  const noun = nounAt(leaf);
  if (identifier.kind === 'name' && !isOwnName({ leaf, noun, view, asked, own, identifier })) return undefined;
  return { reach: own ? reachAt(leaf, noun, identifier, view) : 0, leaf, identifier, scope };
}

interface Naming {
  readonly leaf: WireLeaf;
  readonly noun: readonly string[];
  readonly view: RecordView;
  readonly asked: Asked;
  readonly own: boolean;
  readonly identifier: Identifier;
}

/** A name counts only in the resource's own service, account and region, in a member that names such objects. */
function isOwnName({ leaf, noun, view, asked, own, identifier }: Naming): boolean {
  const { question } = asked;
  const { record, call } = view;
  if (!own) return false;
  if (question.account !== undefined && record.account !== '' && record.account !== question.account) return false;
  if (question.region !== undefined && record.region !== question.region && !isGlobalSource(call.source)) return false;
  if (leaf.part === 'resources') return true;
  if (identifier.with !== undefined) {
    return (
      noun.length === 0 || noun.some((word) => wordsOf(identifier.from).includes(word) || asked.type.includes(word))
    );
  }
  return noun.length === 0 || noun.some((word) => asked.type.includes(word) || TARGET_WORDS.has(word));
}

function reachAt(leaf: WireLeaf, noun: readonly string[], identifier: Identifier, view: RecordView): Reach {
  const named: Reach = identifier.kind === 'unique' ? 3 : 2;
  if (leaf.part === 'resources') return named;
  if (leaf.part === 'response') return 1;
  if (identifier.with !== undefined) return named;
  return isReference(noun, view) ? 0 : named;
}

/**
 * Whether a member names what the call refers to rather than what it acts on: the subnet of a new instance, the groups of
 * a database. A member that names the noun of the call is its subject; beside a subject, or in a call that makes a new
 * object, everything else is a reference.
 */
function isReference(noun: readonly string[], view: RecordView): boolean {
  if (noun.length === 0 || noun.some((word) => TARGET_WORDS.has(word))) return false;
  const { call } = view;
  if (noun.some((word) => call.noun.includes(word))) return false;
  if (CREATING.has(call.word)) return true;
  return view.leaves.some(
    (leaf) => leaf.part === 'request' && isNaming(leaf) && nounAt(leaf).some((word) => call.noun.includes(word)),
  );
}

function isNaming(leaf: WireLeaf): boolean {
  const last = wordsOf(leaf.names.at(-1) ?? '').at(-1);
  return last !== undefined && ['id', 'arn', 'name', 'identifier', 'url'].includes(last) && leaf.text !== '';
}

/** What a member names: `dBInstanceIdentifier` a db instance, `items[].resourceId` of a set what the set is of. */
function nounAt(leaf: WireLeaf): readonly string[] {
  for (const name of [...leaf.names].reverse()) {
    const noun = wordsOf(name).filter((word) => !NAMING.has(word));
    if (noun.length > 0) return noun;
  }
  return [];
}

/**
 * The object of the request that speaks of the resource: for one that is named beside its parent, the innermost that
 * holds all its keys. `elsewhere`: the keys stand nowhere in the record.
 */
function scopeOf(leaf: WireLeaf, identifier: Identifier, view: RecordView): number | undefined | 'elsewhere' {
  const { with: keys } = identifier;
  if (keys === undefined) return ownElement(leaf, view);
  const part = view.leaves.filter((one) => one.part === leaf.part && !one.pair);
  const holds = (scope: number | undefined, key: string): boolean =>
    part.some((one) => isKey(one, key) && (scope === undefined || one.within.includes(scope)));
  // The parent may stand outside: of one zone, many records are changed by one call.
  const rarest = keys.filter((key) => key !== leaf.text);
  const scopes = new Set(part.filter((one) => rarest.some((key) => isKey(one, key))).flatMap((one) => one.within));
  const inner = [...scopes].sort((a, b) => b - a).find((scope) => rarest.every((key) => holds(scope, key)));
  if (inner !== undefined) return inner;
  return rarest.every((key) => holds(undefined, key)) ? undefined : 'elsewhere';
}

/** An entry of a batch that names the resource and says more: what the other entries say is of others. */
function ownElement(leaf: WireLeaf, view: RecordView): number | undefined {
  const inner = leaf.within.at(-1);
  if (inner === undefined || leaf.within.length < 2 || leaf.part !== 'request') return undefined;
  const more = view.leaves.some((one) => one !== leaf && !one.pair && one.within.includes(inner));
  return more && /\[\d+\]/.test(leaf.at) ? inner : undefined;
}

function isKey(leaf: WireLeaf, key: string): boolean {
  return (
    leaf.text === key ||
    leaf.text === `${key}.` ||
    (leaf.text.startsWith('arn:') && leaf.text.endsWith(`/${key}`)) ||
    leaf.text.replaceAll('\\052', '*') === key
  );
}

/** A word may stand in the request instead of the call's name: `isEgress`, `egress: true`. */
function hasLeaf(view: RecordView, word: string): boolean {
  const leaf = view.leaves.find((one) => wordsOf(one.names.at(-1) ?? '').includes('egress'));
  return leaf !== undefined && leaf.text === String(word === 'egress');
}
