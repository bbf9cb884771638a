import type { DeclaredResource } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { placeOfArn } from '../resources/arn.ts';

/** A declared resource as its siblings see it. */
export interface Sibling {
  readonly resource: DeclaredResource;
  readonly value: Value;
}

/** All declared resources of a scan, to be looked up by what one of their attributes says. */
export class Siblings {
  readonly #byType = new Map<string, Sibling[]>();
  readonly #byAttribute = new Map<string, Map<string, Sibling[]>>();
  readonly #accounts = new Map<string, Set<string>>();

  constructor(siblings: readonly Sibling[]) {
    for (const sibling of siblings) {
      push(this.#byType, sibling.resource.ref.type, sibling);
      const account = placeOfArn(valuesAt(sibling.value, 'arn')[0])?.account;
      if (account === undefined || !/^\d{12}$/.test(account)) continue;
      const key = sibling.resource.providerKey;
      this.#accounts.set(key, (this.#accounts.get(key) ?? new Set()).add(account));
    }
  }

  /** Declared resources of a type whose attribute says (or, being a list, holds) that text. */
  find(type: string, attribute: string, text: string): readonly Sibling[] {
    const siblings = this.#byType.get(type);
    if (siblings === undefined) return [];
    const key = `${type} ${attribute}`;
    let index = this.#byAttribute.get(key);
    if (index === undefined) {
      index = new Map();
      for (const sibling of siblings) {
        for (const value of new Set(valuesAt(sibling.value, attribute))) {
          if (typeof value === 'string' && value !== '') push(index, value, sibling);
        }
      }
      this.#byAttribute.set(key, index);
    }
    return index.get(text) ?? [];
  }

  /** Whether two provider configurations are known to act in one account: names repeat from account to account. */
  sameAccount(a: DeclaredResource, b: DeclaredResource): boolean {
    if (a.providerKey === b.providerKey) return true;
    const [left, right] = [this.#accounts.get(a.providerKey), this.#accounts.get(b.providerKey)];
    if (left?.size !== 1 || right?.size !== 1) return false;
    return [...left][0] === [...right][0];
  }
}

/** Indexes everything that is declared. `prior` is the state brought to the provider's schema, where it is known. */
export function indexSiblings(
  declared: readonly { readonly resource: DeclaredResource; readonly prior?: Value }[],
): Siblings {
  const known = declared.map(
    ({ resource, prior }): Sibling => ({ resource, value: prior ?? resource.state?.attributes ?? null }),
  );
  return new Siblings(known.filter(({ value }) => value !== null));
}

/** Every value at attribute names joined by dots; lists and sets on the way, and at the end, are opened. */
export function valuesAt(value: Value, place: string): Value[] {
  let row: Value[] = [value];
  for (const name of place.split('.')) {
    row = row.flatMap((one) => (isMap(one) && Object.hasOwn(one, name) ? opened(one[name] as Value) : []));
  }
  return row;
}

function opened(value: Value): readonly Value[] {
  return isArray(value) ? value : [value];
}

function push<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
