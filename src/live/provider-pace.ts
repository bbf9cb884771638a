import type { DeclaredResource } from '../model/resource.ts';
import { readCached, writeCached } from '../terraform/cache-file.ts';

type Remembered = { readonly [type: string]: number };

/**
 * How long a read of each resource type took on this machine, by provider. Some providers wait inside a read until an
 * eventually consistent answer has settled: such a read must not be the last to begin, or the whole scan waits for it.
 * Only the order of reads depends on it, never an answer.
 */
export class Pace {
  readonly #cacheDir: string | undefined;
  readonly #source: string;
  readonly #milliseconds: Map<string, number>;

  private constructor(cacheDir: string | undefined, source: string, remembered: Remembered) {
    this.#cacheDir = cacheDir;
    this.#source = source;
    this.#milliseconds = new Map(Object.entries(remembered));
  }

  /** What earlier scans measured; nothing where there was none. */
  static async of(source: string, cacheDir: string | undefined): Promise<Pace> {
    return new Pace(cacheDir, source, ((await readCached(cacheDir, 'pace', source)) ?? {}) as Remembered);
  }

  /** Longest first; otherwise, and for types never read, in the given order. */
  order<T extends Pick<DeclaredResource, 'ref'>>(resources: readonly T[]): readonly T[] {
    const expected = ({ ref }: T): number => this.#milliseconds.get(ref.type) ?? 0;
    return [...resources].sort((a, b) => expected(b) - expected(a));
  }

  /** Runs a read and remembers how long it took: half of it is what was known before, so that one slow day fades. */
  async time<T>(type: string, read: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const answer = await read();
    const took = Math.round(performance.now() - begun);
    const before = this.#milliseconds.get(type);
    this.#milliseconds.set(type, before === undefined ? took : Math.round((before + took) / 2));
    return answer;
  }

  async remember(): Promise<void> {
    await writeCached(this.#cacheDir, 'pace', this.#source, Object.fromEntries(this.#milliseconds));
  }
}
