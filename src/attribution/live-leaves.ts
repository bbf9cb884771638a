import type { Path } from '../model/path.ts';
import { isArray, isMap, type Value, type ValueMap } from '../model/value.ts';
import { isFreeForm } from '../resources/free-form.ts';
import { type AttributeName, attributeName, nameFit } from './attribute-name.ts';
import { directionAt, type Touched } from './call-object.ts';
import type { WireLeaf } from './wire-shape.ts';
import { wordsOf } from './words.ts';

/** A value of the live object. */
interface LiveLeaf {
  readonly path: Path;
  readonly name: AttributeName;
  readonly value: Value;
}

/** A key of a map of the live object; `value` is undefined where the map does not hold it. */
export interface LiveKey {
  readonly path: Path;
  readonly name: AttributeName;
  readonly value: Value | undefined;
  /** Whether the call names the key alone: `tagKeys: ["Owner"]`. */
  readonly alone: boolean;
}

interface LiveMap {
  readonly path: Path;
  readonly words: readonly string[];
  readonly entries: ValueMap;
}

/** The values of one resource, found by the name that a call uses for them. */
export class LiveLeaves {
  readonly #live: Value | undefined;
  readonly #byName = new Map<string, readonly LiveLeaf[]>();
  #leaves: readonly LiveLeaf[] | undefined;
  #maps: readonly LiveMap[] | undefined;

  constructor(live: Value | undefined) {
    this.#live = live;
  }

  /** The values whose names fit a member of a call best. */
  named(leaf: WireLeaf, { view, context }: Touched): readonly LiveLeaf[] {
    const key = `${view.call.source} ${view.call.noun.join(' ')} ${leaf.names.join('.')}`;
    const before = this.#byName.get(key);
    if (before !== undefined) return before;
    this.#leaves ??= flatten(this.#live ?? null, []);
    let best = 1;
    let found: LiveLeaf[] = [];
    for (const one of this.#leaves) {
      const fit = nameFit(one.name, leaf, context);
      if (fit > best) {
        best = fit;
        found = [one];
      } else if (fit === best && fit > 1) found.push(one);
    }
    this.#byName.set(key, found);
    return found;
  }

  /** The key of a map that a member of a call sets or takes away: that it is not there is as plain as what it holds. */
  key(leaf: WireLeaf, touched: Touched): LiveKey | undefined {
    for (const { path, words, entries } of this.#allMaps()) {
      const name = keyOf(leaf, touched, words);
      if (name === undefined) continue;
      const whole = [...path, name.key];
      const value = Object.hasOwn(entries, name.key) ? entries[name.key] : undefined;
      return { path: whole, name: attributeName(whole), value, alone: name.alone };
    }
    return undefined;
  }

  /** The first map whose members a call takes away all at once; undefined where it is not about a map. */
  emptied({ view: { call } }: Touched): { readonly path: Path; readonly isEmpty: boolean } | undefined {
    if (call.verb !== 'remove') return undefined;
    const map = this.#allMaps().find(({ words }) => words.every((word) => call.noun.includes(word)));
    return map && { path: map.path, isEmpty: Object.keys(map.entries).length === 0 };
  }

  #allMaps(): readonly LiveMap[] {
    this.#maps ??= mapsIn(this.#live ?? null, []);
    return this.#maps;
  }
}

/** `tags.Owner`, a pair made into it, or, where members are taken away, the key as a text: `tagKeys[0]`. */
function keyOf(
  leaf: WireLeaf,
  touched: Touched,
  map: readonly string[],
): { readonly key: string; readonly alone: boolean } | undefined {
  const [last = '', holder = ''] = [leaf.names.at(-1), leaf.names.at(-2)];
  if (!leaf.pair && typeof leaf.value === 'string' && leaf.value !== '' && directionAt(leaf, touched) === 'remove') {
    const { noun } = touched.view.call;
    const isMeant = leaf.names.some((name) => holds(wordsOf(name), map)) || holds(noun, map);
    return isMeant && /keys?$/i.test(last) ? { key: leaf.value, alone: true } : undefined;
  }
  return last !== '' && isMapName(wordsOf(holder), map) ? { key: last, alone: false } : undefined;
}

function holds(words: readonly string[], map: readonly string[]): boolean {
  return map.every((word) => words.includes(word));
}

/** `TagSet` holds tags, and a `tagSpecification` more than that. */
function isMapName(words: readonly string[], map: readonly string[]): boolean {
  return holds(words, map) && words.every((word) => map.includes(word) || /^(?:set|list|map|item|member)$/.test(word));
}

function flatten(value: Value, path: Path): LiveLeaf[] {
  if (isArray(value)) return value.flatMap((item) => flatten(item, path));
  if (isMap(value)) return Object.entries(value).flatMap(([key, member]) => flatten(member, [...path, key]));
  if (value === null || value === '' || typeof value === 'symbol') return [];
  return [{ path, name: attributeName(path), value }];
}

/** Maps whose keys the user chose: by their name, or because they hold nothing but texts. */
function mapsIn(value: Value, path: Path): LiveMap[] {
  if (isArray(value)) return value.flatMap((item) => mapsIn(item, path));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const here = [...path, name];
    const isOwn = isFreeForm(name) ? member === null || isMap(member) : isMap(member) && holdsTexts(member);
    if (!isOwn) return mapsIn(member, here);
    return [{ path: here, words: wordsOf(name), entries: isMap(member) ? member : {} }];
  });
}

function holdsTexts(map: ValueMap): boolean {
  const members = Object.values(map);
  return members.length > 0 && members.every((member) => typeof member === 'string');
}
