import type { TypeSpec } from '../model/schema.ts';
import type { Value } from '../model/value.ts';
import { isMap } from '../model/value.ts';

/** Whether a decoded JSON value is a type constraint. */
export function isTypeSpec(value: unknown): value is TypeSpec {
  if (typeof value === 'string') return ['string', 'number', 'bool', 'dynamic'].includes(value);
  if (!Array.isArray(value)) return false;
  const [kind, inner] = value as [unknown, unknown];
  if (kind === 'list' || kind === 'set' || kind === 'map') return value.length === 2 && isTypeSpec(inner);
  if (kind === 'tuple') return value.length === 2 && Array.isArray(inner) && inner.every(isTypeSpec);
  return kind === 'object' && isMap(inner as Value) && Object.values(inner as object).every(isTypeSpec);
}
