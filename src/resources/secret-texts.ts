import type { DeclaredResource } from '../model/resource.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';
import { maskSecrets, secretPaths } from './secrets.ts';

/** The secrets of a resource's state as texts: a provider's message may quote what it was sent. */
export function secretTexts({ ref, state }: DeclaredResource, schema: ResourceSchema | undefined): string[] {
  if (state === undefined) return [];
  const found: string[] = [];
  maskSecrets(state.attributes, secretPaths(state.attributes, schema, state.sensitive, ref.type), (secret) => {
    found.push(...texts(secret));
    return '';
  });
  return found;
}

function* texts(value: Value): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (isArray(value)) for (const item of value) yield* texts(item);
  else if (isMap(value)) for (const item of Object.values(value)) yield* texts(item);
}
