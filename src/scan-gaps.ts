import type { DeclaredResource, Gap } from './model/resource.ts';
import type { Value } from './model/value.ts';
import { isArray, isMap } from './model/value.ts';
import { scrubber } from './resources/scrub.ts';
import { maskSecrets, secretPaths } from './resources/secrets.ts';

/** A provider's diagnostic may quote what it was sent: takes every secret that the states hold out of gap messages. */
export function scrubGaps(gaps: readonly Gap[], resources: readonly DeclaredResource[]): Gap[] {
  if (gaps.length === 0) return [];
  const scrub = scrubber(resources.flatMap(secretsOf));
  return gaps.map((gap) => ({ ...gap, message: scrub(gap.message) }));
}

function secretsOf({ ref, state }: DeclaredResource): string[] {
  if (state === undefined) return [];
  const paths = secretPaths(state.attributes, undefined, state.sensitive, ref.type);
  const found: string[] = [];
  maskSecrets(state.attributes, paths, (secret) => {
    found.push(...strings(secret));
    return '';
  });
  return found;
}

function* strings(value: Value | undefined): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (isArray(value)) for (const item of value) yield* strings(item);
  else if (isMap(value)) for (const item of Object.values(value)) yield* strings(item);
}
