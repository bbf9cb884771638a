import type { Path } from '../model/path.ts';
import type { ConfigInstance } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { parsePath } from '../model/path.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import type { Scope } from '../terraform/expression-scope.ts';
import { evaluate } from '../terraform/expression.ts';
import { blocksOf, referenceText } from './configuration-body.ts';

/** Arguments that Terraform itself reads; a provider never sees them. */
const META = new Set([
  'provider',
  'count',
  'for_each',
  'depends_on',
  'lifecycle',
  'provisioner',
  'connection',
  'dynamic',
  '//',
]);

/**
 * What one instance of a resource block asks for. A `dynamic` block makes the value of the block that it generates
 * UNKNOWN; null is what was not written. `location` is used where the block itself does not say where it comes from.
 */
export function configInstance(body: ValueMap, scope: Scope, location: string | undefined): ConfigInstance {
  return {
    values: writtenValues(body, META, scope),
    ignoreChanges: ignoreChanges(body),
    location: constructPath(body) ?? location,
  };
}

/** The arguments of a block, evaluated, without those that are Terraform's own. */
export function writtenValues(body: ValueMap, meta: ReadonlySet<string>, scope: Scope): ValueMap {
  const values: { [name: string]: Value } = Object.create(null);
  for (const [name, written] of Object.entries(body)) {
    if (meta.has(name)) continue;
    const value = evaluate(written, scope);
    if (value !== null) values[name] = value;
  }
  for (const block of blocksOf(body, 'dynamic', 1)) values[block.labels[0] ?? ''] = UNKNOWN;
  return values;
}

/** CDKTF writes where in its construct tree a resource was made. */
function constructPath(body: ValueMap): string | undefined {
  const note = body['//'];
  const metadata = isMap(note) ? note.metadata : undefined;
  const path = isMap(metadata) ? metadata.path : undefined;
  return typeof path === 'string' ? path : undefined;
}

/** `lifecycle.ignore_changes`: attribute paths, `all`, or the older ["*"]. Source: Terraform language, "lifecycle". */
function ignoreChanges(body: ValueMap): readonly Path[] | 'all' {
  const paths: Path[] = [];
  for (const block of blocksOf(body, 'lifecycle', 0)) {
    const written: Value = block.body.ignore_changes ?? [];
    for (const one of isArray(written) ? written : [written as Value]) {
      const text = referenceText(one);
      if (text === '*' || (text === 'all' && !isArray(written))) return 'all';
      const path = text === undefined ? undefined : parsePath(text);
      if (path !== undefined) paths.push(path);
    }
  }
  return paths;
}
