import type { DeclaredResource, Gap, ProviderConfig } from '../model/resource.ts';
import type { ValueMap } from '../model/value.ts';
import type { InstanceKey } from '../terraform/address.ts';
import { formatAddress, formatModule } from '../terraform/address.ts';
import type { LockFile } from '../terraform/lock-file.ts';
import type { ProviderAddress } from '../terraform/provider-address.ts';
import { providerKey } from '../terraform/provider-address.ts';
import type { StateFile } from '../terraform/state-file.ts';
import { stateResources } from '../terraform/state-resources.ts';
import type { Block, ModuleSource } from './configuration-body.ts';
import { blocksOf } from './configuration-body.ts';
import { instanceScope } from './configuration-expand.ts';
import { Moves } from './configuration-moved.ts';
import { configInstance } from './configuration-resource.ts';
import { ModuleScope } from './configuration-scope.ts';
import { stateValues } from './configuration-state-values.ts';
import type { ProviderSetting } from './provider-blocks.ts';
import { providerAt, providerBlocks, referenceOf, resolveProvider } from './provider-blocks.ts';

export interface ConfigurationInput {
  /** The configuration, with the modules that could be read. `soleModule` makes one of a single tf.json object. */
  readonly root: ModuleSource;
  readonly state: StateFile | undefined;
  /** Values given to the root's variables, by name; defaults stand for the others. */
  readonly variables: ValueMap;
  /** The name under which the scan shows this workspace. */
  readonly workspace: string;
  /** What `terraform.workspace` gives; `default` where nobody chose one. */
  readonly terraformWorkspace: string;
  /** Absolute folder whose .terraform and lock file apply. */
  readonly directory: string;
  readonly lock: LockFile;
  /** Host that a provider source without a host means. */
  readonly defaultHost: string;
}

export interface Configured {
  /** The state's resources in its order, each with its configuration where there is one; then those of the configuration only. */
  readonly resources: readonly DeclaredResource[];
  readonly providers: readonly ProviderConfig[];
  readonly gaps: readonly Gap[];
  readonly skippedDataSources: number;
}

/** A configuration of one tf.json-shaped object without local modules. */
export function soleModule(body: ValueMap): ModuleSource {
  return { body, path: '.', locations: new Map(), children: new Map() };
}

/**
 * Joins a configuration to its state by address. Pure. Where count or for_each cannot be told, the instances that the
 * state knows are taken, with `each.value` UNKNOWN. Attributes at places that the state or a variable marks sensitive
 * are UNKNOWN in `config.values`, so that no secret moves to where nothing marks it; provider values have them.
 */
export function joinConfiguration(input: ConfigurationInput): Configured {
  const remembered =
    input.state === undefined
      ? { resources: [], gaps: [], skippedDataSources: 0 }
      : stateResources(input.state, { workspace: input.workspace });
  const blocks = allProviderBlocks(rootScope(input, true), input);
  const walk = new Walk(input);
  walk.module([rootScope(input, false)]);
  const resources = join(remembered.resources, walk, blocks);
  return {
    resources,
    providers: [...blocks.values(), ...impliedProviders(resources, blocks, walk.addresses, input)],
    gaps: [...remembered.gaps, ...walk.gaps],
    skippedDataSources: remembered.skippedDataSources,
  };
}

/** Walks all module instances and gathers the resource instances that they write. */
class Walk {
  /** By address. */
  readonly written = new Map<string, DeclaredResource>();
  readonly moves = new Moves();
  readonly gaps: Gap[] = [];
  /** Which provider block each key stands for. */
  readonly addresses = new Map<string, ProviderAddress>();
  readonly #input: ConfigurationInput;

  constructor(input: ConfigurationInput) {
    this.#input = input;
    for (const { provider } of input.state?.blocks ?? []) this.#keyOf(provider);
  }

  /** Takes one module instance and those below it. `above` is the chain from the root, and ends with it. */
  module(above: readonly ModuleScope[]): void {
    const module = above.at(-1);
    if (module === undefined) return;
    this.moves.add(module.source.body, module.path);
    for (const block of blocksOf(module.source.body, 'resource', 2)) this.#resource(block, module, above);
    for (const child of childrenOf(module)) this.module([...above, child]);
  }

  #resource(block: Block, module: ModuleScope, above: readonly ModuleScope[]): void {
    const [type = '', name = ''] = block.labels;
    const { workspace } = this.#input;
    const addressOf = (key: InstanceKey): string => formatAddress(formatModule(module.path), type, name, key);
    const { certain, list } = module.instances(block.body, module.rememberedKeys(type, name));
    if (!certain && list.length === 0) {
      const message =
        'count or for_each cannot be evaluated and the state knows no instance: what it declares is not known';
      this.gaps.push({ address: addressOf(undefined), workspace, reason: 'unsupported-declaration', message });
    }
    for (const instance of list) {
      const scope = instanceScope(module, instance);
      const reference = referenceOf(block.body.provider, type, scope);
      const provider = reference === undefined ? undefined : resolveProvider(reference, above, this.#input);
      const address = addressOf(instance.key);
      this.written.set(address, {
        ref: { address, type, id: undefined, workspace, provider: provider?.source ?? '' },
        providerKey: provider === undefined ? '' : this.#keyOf(provider),
        state: undefined,
        config: configInstance(block.body, scope, module.source.locations.get(`${type}.${name}`)),
      });
    }
  }

  #keyOf(provider: ProviderAddress): string {
    const key = providerKey(this.#input.workspace, provider);
    this.addresses.set(key, provider);
    return key;
  }
}

function join(
  state: readonly DeclaredResource[],
  walk: Walk,
  blocks: ReadonlyMap<string, ProviderConfig>,
): DeclaredResource[] {
  const byAddress = new Map(state.map((resource) => [resource.ref.address, resource]));
  const configured = new Map<string, DeclaredResource>();
  const alone: DeclaredResource[] = [];
  for (const [address, written] of walk.written) {
    // An older address counts only where the configuration has nothing else there.
    const older = walk.moves.olderAddresses(address).filter((one) => !walk.written.has(one));
    const known = [address, ...older].find((one) => byAddress.has(one));
    if (known === undefined || configured.has(known)) alone.push(written);
    else configured.set(known, written);
  }
  const joined = state.map((known) => {
    const written = configured.get(known.ref.address);
    if (written === undefined) return known;
    // The object was last written through the provider block that the state names, so that is the one to read it with;
    // only where the configuration has no such block any more, the one that it names now.
    const moved = !blocks.has(known.providerKey) && blocks.has(written.providerKey);
    return { ...known, config: written.config, providerKey: moved ? written.providerKey : known.providerKey };
  });
  return [...joined, ...alone];
}

function allProviderBlocks(module: ModuleScope, setting: ProviderSetting): Map<string, ProviderConfig> {
  const configs = new Map(providerBlocks(module, setting).map((config) => [config.key, config]));
  for (const child of childrenOf(module)) {
    for (const [key, config] of allProviderBlocks(child, setting)) configs.set(key, config);
  }
  return configs;
}

/** Only the root's default provider needs no block; any other without one is a fault that the live reader tells. */
function impliedProviders(
  resources: readonly DeclaredResource[],
  blocks: ReadonlyMap<string, ProviderConfig>,
  addresses: ReadonlyMap<string, ProviderAddress>,
  setting: ProviderSetting,
): ProviderConfig[] {
  const missing = new Set(resources.map((resource) => resource.providerKey).filter((key) => !blocks.has(key)));
  return [...missing]
    .map((key) => addresses.get(key))
    .filter((address) => address !== undefined)
    .filter((address) => address.alias === undefined && address.module.length === 0)
    .map((address) => providerAt(address, {}, setting));
}

function* childrenOf(module: ModuleScope): Iterable<ModuleScope> {
  for (const { labels } of blocksOf(module.source.body, 'module', 1)) yield* module.called(labels[0] ?? '');
}

function rootScope(input: ConfigurationInput, reveal: boolean): ModuleScope {
  const { variables, terraformWorkspace } = input;
  const surroundings = { state: stateValues(input.state, reveal), terraformWorkspace, reveal };
  return new ModuleScope(input.root, [], surroundings, (name) => {
    return Object.hasOwn(variables, name) ? variables[name] : undefined;
  });
}
