import type { ResourceSchema } from '../model/schema.ts';
import { readCached, writeCached } from './cache-file.ts';
import type { LocatedProvider } from './discovery.ts';
import { identityOf } from './file-identity.ts';
import type { SchemaAnswer } from './plugin/schema-message.ts';

/** The parts of a provider's schema that are known, and whether they may be used without asking the provider. */
export interface KnownSchema {
  readonly provider: ResourceSchema;
  /** Undefined stands for a type that the provider does not know. A type that is not in the map was never asked for. */
  readonly resources: ReadonlyMap<string, ResourceSchema | undefined>;
  readonly optional: boolean;
}

interface Stored {
  readonly provider: ResourceSchema;
  readonly resources: { readonly [type: string]: ResourceSchema | null };
}

/**
 * What earlier runs learned of exactly this provider: source, version and file identity are the key, so that another
 * build never meets an old schema. Only providers that allow it (get_provider_schema_optional) are ever stored.
 */
export async function cachedSchema(
  provider: LocatedProvider,
  cacheDir: string | undefined,
): Promise<KnownSchema | undefined> {
  const stored = (await readCached(cacheDir, 'schemas', await keyOf(provider))) as Stored | undefined;
  if (stored === undefined) return undefined;
  const resources = Object.entries(stored.resources).map(([type, schema]) => [type, schema ?? undefined] as const);
  return { provider: stored.provider, resources: new Map(resources), optional: true };
}

/** Adds an answer to what was known before, and stores all of it where the provider allows that. */
export async function rememberSchema(
  provider: LocatedProvider,
  cacheDir: string | undefined,
  known: KnownSchema | undefined,
  answer: SchemaAnswer,
): Promise<KnownSchema> {
  const resources = new Map([...(known?.resources ?? []), ...answer.resources]);
  const schema: KnownSchema = { provider: answer.provider, resources, optional: answer.optional };
  if (answer.optional) {
    const stored: Stored = {
      provider: answer.provider,
      resources: Object.fromEntries([...resources].map(([type, one]) => [type, one ?? null])),
    };
    await writeCached(cacheDir, 'schemas', await keyOf(provider), stored);
  }
  return schema;
}

async function keyOf(provider: LocatedProvider): Promise<string> {
  return JSON.stringify([provider.source, provider.version, await identityOf(provider.executable)]);
}
