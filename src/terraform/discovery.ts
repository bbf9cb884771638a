import { readdir, realpath, stat } from 'node:fs/promises';
import { arch as nodeArch, platform as nodePlatform } from 'node:os';
import { dirname, join } from 'node:path';
import { DriftbomError } from '../model/error.ts';
import type { ProviderConfig } from '../model/resource.ts';
import { type DiscoveryOptions, type Place, placesOf } from './discovery-places.ts';
import { compareVersions, isVersion } from './discovery-version.ts';

export interface LocatedProvider {
  readonly source: string;
  /** As the folder or file name says; "unknown" for a development build without one. */
  readonly version: string;
  /** The executable, links resolved. */
  readonly executable: string;
  /** The installed package as a folder; undefined where the user named a file, which no lock file describes. */
  readonly folder: string | undefined;
}

/** One version of a provider in one place. */
interface Candidate {
  readonly version: string;
  readonly folder: string;
}

/**
 * Finds a provider's executable: the version of the lock file wherever it lies, else the newest version of the first
 * place that has one. Errors: E_PROVIDER_MISSING, naming every place that was looked at.
 */
export async function locateProvider(config: ProviderConfig, options: DiscoveryOptions): Promise<LocatedProvider> {
  const here = { platform: nodePlatform(), arch: nodeArch(), ...options };
  const looked: string[] = [];
  let fallback: LocatedProvider | undefined;
  for await (const place of placesOf(config, here, (text) => looked.push(text))) {
    looked.push(`${place.path} (${place.title})`);
    if (place.kind === 'direct') {
      const found = await locateDirect(config.source, place);
      if (found !== undefined) return found;
      continue;
    }
    const candidates = await candidatesIn(place, config.source, here, looked);
    const locked = candidates.find(({ version }) => version === config.lockedVersion);
    const chosen = locked ?? candidates.at(-1);
    const found = chosen === undefined ? undefined : await locateIn(config.source, chosen);
    if (found !== undefined && (locked !== undefined || config.lockedVersion === undefined)) return found;
    fallback ??= found;
  }
  if (fallback !== undefined) return fallback;
  throw missing(config, looked);
}

/** Versions in a tree for this platform, oldest first. Packed ones are named, since they cannot be run as they are. */
async function candidatesIn(
  place: Place,
  source: string,
  { platform = '', arch = '' }: DiscoveryOptions,
  looked: string[],
): Promise<Candidate[]> {
  const folder = join(place.path, ...source.split('/'));
  const target = targetOf(platform, arch);
  const candidates: Candidate[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith(`_${target}.zip`)) looked.push(`${join(folder, name)} is packed: unpack it or run init`);
    if (!isVersion(name)) continue;
    const inner = join(folder, name, target);
    if (await isFolder(inner)) candidates.push({ version: name, folder: inner });
    else looked.push(`${join(folder, name)} has nothing for ${target}`);
  }
  return candidates.sort((a, b) => compareVersions(a.version, b.version));
}

async function locateIn(source: string, candidate: Candidate): Promise<LocatedProvider | undefined> {
  const folder = await realpath(candidate.folder);
  const executable = await executableIn(folder, source);
  return executable === undefined ? undefined : { source, version: candidate.version, executable, folder };
}

async function locateDirect(source: string, { path }: Place): Promise<LocatedProvider | undefined> {
  const executable = (await isFolder(path))
    ? await executableIn(path, source)
    : await realpath(path).catch(() => undefined);
  if (executable === undefined) return undefined;
  // terraform-provider-aws_v5.100.0_x5, or .../5.100.0/linux_amd64/terraform-provider-aws
  const inName = /_v?(\d+\.\d+\.\d+[^_/\\]*?)(?:_x\d+)?(?:\.exe)?$/.exec(executable)?.[1];
  const inFolder = dirname(executable).split(/[/\\]/).reverse().slice(0, 2).find(isVersion);
  return { source, version: inName ?? inFolder ?? 'unknown', executable, folder: undefined };
}

/** Terraform takes the file in the package whose name begins with terraform-provider-<name>. */
async function executableIn(folder: string, source: string): Promise<string | undefined> {
  const begin = `terraform-provider-${source.split('/').at(-1)}`;
  const names = (await readdir(folder)).sort();
  const name = names.find((one) => one.startsWith(begin) && /^(_|\.exe$|$)/.test(one.slice(begin.length)));
  return name === undefined ? undefined : realpath(join(folder, name));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const PLATFORMS: { readonly [platform: string]: string } = { win32: 'windows', sunos: 'solaris' };
const ARCHITECTURES: { readonly [arch: string]: string } = { x64: 'amd64', ia32: '386' };

/** Go's name of a platform, as Terraform's folders use it: linux_amd64. */
function targetOf(platform: string, arch: string): string {
  return `${PLATFORMS[platform] ?? platform}_${ARCHITECTURES[arch] ?? arch}`;
}

function missing(config: ProviderConfig, looked: readonly string[]): DriftbomError {
  const version = config.lockedVersion === undefined ? '' : ` ${config.lockedVersion}`;
  return new DriftbomError(
    'E_PROVIDER_MISSING',
    `provider ${config.source}${version} is not installed; looked at: ${[...new Set(looked)].join('; ')}`,
    `Run \`terraform init\` (or \`tofu init\`) in ${config.directory || '.'}, or name the provider's file with --provider-path.`,
  );
}
