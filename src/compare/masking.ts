import type { Path } from '../model/path.ts';
import type { ResourceSchema } from '../model/schema.ts';
import { type Shape, shapeOf } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { parseJsonText } from '../model/json-text.ts';
import { maskSecrets, secretsAt } from '../resources/secrets.ts';

/** A secret of this length is searched for in other values, too; shorter ones stand in harmless text by chance. */
const TELLING = 6;

/** Masks what leaves the comparison of one resource. */
export interface Masks {
  /** A value that stands at a path, and whether anything in it was masked. */
  value(value: Value, path: Path, shape: Shape): { readonly masked: Value; readonly sensitive: boolean };
}

/**
 * Prepares masks from all sides of a resource: a secret that one place gives away (a marked tag) is hidden wherever else
 * its text stands (the merged tags, a description).
 */
export function masksFor(
  sides: readonly Value[],
  schema: ResourceSchema | undefined,
  marks: readonly Path[],
  type: string,
  redact: (secret: Value) => string,
): Masks {
  const root = shapeOf(schema);
  const secrets = new Set<string>();
  for (const side of sides) {
    for (const path of secretsAt(side, { shape: root, path: [], marks, type })) {
      const leaf = leafAt(side, path);
      if (typeof leaf === 'string' && leaf.length >= TELLING) secrets.add(leaf);
    }
  }
  const needles = [...secrets];
  return {
    value: (value, path, shape) => {
      const paths = secretsAt(value, { shape, path, marks, type });
      const masked = maskSecrets(value, paths, redact);
      const swept = needles.length === 0 ? masked : sweep(masked, needles, redact);
      return { masked: swept, sensitive: paths.length > 0 || swept !== masked };
    },
  };
}

/** Masks every string that holds one of the secrets. Gives back the same object where there is none. */
function sweep(value: Value, needles: readonly string[], redact: (secret: Value) => string): Value {
  if (typeof value === 'string') return needles.some((needle) => value.includes(needle)) ? redact(value) : value;
  if (isArray(value)) {
    const items = value.map((item) => sweep(item, needles, redact));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (!isMap(value)) return value;
  const swept: Record<string, Value> = Object.create(null);
  let changed = false;
  for (const [key, member] of Object.entries(value)) {
    swept[key] = sweep(member, needles, redact);
    changed ||= swept[key] !== member;
  }
  return changed ? swept : value;
}

/** What stands at a path that may go on into JSON inside a string. */
function leafAt(value: Value, path: Path): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path) {
    const open: Value | undefined = typeof here === 'string' ? parseJsonText(here) : here;
    if (typeof step === 'number') here = isArray(open) ? open[step] : undefined;
    else here = isMap(open) && Object.hasOwn(open, step) ? open[step] : undefined;
  }
  return here;
}
