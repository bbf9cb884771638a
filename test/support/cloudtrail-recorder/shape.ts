/** JSON as CloudTrail writes it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** `VpcId` to `vpcId`, `DBInstanceIdentifier` to `dBInstanceIdentifier`: the first letter, and no other. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Members whose keys are the user's own words: they keep their letters. */
const MAPS = new Set(['Tags', 'Attributes', 'Variables', 'DefaultHeaders', 'Parameters', 'StageVariables']);

/** Member names as CloudTrail writes them, at every depth; keys of maps stay as they are. */
export function lowered(value: Json, map = false): Json {
  if (Array.isArray(value)) return value.map((item) => lowered(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      map ? key : lowerFirst(key),
      lowered(item, MAPS.has(key) && !Array.isArray(item)),
    ]),
  );
}
