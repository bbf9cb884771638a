import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { DeclaredResource, ProviderConfig } from '../model/resource.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap } from '../model/value.ts';

/** Resources that one provider process can read: their provider blocks say the same. */
export interface Group {
  /** Stands for all equal ones. */
  readonly config: ProviderConfig;
  /** Lock file hashes of every block in the group: each folder's lock must agree with what is run. */
  readonly hashes: readonly (readonly string[])[];
  readonly resources: readonly DeclaredResource[];
}

/**
 * Groups resources by what their provider blocks say (source, version, values), so that ten workspaces of one account
 * start one process. A block whose values name a file relative to its folder keeps that folder to itself.
 * Resources whose block is not known are left out; see `orphans`.
 */
export function groupResources(
  wanted: readonly DeclaredResource[],
  providers: readonly ProviderConfig[],
): { readonly groups: readonly Group[]; readonly orphans: readonly DeclaredResource[] } {
  const configs = new Map(providers.map((config) => [config.key, config]));
  const keys = new Map<string, string>();
  const groups = new Map<
    string,
    { config: ProviderConfig; configs: Set<ProviderConfig>; resources: DeclaredResource[] }
  >();
  const orphans: DeclaredResource[] = [];
  for (const resource of wanted) {
    const config = configs.get(resource.providerKey);
    if (config === undefined) {
      orphans.push(resource);
      continue;
    }
    const key = keys.get(config.key) ?? groupKey(config);
    keys.set(config.key, key);
    const group = groups.get(key) ?? { config, configs: new Set(), resources: [] };
    groups.set(key, group);
    group.configs.add(config);
    group.resources.push(resource);
  }
  return {
    orphans,
    groups: [...groups.values()].map(({ config, configs: all, resources }) => ({
      config,
      hashes: [...all].map((one) => one.hashes),
      resources,
    })),
  };
}

function groupKey(config: ProviderConfig): string {
  const folder = namesFile(config.values, config.directory) ? resolve(config.directory) : '';
  return JSON.stringify([config.source, config.lockedVersion ?? '', folder, sorted(config.values)]);
}

/** A copy with sorted keys, for one text of equal values; unknowns are alike here, since none is ever sent. */
function sorted(value: Value): unknown {
  if (isArray(value)) return value.map(sorted);
  if (isMap(value)) {
    return Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as Value)]);
  }
  return typeof value === 'symbol' ? { unknown: true } : value;
}

function namesFile(value: Value, directory: string): boolean {
  if (typeof value === 'string') {
    return value !== '' && value.length < 1024 && !isAbsolute(value) && existsSync(resolve(directory, value));
  }
  if (isArray(value)) return value.some((item) => namesFile(item, directory));
  return isMap(value) && Object.values(value).some((item) => namesFile(item, directory));
}
