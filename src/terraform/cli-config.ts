import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../model/error.ts';
import { hclProcess } from './hcl-process.ts';

/** What the CLI configuration of Terraform or OpenTofu says about where providers lie. */
export interface CliConfig {
  /** Provider source address (completed) to the folder or file that stands in for it. */
  readonly devOverrides: ReadonlyMap<string, string>;
  readonly mirrors: readonly Mirror[];
  readonly pluginCacheDir: string | undefined;
  /** Files that could not be read or understood, with the reason: told where a provider is not found. */
  readonly faults: readonly string[];
}

interface Mirror {
  readonly path: string;
  /** Whether the mirror is meant for this source address (its include and exclude patterns). */
  readonly serves: (source: string) => boolean;
}

export interface CliConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Completes `aws` or `hashicorp/aws` with the host that the reader of this configuration means by default. */
  readonly complete: (source: string) => string | undefined;
}

type Block = { readonly [key: string]: unknown };

/**
 * Reads the CLI configuration: the file that TF_CLI_CONFIG_FILE names, else .terraformrc and .tofurc of the home
 * folder, then *.tfrc in its .terraform.d. Files that are not there are no fault.
 * Source: Terraform CLI documentation, "CLI configuration file" and "Provider installation".
 */
export async function readCliConfig(options: CliConfigOptions): Promise<CliConfig> {
  const devOverrides = new Map<string, string>();
  const mirrors: Mirror[] = [];
  const faults: string[] = [];
  let pluginCacheDir: string | undefined;
  for (const file of await configFiles(options)) {
    const parsed = await parseFile(file, faults);
    pluginCacheDir ??= textOf(parsed.plugin_cache_dir, options.env);
    for (const installation of blocksOf(parsed.provider_installation)) {
      for (const [source, path] of overridesIn(installation, options.complete)) devOverrides.set(source, path);
      for (const mirror of blocksOf(installation.filesystem_mirror)) {
        if (typeof mirror.path === 'string') mirrors.push({ path: mirror.path, serves: serving(mirror) });
      }
    }
  }
  return { devOverrides, mirrors, pluginCacheDir, faults };
}

function* overridesIn(
  installation: Block,
  complete: CliConfigOptions['complete'],
): Iterable<readonly [source: string, path: string]> {
  for (const [name, path] of blocksOf(installation.dev_overrides).flatMap(Object.entries)) {
    const source = complete(name);
    if (source !== undefined && typeof path === 'string') yield [source, path];
  }
}

async function configFiles({ env, homeDir }: CliConfigOptions): Promise<string[]> {
  const named = env.TF_CLI_CONFIG_FILE ?? env.TERRAFORM_CONFIG;
  const main =
    named !== undefined && named !== '' ? [named] : [join(homeDir, '.terraformrc'), join(homeDir, '.tofurc')];
  if (env.APPDATA !== undefined) main.push(join(env.APPDATA, 'terraform.rc'), join(env.APPDATA, 'tofu.rc'));
  const folder = join(homeDir, '.terraform.d');
  const more = await readdir(folder).catch(() => []);
  return [...main, ...more.filter((name) => /\.(tfrc|tofurc)(\.json)?$/.test(name)).map((name) => join(folder, name))];
}

async function parseFile(file: string, faults: string[]): Promise<Block> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  try {
    if (/^\s*\{/.test(text)) return JSON.parse(text) as Block;
    // Most configurations hold a token and nothing about providers: the parser is large, so it runs only for these.
    if (!/provider_installation|plugin_cache_dir/.test(text)) return {};
    // The language of this file is an older HCL, in which keys of a block may be quoted; in the newer one only those of
    // an object may.
    return (await hclProcess.parse('cli.tf', text.replace(/\bdev_overrides\s*\{/g, 'dev_overrides = {'))) as Block;
  } catch (cause) {
    faults.push(`${file} could not be understood (${messageOf(cause).split('\n')[0]})`);
    return {};
  }
}

/** A block may stand as an object or, as the parser gives it, as a list of objects. */
function blocksOf(item: unknown): Block[] {
  return (Array.isArray(item) ? item : [item]).filter(
    (one): one is Block => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
}

function textOf(item: unknown, env: CliConfigOptions['env']): string | undefined {
  if (typeof item !== 'string' || item === '') return undefined;
  return item.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => env[name] ?? whole);
}

function serving(mirror: Block): (source: string) => boolean {
  const include = patterns(mirror.include);
  const exclude = patterns(mirror.exclude);
  return (source) =>
    (include.length === 0 || include.some((one) => one(source))) && !exclude.some((one) => one(source));
}

/** Patterns such as `hashicorp/aws`, `example.com/*` + `/*`: any part may be a star, a missing host is any default. */
function patterns(item: unknown): ((source: string) => boolean)[] {
  if (!Array.isArray(item)) return [];
  return item
    .filter((one): one is string => typeof one === 'string')
    .map((pattern) => {
      const wanted = pattern.toLowerCase().split('/').reverse();
      return (source) => {
        const parts = source.split('/').reverse();
        return wanted.every((part, i) => part === '*' || part === parts[i]);
      };
    });
}
