import type { DeclaredResource, Gap } from './model/resource.ts';
import type { Path } from './model/path.ts';
import type { Value } from './model/value.ts';
import { isArray, isMap } from './model/value.ts';
import { scrubber } from './resources/scrub.ts';
import { secretPaths } from './resources/secrets.ts';

/** A provider's diagnostic may quote what it was sent: takes every secret that the states hold out of gap messages. */
export function scrubGaps(gaps: readonly Gap[], resources: readonly DeclaredResource[]): Gap[] {
  if (gaps.length === 0) return [];
  const scrub = scrubber(resources.flatMap((resource) => [...secretsOf(resource)]));
  return gaps.map((gap) => ({ ...gap, message: scrub(gap.message) }));
}

function* secretsOf(resource: DeclaredResource): Iterable<string> {
  const state = resource.state;
  if (state === undefined) return;
  for (const path of secretPaths(state.attributes, undefined, state.sensitive, resource.ref.type)) {
    yield* strings(at(state.attributes, path));
  }
}

function at(value: Value, path: Path): Value | undefined {
  let here: Value | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') here = isArray(here) ? here[step] : undefined;
    else here = isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

function* strings(value: Value | undefined): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (isArray(value)) for (const item of value) yield* strings(item);
  else if (isMap(value)) for (const item of Object.values(value)) yield* strings(item);
}
