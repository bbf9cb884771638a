import { existsSync } from 'node:fs';
import { DriftbomError, messageOf } from '../model/error.ts';
import type { ProviderConfig } from '../model/resource.ts';
import type { ResourceSchema } from '../model/schema.ts';
import { scrubber } from '../resources/scrub.ts';
import type { LocatedProvider } from '../terraform/discovery.ts';
import { ValueFault } from '../terraform/msgpack.ts';
import { CallFault } from '../terraform/plugin/channel.ts';
import { type ProviderClient, startProvider } from '../terraform/plugin/client.ts';
import { errorText } from '../terraform/plugin/diagnostic-message.ts';
import { encodeConfiguration, secretsIn } from './provider-configuration.ts';
import { classOf, hasErrors } from './provider-faults.ts';
import type { SchemaDesk } from './provider-schemas.ts';

export interface StartOptions {
  readonly provider: LocatedProvider;
  readonly config: Pick<ProviderConfig, 'directory'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tempDir: string;
  /** Limit of each step of the set-up, in milliseconds. */
  readonly setUpMs: number;
  readonly signal: AbortSignal;
}

export interface SessionOptions extends StartOptions {
  readonly config: ProviderConfig;
  /** Resource types that will be read. */
  readonly types: ReadonlySet<string>;
  readonly desk: SchemaDesk;
  /** A process of this provider that was started before. */
  readonly started?: ProviderClient | undefined;
}

/** A provider that is started, configured and ready to read. */
export interface ProviderSession {
  readonly client: ProviderClient;
  /** Undefined where the provider does not know the type. */
  readonly schemaOf: (type: string) => ResourceSchema | undefined;
  /** Takes the secrets of the provider's configuration out of its words. */
  readonly scrub: (text: string) => string;
}

/**
 * Starts a provider, learns the schema and configures it.
 * Errors: E_PROVIDER_START, E_CREDENTIALS, E_PROVIDER_CONFIG. The process is gone when it throws.
 */
export async function openSession(options: SessionOptions): Promise<ProviderSession> {
  const { provider, config, desk, setUpMs } = options;
  const client = options.started ?? (await startSession(options));
  const scrub = scrubber(secretsIn(config.values));
  try {
    const deadline = Date.now() + setUpMs;
    const schema = await desk.schema(provider, options.types, (types) => client.schema(types, deadline));
    const encoded = encodeConfiguration(config.values, schema.provider.block);
    const diagnostics = await client.configure(encoded, Date.now() + setUpMs);
    if (hasErrors(diagnostics)) {
      throw configureError(config, scrub(errorText(diagnostics)), classOf(diagnostics) === 'credentials');
    }
    return { client, schemaOf: (type) => schema.resources.get(type), scrub };
  } catch (cause) {
    const panic = (await client.crashed()) ? panicIn(client.stderr()) : undefined;
    await client.close();
    throw setupError(provider, config, cause, scrub, panic);
  }
}

/** Starts the provider's process. Errors: E_PROVIDER_START. */
export function startSession({
  provider,
  config,
  env,
  tempDir,
  setUpMs,
  signal,
}: StartOptions): Promise<ProviderClient> {
  const cwd = existsSync(config.directory) ? config.directory : '.';
  const { executable, source } = provider;
  return startProvider({ executable, source, cwd, env, tempDir, startMs: setUpMs, signal });
}

/** The line in which a Go program says why it ends; the rest of stderr may hold anything and is not repeated. */
export function panicIn(stderr: string): string | undefined {
  return /^(?:panic|fatal error): .{1,300}/m.exec(stderr)?.[0];
}

function configureError(config: ProviderConfig, text: string, credentials: boolean): DriftbomError {
  const name = nameOf(config);
  if (credentials) {
    return new DriftbomError(
      'E_CREDENTIALS',
      `${name} has no working credentials: ${text}`,
      'Set the credentials that `terraform plan` would use here (for AWS: AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), and check that they have not expired.',
    );
  }
  return new DriftbomError('E_PROVIDER_CONFIG', `${name} refused its configuration: ${text}`, CONFIG_CURE);
}

const CONFIG_CURE = 'Check the provider block and the variables that it uses; `terraform plan` shows the same error.';

function setupError(
  provider: LocatedProvider,
  config: ProviderConfig,
  cause: unknown,
  scrub: (text: string) => string,
  panic: string | undefined,
): DriftbomError {
  if (cause instanceof DriftbomError) return cause;
  if (cause instanceof ValueFault) {
    return new DriftbomError(
      'E_PROVIDER_CONFIG',
      `${nameOf(config)} (version ${provider.version}) cannot be configured: ${cause.message}`,
      CONFIG_CURE,
      { cause },
    );
  }
  const what = cause instanceof CallFault ? cause.message : messageOf(cause);
  return new DriftbomError(
    'E_PROVIDER_START',
    `provider ${provider.source} ${provider.version} failed while it was set up: ${scrub(panic ?? what)}`,
    'Check that `terraform plan` works in this folder; if it does, please report this.',
    { cause },
  );
}

function nameOf(config: ProviderConfig): string {
  return `provider ${config.source}${config.alias === undefined ? '' : `.${config.alias}`}`;
}
