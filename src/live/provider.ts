import { tmpdir } from 'node:os';
import { DriftbomError, type ErrorCode, messageOf } from '../model/error.ts';
import type { DeclaredResource, GapReason, LiveAnswer, ProviderConfig } from '../model/resource.ts';
import { type LocatedProvider, locateProvider } from '../terraform/discovery.ts';
import { checkPackage } from '../terraform/package-digest.ts';
import type { LiveReader } from './port.ts';
import { builtinAnswer } from './provider-builtin.ts';
import { unknownIn } from './provider-configuration.ts';
import { type Group, groupResources } from './provider-groups.ts';
import { Pace } from './provider-pace.ts';
import { Queue } from './provider-queue.ts';
import { readAll, type Stateful } from './provider-run.ts';
import { SchemaDesk } from './provider-schemas.ts';
import { openSession, type ProviderSession } from './provider-session.ts';
import { Slots } from './provider-slots.ts';
import { WarmProviders } from './provider-warm.ts';

export interface ProviderReaderOptions {
  /** Handed on to providers, for their credentials; also says where Terraform keeps them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Where schemas and digests are remembered; undefined: nowhere. */
  readonly cacheDir: string | undefined;
  /** Source address to the provider's file or folder. */
  readonly providerPaths?: Readonly<Record<string, string>>;
  /** Reads at once over all providers. */
  readonly parallelism?: number;
  /** Limit for one resource, retries included, in milliseconds. */
  readonly deadlineMs?: number;
  /** Limit for each step of a provider's set-up, in milliseconds. */
  readonly setUpMs?: number;
  /** Folder under which sockets lie; the system's by default, /tmp where its path is too long for a socket. */
  readonly tempDir?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly sleep?: (ms: number) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly chance?: () => number;
}

/** A live reader that can be told early which providers it will need. */
export interface ProviderReader extends LiveReader {
  /** Starts the provider that a lock file names, `copies` times, while its configuration is still being read. Never fails. */
  warm(place: ProviderConfig, copies?: number): void;
}

const PARALLELISM = 32;
const DEADLINE_MS = 120_000;
/** Provider processes that live at once: a large provider takes some 300 MB. */
const PROCESSES = 8;

/**
 * Reads live state through Terraform providers, as Terraform's own refresh does, without locks and without a plan.
 * Equal provider configurations share one process. Errors, thrown only where no provider at all can be used:
 * E_PROVIDER_MISSING, E_PROVIDER_CHECKSUM, E_PROVIDER_START, E_CREDENTIALS, E_PROVIDER_CONFIG.
 */
export function providerReader(options: ProviderReaderOptions): ProviderReader {
  const versions = new Map<string, { readonly source: string; readonly version: string }>();
  const abort = new AbortController();
  const running = new Set<Promise<void>>();
  const { env, tempDir = tmpdir(), setUpMs = DEADLINE_MS } = options;
  const warm = new WarmProviders({ ...options, env, tempDir, setUpMs, signal: abort.signal });
  return {
    name: 'provider',
    warm: (place, copies) => warm.begin(place, copies),
    versions: () => [...versions.values()],
    read: async function* (wanted, providers) {
      const ended = new AbortController();
      const run = new Run(options, warm, AbortSignal.any([abort.signal, ended.signal]), ({ source, version }) => {
        versions.set(`${source} ${version}`, { source, version });
      });
      const done = run.start(wanted, providers).finally(() => running.delete(done));
      running.add(done);
      try {
        yield* run.answers;
      } finally {
        // Also where the consumer leaves early: no process may outlive the loop.
        ended.abort();
        await done;
      }
    },
    close: async () => {
      abort.abort();
      await Promise.all([...running, warm.close()]);
    },
  };
}

/** One call of `read`. */
class Run {
  readonly answers = new Queue<LiveAnswer>();
  readonly #options: ProviderReaderOptions;
  readonly #warm: WarmProviders;
  readonly #signal: AbortSignal;
  readonly #answered: (provider: LocatedProvider) => void;
  readonly #desk: SchemaDesk;
  readonly #slots: Slots;
  readonly #paces = new Map<string, Promise<Pace>>();
  readonly #processes = new Slots(PROCESSES);
  /** Gaps that wait for the first provider that works: without one, the error is thrown and nothing is answered. */
  readonly #held: LiveAnswer[] = [];
  readonly #failures: DriftbomError[] = [];
  #working = false;
  #total = 0;
  #done = 0;

  constructor(
    options: ProviderReaderOptions,
    warm: WarmProviders,
    signal: AbortSignal,
    answered: (provider: LocatedProvider) => void,
  ) {
    this.#options = options;
    this.#warm = warm;
    this.#signal = signal;
    this.#answered = answered;
    this.#desk = new SchemaDesk(options.cacheDir);
    this.#slots = new Slots(options.parallelism ?? PARALLELISM);
  }

  /** Produces all answers; never rejects. */
  async start(wanted: readonly DeclaredResource[], providers: readonly ProviderConfig[]): Promise<void> {
    this.#total = wanted.length;
    const stateful: DeclaredResource[] = [];
    for (const resource of wanted) {
      const builtin = builtinAnswer(resource);
      if (builtin !== undefined) this.#held.push(builtin);
      else if (resource.state !== undefined) stateful.push(resource);
      else this.#hold([resource], 'not-in-state', 'declared, but not in the state: it was never applied');
    }
    const { groups, orphans } = groupResources(stateful, providers);
    this.#hold(orphans, 'provider-not-configured', 'no provider block is known for it');
    try {
      await this.#readGroups(groups);
      for (const pace of this.#paces.values()) await (await pace).remember();
      const [worst] = this.#failures.sort((a, b) => SEVERITY.indexOf(a.code) - SEVERITY.indexOf(b.code));
      if (!this.#working && worst !== undefined) return this.answers.end({ cause: worst });
      this.#release();
      this.answers.end();
    } catch (cause) {
      this.answers.end({ cause });
    }
  }

  async #readGroups(groups: readonly Group[]): Promise<void> {
    await this.#warm.settled();
    const located = await Promise.all(groups.map(async (group) => ({ group, provider: await this.#locate(group) })));
    const types = typesByExecutable(located);
    await Promise.all(
      located.map(({ group, provider }) => {
        if (provider === undefined) return undefined;
        return this.#processes.run(() => this.#readGroup(group, provider, types.get(provider.executable) ?? new Set()));
      }),
    );
  }

  /** Undefined where the group's resources have become gaps. */
  async #locate(group: Group): Promise<LocatedProvider | undefined> {
    const { config, resources } = group;
    const unknown = unknownIn(config.values);
    if (unknown !== undefined) {
      const message = `the provider block's ${unknown} is not known; give it under "providers" in driftbom.yaml`;
      this.#hold(resources, 'provider-not-configured', message);
      return undefined;
    }
    try {
      const provider = await locateProvider(config, this.#options);
      if (config.lockedVersion === undefined || config.lockedVersion === provider.version) {
        for (const hashes of group.hashes) await checkPackage(provider, hashes, this.#options.cacheDir);
      }
      return provider;
    } catch (cause) {
      this.#fail(resources, cause);
      return undefined;
    }
  }

  async #readGroup(group: Group, provider: LocatedProvider, types: ReadonlySet<string>): Promise<void> {
    const { env, tempDir = tmpdir(), sleep = pause, chance = Math.random } = this.#options;
    const { deadlineMs = DEADLINE_MS, setUpMs = DEADLINE_MS } = this.#options;
    const { config } = group;
    const options = { provider, config, types, desk: this.#desk, env, tempDir, setUpMs, signal: this.#signal };
    const open = async (): Promise<ProviderSession> =>
      openSession({ ...options, started: await this.#warm.take(provider, config.directory) });
    let session: ProviderSession;
    try {
      session = await open();
    } catch (cause) {
      return this.#fail(group.resources, cause);
    }
    this.#working = true;
    this.#answered(provider);
    this.#release();
    const pace = await this.#paceOf(provider.source);
    await readAll(session, group.resources as readonly Stateful[], {
      pace,
      deadlineMs,
      sleep,
      chance,
      slots: this.#slots,
      answer: (answer) => this.#answer(answer),
      reopen: open,
      stopped: () => this.#signal.aborted,
    });
  }

  /** One for all processes of a provider. */
  #paceOf(source: string): Promise<Pace> {
    const pace = this.#paces.get(source) ?? Pace.of(source, this.#options.cacheDir);
    this.#paces.set(source, pace);
    return pace;
  }

  #fail(resources: readonly DeclaredResource[], cause: unknown): void {
    if (!(cause instanceof DriftbomError)) throw cause;
    this.#failures.push(cause);
    this.#hold(resources, GAP_OF_ERROR[cause.code] ?? 'provider-error', messageOf(cause));
  }

  #hold(resources: readonly DeclaredResource[], reason: GapReason, message: string): void {
    this.#held.push(...resources.map((resource) => ({ kind: 'unread', resource, reason, message }) as const));
    if (this.#working) this.#release();
  }

  #release(): void {
    for (const answer of this.#held.splice(0)) this.#answer(answer);
  }

  #answer(answer: LiveAnswer): void {
    this.answers.push(answer);
    this.#done++;
    this.#options.onProgress?.(this.#done, this.#total);
  }
}

/** Which failure to tell where there are several and nothing works: the one whose cure helps most comes first. */
const SEVERITY: readonly ErrorCode[] = [
  'E_PROVIDER_CHECKSUM',
  'E_CREDENTIALS',
  'E_PROVIDER_CONFIG',
  'E_PROVIDER_START',
  'E_PROVIDER_MISSING',
];

const GAP_OF_ERROR: { readonly [code in ErrorCode]?: GapReason } = {
  E_PROVIDER_CHECKSUM: 'provider-missing',
  E_PROVIDER_MISSING: 'provider-missing',
  E_PROVIDER_START: 'provider-crashed',
  E_PROVIDER_CONFIG: 'provider-not-configured',
  E_CREDENTIALS: 'provider-not-configured',
};

/** All types that will be read through one executable, so that it is asked for its schema once. */
function typesByExecutable(
  located: readonly { readonly group: Group; readonly provider: LocatedProvider | undefined }[],
): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const { group, provider } of located) {
    if (provider === undefined) continue;
    const known = types.get(provider.executable) ?? new Set();
    types.set(provider.executable, known);
    for (const resource of group.resources) known.add(resource.ref.type);
  }
  return types;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
