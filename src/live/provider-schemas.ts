import { DriftbomError } from '../model/error.ts';
import type { LocatedProvider } from '../terraform/discovery.ts';
import { errorText } from '../terraform/plugin/diagnostic-message.ts';
import type { SchemaAnswer } from '../terraform/plugin/schema-message.ts';
import { cachedSchema, type KnownSchema, rememberSchema } from '../terraform/schema-cache.ts';
import { hasErrors } from './provider-faults.ts';

/**
 * Gives sessions the schema that they need and sees to it that each provider is asked for its (large) schema as seldom
 * as it allows: once for all processes of one executable, and never where an earlier run stored it.
 */
export class SchemaDesk {
  readonly #cacheDir: string | undefined;
  readonly #known = new Map<string, Promise<KnownSchema | undefined>>();

  constructor(cacheDir: string | undefined) {
    this.#cacheDir = cacheDir;
  }

  /**
   * The schema with at least the wanted types. `ask` calls the provider of the session; it is called at most once, and
   * always where the provider insists on being asked. Errors: what `ask` throws; E_PROVIDER_START on an error answer.
   */
  async schema(
    provider: LocatedProvider,
    wanted: ReadonlySet<string>,
    ask: (types: ReadonlySet<string>) => Promise<SchemaAnswer>,
  ): Promise<KnownSchema> {
    const key = `${provider.source} ${provider.executable}`;
    const before = this.#known.get(key) ?? cachedSchema(provider, this.#cacheDir);
    let failure: unknown;
    const after = before.then(async (known) => {
      try {
        return await this.#complete(provider, known, wanted, ask);
      } catch (cause) {
        // The next session must not fail for what happened to this one.
        failure = cause;
        return known;
      }
    });
    this.#known.set(key, after);
    const known = await after;
    if (failure !== undefined) throw failure;
    return known as KnownSchema;
  }

  async #complete(
    provider: LocatedProvider,
    known: KnownSchema | undefined,
    wanted: ReadonlySet<string>,
    ask: (types: ReadonlySet<string>) => Promise<SchemaAnswer>,
  ): Promise<KnownSchema> {
    const lacking = new Set([...wanted].filter((type) => !known?.resources.has(type)));
    if (known?.optional === true && lacking.size === 0) return known;
    const answer = await ask(lacking);
    if (hasErrors(answer.diagnostics)) {
      throw new DriftbomError(
        'E_PROVIDER_START',
        `provider ${provider.source} ${provider.version} gave no schema: ${errorText(answer.diagnostics)}`,
        'Check that `terraform providers schema` works in this folder.',
      );
    }
    return rememberSchema(provider, this.#cacheDir, known, answer);
  }
}
