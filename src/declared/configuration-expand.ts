import type { Value, ValueMap } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import type { InstanceKey } from '../terraform/address.ts';
import { byText, toNumber } from '../terraform/evaluate-convert.ts';
import type { Scope } from '../terraform/expression-scope.ts';
import { evaluate } from '../terraform/expression.ts';

/** More instances than any plan survives; a larger count is not expanded. */
const MOST = 20_000;

/** One instance of a block, with what `each` and `count` mean in it. */
export interface Instance {
  readonly key: InstanceKey;
  readonly value: Value;
}

/** Instances of a block by its count or for_each. Undefined where they cannot be told. */
export function expand(body: ValueMap, scope: Scope): readonly Instance[] | undefined {
  if (isWritten(body.count)) return counted(toNumber(evaluate(body.count, scope)));
  if (isWritten(body.for_each)) return forEach(evaluate(body.for_each, scope));
  return [{ key: undefined, value: UNKNOWN }];
}

function isWritten(value: Value | undefined): value is Value {
  return value !== undefined && value !== null;
}

function counted(count: number | typeof UNKNOWN): Instance[] | undefined {
  if (count === UNKNOWN || !Number.isInteger(count) || count < 0 || count > MOST) return undefined;
  return Array.from({ length: count }, (_, key) => ({ key, value: UNKNOWN }));
}

function forEach(over: Value): Instance[] | undefined {
  if (isMap(over)) {
    const keys = Object.keys(over).sort(byText);
    return keys.map((key) => ({ key, value: over[key] ?? null }));
  }
  if (!isArray(over) || !over.every((item) => typeof item === 'string')) return undefined;
  return over.map((key) => ({ key, value: key }));
}

/** The scope inside one instance: `each` and `count` mean it. */
export function instanceScope(scope: Scope, instance: Instance): Scope {
  const { key, value } = instance;
  if (key === undefined) return scope;
  return {
    get(root, name) {
      if (root === 'each' && typeof key === 'string') return name === 'key' ? key : name === 'value' ? value : UNKNOWN;
      if (root === 'count' && typeof key === 'number') return name === 'index' ? key : UNKNOWN;
      return scope.get(root, name);
    },
  };
}
