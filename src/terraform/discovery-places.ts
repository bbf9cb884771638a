import { join, resolve } from 'node:path';
import type { ProviderConfig } from '../model/resource.ts';
import { readCliConfig } from './cli-config.ts';
import { OPENTOFU_HOST, providerSource, TERRAFORM_HOST } from './provider-address.ts';

export interface DiscoveryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Source address to a provider's file or folder, as the user named it. */
  readonly providerPaths?: Readonly<Record<string, string>>;
  /** Node's platform and architecture; the running one by default. */
  readonly platform?: string;
  readonly arch?: string;
}

/**
 * A place where a provider may lie. `tree` is a folder in Terraform's layout <host>/<namespace>/<name>/<version>/
 * <os>_<arch>; `direct` is one executable or the folder that holds it.
 */
export interface Place {
  readonly kind: 'tree' | 'direct';
  readonly path: string;
  /** Named for people where the provider is not found. */
  readonly title: string;
}

/**
 * Every place in the order in which it is looked at: what the user named, the working directory's own, the plugin cache,
 * the CLI configuration, then Terraform's implied mirrors. The CLI configuration is read only when it is its turn.
 * `fault` receives what stands in the way of looking.
 */
export async function* placesOf(
  config: ProviderConfig,
  options: DiscoveryOptions,
  fault: (text: string) => void,
): AsyncGenerator<Place> {
  const { env, homeDir } = options;
  const named = options.providerPaths?.[config.source];
  if (named !== undefined) {
    // Who names a file wants that file: falling back to another one would surprise.
    yield { kind: 'direct', path: resolve(named), title: 'the path given for it' };
    return;
  }
  const data = resolve(config.directory, env.TF_DATA_DIR || '.terraform');
  yield tree(join(data, 'providers'), 'installed by init');
  if (env.TF_PLUGIN_CACHE_DIR) yield tree(resolve(env.TF_PLUGIN_CACHE_DIR), 'TF_PLUGIN_CACHE_DIR');

  const host = config.source.startsWith(`${OPENTOFU_HOST}/`) ? OPENTOFU_HOST : TERRAFORM_HOST;
  const cli = await readCliConfig({ env, homeDir, complete: (source) => providerSource(source, host) });
  for (const text of cli.faults) fault(text);
  const override = cli.devOverrides.get(config.source);
  if (override !== undefined) {
    yield { kind: 'direct', path: resolve(override), title: 'dev_overrides of the CLI configuration' };
  }
  for (const mirror of cli.mirrors) {
    if (mirror.serves(config.source)) yield tree(resolve(mirror.path), 'filesystem_mirror of the CLI configuration');
  }
  if (cli.pluginCacheDir !== undefined) {
    yield tree(resolve(cli.pluginCacheDir), 'plugin_cache_dir of the CLI configuration');
  }
  for (const path of impliedMirrors(config, options)) yield tree(path, 'implied mirror');
}

/** Source: Terraform CLI documentation, "Implied local mirror directories". */
function impliedMirrors(config: ProviderConfig, { env, homeDir, platform }: DiscoveryOptions): string[] {
  const paths = [resolve(config.directory, 'terraform.d/plugins'), join(homeDir, '.terraform.d/plugins')];
  if (platform === 'win32') return env.APPDATA ? [...paths, join(env.APPDATA, 'terraform.d/plugins')] : paths;
  if (platform === 'darwin') {
    const inLibrary = 'Library/Application Support/io.terraform/plugins';
    return [...paths, join(homeDir, inLibrary), join('/', inLibrary)];
  }
  const own = env.XDG_DATA_HOME || join(homeDir, '.local/share');
  const shared = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter((path) => path !== '');
  return [...paths, ...[own, ...shared].map((path) => join(path, 'terraform/plugins'))];
}

function tree(path: string, title: string): Place {
  return { kind: 'tree', path, title };
}
