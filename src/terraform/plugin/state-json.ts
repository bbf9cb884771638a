import type { TypeSpec } from '../../model/schema.ts';
import type { Value } from '../../model/value.ts';
import { isArray, isMap } from '../../model/value.ts';
import { numberOfText } from '../number.ts';

/**
 * Writes a state's attributes as JSON for UpgradeResourceState. Numbers that no double holds are decimal strings in our
 * values; where the type says number they become JSON numbers again, as the state file had them. Without a type (the
 * state is older than the schema) they stay strings.
 */
export function stateJson(value: Value, type: TypeSpec | undefined): string {
  if (isArray(value)) return `[${value.map((item, i) => stateJson(item, itemType(type, i))).join(',')}]`;
  if (isMap(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(key)}:${stateJson(member, memberType(type, key))}`,
    );
    return `{${members.join(',')}}`;
  }
  if (type === 'number' && typeof value === 'string') return String(numberOfText(value) ?? JSON.stringify(value));
  // A state holds no unknowns; if one came in all the same, null is what Terraform would have stored.
  return typeof value === 'symbol' ? 'null' : JSON.stringify(value);
}

function itemType(type: TypeSpec | undefined, index: number): TypeSpec | undefined {
  if (type === undefined || typeof type === 'string') return undefined;
  if (type[0] === 'tuple') return type[1][index];
  return type[0] === 'list' || type[0] === 'set' ? type[1] : undefined;
}

function memberType(type: TypeSpec | undefined, key: string): TypeSpec | undefined {
  if (type === undefined || typeof type === 'string') return undefined;
  if (type[0] === 'map') return type[1];
  return type[0] === 'object' && Object.hasOwn(type[1], key) ? type[1][key] : undefined;
}
