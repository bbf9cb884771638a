import type { Path, Step } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';

/**
 * Reads `sensitive_attributes`: a list of paths, each a list of steps {type: get_attr | index, value}. `refuse` is told
 * of anything else. An index into a set cannot be written as a step: the path then ends above, which covers more.
 * Source: hashicorp/terraform, internal/states/statefile/version4.go (unmarshalPaths).
 */
export function sensitivePaths(written: Value | undefined, refuse: () => void): Path[] {
  if (written === undefined || written === null) return [];
  if (!isArray(written)) {
    refuse();
    return [];
  }
  const paths: Path[] = [];
  for (const one of written) {
    const path = isArray(one) ? pathOf(one) : undefined;
    if (path === undefined || path.length === 0) refuse();
    else paths.push(path);
  }
  return paths;
}

function pathOf(steps: readonly Value[]): Path | undefined {
  const path: Step[] = [];
  for (const step of steps) {
    if (!isMap(step)) return undefined;
    if (step.type === 'get_attr') {
      if (typeof step.value !== 'string') return undefined;
      path.push(step.value);
    } else if (step.type === 'index') {
      const key = isMap(step.value) ? step.value.value : step.value;
      if (typeof key !== 'string' && typeof key !== 'number') return path;
      path.push(key);
    } else return undefined;
  }
  return path;
}
