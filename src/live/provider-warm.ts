import type { ProviderConfig } from '../model/resource.ts';
import { type LocatedProvider, locateProvider } from '../terraform/discovery.ts';
import { checkPackage } from '../terraform/package-digest.ts';
import type { ProviderClient } from '../terraform/plugin/client.ts';
import { cachedSchema } from '../terraform/schema-cache.ts';
import { type StartOptions, startSession } from './provider-session.ts';

export type WarmOptions = Omit<StartOptions, 'provider' | 'config'> &
  Parameters<typeof locateProvider>[1] & { readonly cacheDir: string | undefined };

/**
 * Providers that are started before it is known what they will read: a lock file says which will be needed, while the
 * configuration is still being parsed. What fails here fails again, and is told, when it is needed. A program is
 * started only after its package was checked, here as anywhere.
 */
export class WarmProviders {
  readonly #options: WarmOptions;
  readonly #clients = new Map<string, ProviderClient[]>();
  readonly #begun: Promise<unknown>[] = [];

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  /** Begins to start the provider of a lock file's entry, once for each configuration that is expected of it. */
  begin(place: ProviderConfig, copies = 1): void {
    this.#begun.push(this.#start(place, copies).catch(() => undefined));
  }

  /** The started client, for one taker; undefined where there is none. */
  async take(provider: LocatedProvider, directory: string): Promise<ProviderClient | undefined> {
    await Promise.all(this.#begun);
    const client = this.#clients.get(keyOf(provider, directory))?.pop();
    return client?.alive() === true ? client : undefined;
  }

  /** Waits until every package is checked, so that none is checked twice at once. */
  async settled(): Promise<void> {
    await Promise.all(this.#begun);
  }

  /** Ends what nobody took. */
  async close(): Promise<void> {
    await Promise.all(this.#begun);
    await Promise.all([...this.#clients.values()].flat().map((client) => client.close()));
    this.#clients.clear();
  }

  async #start(place: ProviderConfig, copies: number): Promise<void> {
    const { cacheDir, setUpMs } = this.#options;
    const provider = await locateProvider(place, this.#options);
    if (place.lockedVersion !== provider.version) return;
    await checkPackage(provider, place.hashes, cacheDir);
    const clients: ProviderClient[] = [];
    this.#clients.set(keyOf(provider, place.directory), clients);
    const start = async (): Promise<ProviderClient> => {
      const client = await startSession({ ...this.#options, provider, config: place });
      clients.push(client);
      return client;
    };
    const others = Promise.allSettled(Array.from({ length: copies - 1 }, start));
    const first = await start();
    if ((await cachedSchema(provider, cacheDir)) === undefined) first.prefetchSchema(Date.now() + setUpMs);
    await others;
  }
}

function keyOf(provider: LocatedProvider, directory: string): string {
  return JSON.stringify([provider.executable, directory]);
}
