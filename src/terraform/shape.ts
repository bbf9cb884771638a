import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';

const SHOWN = 8;

/**
 * Reads members of a decoded JSON document and notes every one whose type is wrong, so that one error can list them
 * all. A wrong member reads as not there; faults name places, never values, which may be secret.
 */
export class Shape {
  readonly faults: string[] = [];

  text(map: ValueMap, key: string, where: string): string | undefined {
    return this.#member(map, key, where, 'a string', (value) => (typeof value === 'string' ? value : undefined));
  }

  required(map: ValueMap, key: string, where: string): string {
    const text = this.text(map, key, where);
    if (text === undefined && (map[key] ?? null) === null) this.faults.push(`${join(where, key)} is missing`);
    return text ?? '';
  }

  flag(map: ValueMap, key: string, where: string): boolean | undefined {
    return this.#member(map, key, where, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  integer(map: ValueMap, key: string, where: string): number | undefined {
    return this.#member(map, key, where, 'a whole number', (value) =>
      Number.isSafeInteger(value) ? (value as number) : undefined,
    );
  }

  map(map: ValueMap, key: string, where: string): ValueMap | undefined {
    return this.#member(map, key, where, 'an object', (value) => (isMap(value) ? value : undefined));
  }

  /** The members of a list of objects with their places; [] where the list is not there. */
  maps(map: ValueMap, key: string, where: string): readonly (readonly [ValueMap, string])[] {
    const list = this.#member(map, key, where, 'a list', (value) => (isArray(value) ? value : undefined)) ?? [];
    return list.flatMap((item, i) => {
      const place = `${join(where, key)}[${i}]`;
      if (isMap(item)) return [[item, place] as const];
      this.faults.push(`${place} is not an object`);
      return [];
    });
  }

  texts(map: ValueMap, key: string, where: string): readonly string[] {
    const list = this.#member(map, key, where, 'a list', (value) => (isArray(value) ? value : undefined)) ?? [];
    return list.flatMap((item, i) => {
      if (typeof item === 'string') return [item];
      this.faults.push(`${join(where, key)}[${i}] is not a string`);
      return [];
    });
  }

  /** The faults in one sentence, the first few by name. */
  summary(): string {
    const more = this.faults.length - SHOWN;
    return this.faults.slice(0, SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '');
  }

  #member<T>(
    map: ValueMap,
    key: string,
    where: string,
    wanted: string,
    take: (value: Value) => T | undefined,
  ): T | undefined {
    const value = Object.hasOwn(map, key) ? (map[key] as Value) : null;
    if (value === null) return undefined;
    const taken = take(value);
    if (taken === undefined) this.faults.push(`${join(where, key)} is not ${wanted}`);
    return taken;
  }
}

function join(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`;
}
