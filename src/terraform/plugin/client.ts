import type { Diagnostic } from './diagnostic-message.ts';
import {
  decodeConfigured,
  decodePlanned,
  decodeRead,
  decodeUpgraded,
  encodeConfigure,
  encodePlan,
  encodeRead,
  encodeUpgrade,
  type PlanAnswer,
  type PlanRequest,
  type ReadRequest,
  type StateAnswer,
  type UpgradeRequest,
} from './call-messages.ts';
import { CallFault, type Channel, openChannel } from './channel.ts';
import { type ChildOptions, type ProviderChild, startChild } from './child.ts';
import type { Watch } from './exchange-log.ts';
import { methodPath, type ProtocolVersion } from './protocol.ts';
import { decodeSchemaAnswer, type SchemaAnswer } from './schema-message.ts';

/**
 * A provider that runs and answers. Every call takes a deadline (milliseconds since the epoch) and throws CallFault
 * where there is no answer; an answer that cannot be decoded is a CallFault of kind `refused`.
 */
export interface ProviderClient {
  readonly protocol: ProtocolVersion;
  /** Asks for the schema before it is known which types are wanted; the next `schema` takes that answer. */
  prefetchSchema(deadline: number): void;
  /** GetProviderSchema, decoded for the wanted resource types only. */
  schema(wanted: ReadonlySet<string>, deadline: number): Promise<SchemaAnswer>;
  /** Configure: msgpack of the whole configuration object. */
  configure(config: Uint8Array, deadline: number): Promise<readonly Diagnostic[]>;
  upgrade(request: UpgradeRequest, deadline: number): Promise<StateAnswer>;
  read(request: ReadRequest, deadline: number): Promise<StateAnswer>;
  plan(request: PlanRequest, deadline: number): Promise<PlanAnswer>;
  /** Asks the provider to give up what it is doing. It need not. */
  stop(deadline: number): Promise<void>;
  /** Watches the log of the next read of a type: see ExchangeLog. */
  watch(type: string, since: number): Watch;
  /** Whether the process is there, as far as is known at this moment. */
  alive(): boolean;
  /** Whether the process is gone. Waits a moment, since a connection breaks before its process is seen to end. */
  crashed(): Promise<boolean>;
  /** Last words of the process on stderr. May hold secrets. */
  stderr(): string;
  /** Ends the process and removes what it left. May be called at any time, more than once. */
  close(): Promise<void>;
}

/** How long a process whose connection broke may take to be seen to end, in milliseconds. */
const LAST_BREATH = 500;

/** Starts a provider and connects to it. Errors: E_PROVIDER_START. */
export async function startProvider(options: ChildOptions): Promise<ProviderClient> {
  const child = await startChild(options);
  return connect(child, openChannel(child.target));
}

function decoded<T>(name: string, answer: Uint8Array, decode: (bytes: Uint8Array) => T): T {
  try {
    return decode(answer);
  } catch (cause) {
    throw new CallFault('refused', `the answer to ${name} cannot be decoded`, { cause });
  }
}

function connect(child: ProviderChild, channel: Channel): ProviderClient {
  const { protocol } = child;
  const call = async <T>(
    name: Parameters<typeof methodPath>[1],
    request: Uint8Array,
    deadline: number,
    decode: (bytes: Uint8Array) => T,
  ): Promise<T> => {
    return decoded(name, await channel.call(methodPath(protocol, name), request, deadline), decode);
  };
  let prefetched: Promise<Uint8Array> | undefined;
  return {
    protocol,
    prefetchSchema: (deadline) => {
      prefetched = channel.call(methodPath(protocol, 'schema'), new Uint8Array(), deadline);
      prefetched.catch(() => undefined);
    },
    schema: async (wanted, deadline) => {
      const early = prefetched;
      prefetched = undefined;
      const decode = (bytes: Uint8Array): SchemaAnswer => decodeSchemaAnswer(bytes, wanted, protocol);
      return early === undefined
        ? call('schema', new Uint8Array(), deadline, decode)
        : decoded('schema', await early, decode);
    },
    configure: (config, deadline) => call('configure', encodeConfigure(config), deadline, decodeConfigured),
    upgrade: (request, deadline) => call('upgrade', encodeUpgrade(request), deadline, decodeUpgraded),
    read: (request, deadline) => call('read', encodeRead(request), deadline, decodeRead),
    plan: (request, deadline) => call('plan', encodePlan(request), deadline, decodePlanned),
    stop: (deadline) => call('stop', new Uint8Array(), deadline, () => undefined),
    watch: (type, since) => child.exchanges.watch(type, since),
    alive: child.alive,
    crashed: async () => {
      if (!child.alive()) return true;
      let timer: NodeJS.Timeout | undefined;
      const moment = new Promise((resolve) => {
        timer = setTimeout(resolve, LAST_BREATH);
      });
      await Promise.race([child.exited, moment]);
      clearTimeout(timer);
      return !child.alive();
    },
    stderr: child.stderr,
    close: async () => {
      channel.close();
      child.kill();
      await child.exited;
    },
  };
}
