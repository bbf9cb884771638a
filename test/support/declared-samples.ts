import type { DeclaredResource, ProviderConfig, StateInstance } from '../../src/model/resource.ts';
import type { ValueMap } from '../../src/model/value.ts';

/** A resource as a state holds it. The address is `type.id`. */
export function declaredResource(
  type: string,
  attributes: ValueMap,
  overrides: {
    readonly providerKey?: string;
    readonly provider?: string;
    readonly state?: Partial<StateInstance>;
  } = {},
): DeclaredResource {
  return {
    ref: {
      address: `${type}.${String(attributes.id)}`,
      type,
      id: String(attributes.id),
      workspace: 'default',
      provider: overrides.provider ?? 'registry.terraform.io/driftbom/tiny',
    },
    providerKey: overrides.providerKey ?? 'tiny',
    state: {
      attributes,
      schemaVersion: 0,
      private: undefined,
      sensitive: [],
      tainted: false,
      ...overrides.state,
    },
    config: undefined,
  };
}

/** A provider block of the tiny provider in a folder that does not exist. */
export function providerConfig(overrides: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    key: 'tiny',
    source: 'registry.terraform.io/driftbom/tiny',
    alias: undefined,
    values: {},
    lockedVersion: undefined,
    hashes: [],
    directory: 'no-such-folder',
    ...overrides,
  };
}
