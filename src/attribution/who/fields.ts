import type { Json, JsonMap } from '../json.ts';

/** Longer texts of a log are cut where they are read: nothing that names somebody or gives a reason needs more. */
export const LONGEST_FIELD = 2048;

/** The member at a path of names, or undefined where something on the way is no object or lacks the name. */
export function memberAt(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here = json;
  for (const name of path) {
    if (!isJsonMap(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** The text at a path; null where there is none or an empty one. Numbers and objects are no texts. */
export function textAt(json: Json | undefined, ...path: readonly string[]): string | null {
  const found = memberAt(json, ...path);
  return typeof found === 'string' && found !== '' ? found.slice(0, LONGEST_FIELD) : null;
}

export function isJsonMap(json: Json | undefined): json is JsonMap {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The members of a list. CloudTrail writes some lists as {items: [...]}, and some with one member as that member. */
export function listAt(json: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = memberAt(json, ...path);
  if (Array.isArray(found)) return found;
  const items = memberAt(found, 'items');
  if (Array.isArray(items)) return items;
  return isJsonMap(found) && Object.keys(found).length > 0 && items === undefined ? [found] : [];
}
