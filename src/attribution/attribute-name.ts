import type { Path } from '../model/path.ts';
import { BARE_WORDS, FILLER_WORDS, PROVIDER_WORDS, STATE_WORDS } from '../resources/aws/audit-words.ts';
import { isFreeForm } from '../resources/free-form.ts';
import type { Call } from './call-name.ts';
import type { WireLeaf } from './wire-shape.ts';
import { compact, wordsOf } from './words.ts';

/** What a drifted attribute is called, for holding it against the members of a call. */
export interface AttributeName {
  /** Names of the path, outermost first, without indexes. */
  readonly names: readonly string[];
  /** Words of the last name, the small ones left out where others are there. */
  readonly last: readonly string[];
  /** Words of all names. */
  readonly words: ReadonlySet<string>;
  /** Words of the names above the last. */
  readonly above: readonly string[];
  /** Set where the last step is a key that the user chose: a tag. Then `last` is the map's. */
  readonly key: string | undefined;
}

/** What explains words of a member that the attribute does not have: its type and the call. */
export interface NameContext {
  readonly type: readonly string[];
  readonly call: Call;
}

/**
 * How well a member's name fits an attribute. 4: the same name. 3: the same words, and what the member has more comes from
 * the path, the type or the call. 2: words are shared out over the member, those above it and the call. 1: the member has
 * the attribute's words and others that nothing explains. 0: it is called otherwise.
 */
export type NameFit = 0 | 1 | 2 | 3 | 4;

/** A log has few calls and few shapes; what one attribute is to one member of one call is worked out once. */
const MOST_KNOWN = 20_000;
const names = new Map<string, AttributeName>();
const contexts = new Map<string, NameContext>();
const fits = new WeakMap<AttributeName, WeakMap<NameContext, Map<string, Named>>>();

interface Named {
  readonly fit: NameFit;
  /** Orders members of equal fit: the one whose surroundings are the attribute's comes first. */
  readonly rank: number;
}

/** The same object for the same path. */
export function attributeName(path: Path): AttributeName {
  const steps = path.filter((step) => typeof step === 'string');
  const key = steps.join('\u0000');
  const before = names.get(key);
  if (before !== undefined) return before;
  const made = makeName(steps.map(apiName));
  if (names.size >= MOST_KNOWN) names.clear();
  names.set(key, made);
  return made;
}

/** A name without the words that only the provider uses. */
function apiName(name: string): string {
  const words = name.split('_').filter((word) => !PROVIDER_WORDS.has(word));
  return words.length === 0 ? name : words.join('_');
}

function makeName(steps: readonly string[]): AttributeName {
  const free = steps.findIndex((name) => isFreeForm(name));
  const key = free >= 0 && free === steps.length - 2 ? steps.at(-1) : undefined;
  const plain = key === undefined ? steps : steps.slice(0, -1);
  const last = plain.at(-1) ?? '';
  return {
    names: plain,
    last: telling(wordsOf(last)),
    words: new Set(plain.flatMap(wordsOf)),
    above: plain.slice(0, -1).flatMap(wordsOf),
    key,
  };
}

/** The same object for the same type and call. */
export function nameContext(type: string, words: readonly string[], call: Call): NameContext {
  const key = `${type} ${call.source} ${call.name}`;
  const before = contexts.get(key);
  if (before !== undefined) return before;
  if (contexts.size >= MOST_KNOWN) contexts.clear();
  const made = { type: words, call };
  contexts.set(key, made);
  return made;
}

/** The leaves whose names fit best, and how well. Several where the member stands in a list. */
export function bestNamed(
  attribute: AttributeName,
  leaves: readonly WireLeaf[],
  context: NameContext,
): { readonly fit: NameFit; readonly leaves: readonly WireLeaf[] } {
  const known = knownFits(attribute, context);
  let best: { fit: NameFit; rank: number; leaves: WireLeaf[] } = { fit: 0, rank: 0, leaves: [] };
  for (const leaf of leaves) {
    const { fit, rank } = known.get(leaf.path) ?? named(attribute, leaf, context);
    if (fit === 0) continue;
    if (rank > best.rank) best = { fit, rank, leaves: [leaf] };
    else if (rank === best.rank) best.leaves.push(leaf);
  }
  return best;
}

/** How well a member's name fits an attribute's. */
export function nameFit(attribute: AttributeName, leaf: WireLeaf, context: NameContext): NameFit {
  return named(attribute, leaf, context).fit;
}

function named(attribute: AttributeName, leaf: WireLeaf, context: NameContext): Named {
  const known = knownFits(attribute, context);
  const before = known.get(leaf.path);
  if (before !== undefined) return before;
  const fit = fitOf(attribute, leaf.names, context);
  const made = { fit, rank: fit === 0 ? 0 : fit * 100 + surroundings(attribute, leaf.names, context) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(leaf.path, made);
  return made;
}

function knownFits(attribute: AttributeName, context: NameContext): Map<string, Named> {
  let byContext = fits.get(attribute);
  if (byContext === undefined) {
    byContext = new WeakMap();
    fits.set(attribute, byContext);
  }
  let known = byContext.get(context);
  if (known === undefined) {
    known = new Map();
    byContext.set(context, known);
  }
  return known;
}

function fitOf(attribute: AttributeName, names: readonly string[], context: NameContext): NameFit {
  if (names.length === 0) return 0;
  if (attribute.key !== undefined) return keyFit(attribute, attribute.key, names);
  const fit = plainFit(attribute, names, context);
  // A member deep inside something that neither the attribute nor the call speaks of belongs to that.
  const bound = attribute.last.length > 1 ? 2 : 1;
  return fit >= 2 && foreignAbove(attribute, names, context) > bound ? 1 : fit;
}

function keyFit(attribute: AttributeName, key: string, names: readonly string[]): NameFit {
  if (names.at(-1) !== key) return 0;
  const above = names.slice(0, -1).flatMap(wordsOf);
  return attribute.last.some((word) => above.includes(word)) ? 4 : above.length === 0 ? 2 : 0;
}

function plainFit(attribute: AttributeName, names: readonly string[], { type, call }: NameContext): NameFit {
  if (isSameName(attribute, names)) return isBare(attribute.last) && !hasAbove(attribute, names, call, type) ? 2 : 4;
  const own = ownWords(names);
  const above = names.slice(0, -1).flatMap(wordsOf);
  const wanted = isBare(attribute.last) ? [...attribute.last, ...telling(attribute.above)] : attribute.last;
  const has = (words: readonly string[], word: string): boolean =>
    words.includes(word) || (STATE_WORDS.has(word) && words.some((one) => STATE_WORDS.has(one)));
  const inOwn = wanted.filter((word) => has(own, word));
  if (inOwn.length === 0) return isWithin(attribute, names) ? 2 : 0;
  const explained = (word: string): boolean =>
    attribute.words.has(word) ||
    STATE_WORDS.has(word) ||
    FILLER_WORDS.has(word) ||
    type.includes(word) ||
    call.noun.includes(word);
  const foreign = own.filter((word) => !explained(word)).length;
  if (inOwn.length === wanted.length) return foreign === 0 ? 3 : 1;
  // A part of a longer name: `policyArn` of `managed_policy_arns`.
  if (foreign === 0 && inOwn.length === own.length && inOwn.length * 2 > wanted.length) return 2;
  const around = [...own, ...above, ...call.noun, ...type];
  const tellingOwn = inOwn.some((word) => !BARE_WORDS.has(word) && !type.includes(word));
  if (!wanted.every((word) => has(around, word))) return 0;
  return foreign === 0 &&
    (tellingOwn ||
      inOwn.length * 2 > wanted.length ||
      call.noun.some((word) => wanted.includes(word) && !type.includes(word)))
    ? 2
    : 0;
}

/** Whether a member is a part of one that has the attribute's name. */
function isWithin(attribute: AttributeName, names: readonly string[]): boolean {
  const name = compact(attribute.names.at(-1) ?? '');
  return !isBare(attribute.last) && names.slice(0, -1).some((one) => compact(one) === name);
}

/** The member's own name, or with that of what holds it: `path` in `health_check` is `healthCheckPath`. */
function isSameName(attribute: AttributeName, names: readonly string[]): boolean {
  const wire = [...names].reverse();
  const ours = [...attribute.names].reverse();
  const joined = (parts: readonly string[], n: number): string => compact([...parts.slice(0, n)].reverse().join('_'));
  for (let i = 1; i <= Math.min(2, wire.length); i++) {
    for (let j = 1; j <= Math.min(3, ours.length); j++) {
      if (i > 1 && j > 1 && i !== j) continue;
      if (joined(wire, i) === joined(ours, j)) return true;
    }
  }
  return false;
}

/** Whether what stands above a bare name (`enabled`) is spoken of above the member, or in the call. */
function hasAbove(attribute: AttributeName, names: readonly string[], call: Call, type: readonly string[]): boolean {
  const above = [...names.slice(0, -1).flatMap(wordsOf), ...call.noun];
  const wanted = telling(attribute.above);
  if (wanted.length === 0) return foreignAbove(attribute, names, { type, call }) === 0;
  return wanted.some((word) => above.includes(word));
}

/** Words above a member that nothing explains. */
function foreignAbove(attribute: AttributeName, names: readonly string[], { type, call }: NameContext): number {
  const above = names.slice(0, -1).flatMap(wordsOf);
  return [...new Set(above)].filter(
    (word) =>
      !attribute.words.has(word) && !type.includes(word) && !call.noun.includes(word) && !FILLER_WORDS.has(word),
  ).length;
}

/** Of members with equally fitting names, the one whose surroundings are the attribute's. */
function surroundings(attribute: AttributeName, names: readonly string[], context: NameContext): number {
  const above = names.slice(0, -1).flatMap(wordsOf);
  const shared = attribute.above.filter((word) => above.includes(word)).length;
  return 50 + shared * 4 - foreignAbove(attribute, names, context) * 4 - Math.min(names.length, 3);
}

/** A bare member (`value`, `enabled`) is named by what holds it, too. */
function ownWords(names: readonly string[]): readonly string[] {
  const own = wordsOf(names.at(-1) ?? '');
  return isBare(own) && names.length > 1 ? [...wordsOf(names.at(-2) ?? ''), ...own] : own;
}

function isBare(words: readonly string[]): boolean {
  return words.every((word) => BARE_WORDS.has(word));
}

function telling(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !FILLER_WORDS.has(word));
  return kept.length > 0 ? kept : words;
}
