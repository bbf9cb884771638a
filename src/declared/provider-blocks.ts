import type { ProviderConfig } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { isMap, UNKNOWN } from '../model/value.ts';
import type { ModulePath } from '../terraform/address.ts';
import { quoteHcl } from '../terraform/address.ts';
import { toText } from '../terraform/evaluate-convert.ts';
import { evaluateNode } from '../terraform/evaluate.ts';
import type { Scope } from '../terraform/expression-scope.ts';
import { parseExpression } from '../terraform/expression-parse.ts';
import type { LockFile } from '../terraform/lock-file.ts';
import type { ProviderAddress } from '../terraform/provider-address.ts';
import { providerKey, providerSource } from '../terraform/provider-address.ts';
import { blocksOf, mergedBlocks, referenceText } from './configuration-body.ts';
import { expand, instanceScope } from './configuration-expand.ts';
import { writtenValues } from './configuration-resource.ts';
import type { ModuleScope } from './configuration-scope.ts';

const META = new Set(['alias', 'version', 'for_each', 'dynamic', '//']);

/** What every provider configuration of one workspace shares. */
export interface ProviderPlace {
  readonly workspace: string;
  /** The folder whose .terraform and lock file apply. */
  readonly directory: string;
  readonly lock: LockFile;
}

export interface ProviderSetting extends ProviderPlace {
  /** Host that a source without a host means. */
  readonly defaultHost: string;
}

/** Which block a resource means by `provider = aws.east`: the name that its module gives the provider, and the alias. */
export interface ProviderReference {
  readonly localName: string;
  readonly alias: string | undefined;
}

/** A provider configuration at its address. */
export function providerAt(address: ProviderAddress, values: ValueMap, place: ProviderPlace): ProviderConfig {
  const locked = place.lock.get(address.source);
  return {
    key: providerKey(place.workspace, address),
    source: address.source,
    alias: address.alias,
    values,
    lockedVersion: locked?.version,
    hashes: locked?.hashes ?? [],
    directory: place.directory,
  };
}

/** The provider blocks of one module, each instance of a for_each block apart. Values are evaluated in `scope`. */
export function providerBlocks(module: ModuleScope, setting: ProviderSetting): ProviderConfig[] {
  const configs: ProviderConfig[] = [];
  for (const { labels, body } of blocksOf(module.source.body, 'provider', 1)) {
    const source = sourceOf(module, labels[0] ?? '', setting.defaultHost);
    if (source === undefined) continue;
    for (const instance of expand(body, module) ?? []) {
      const alias = aliasOf(typeof body.alias === 'string' ? body.alias : undefined, instance.key);
      const values = writtenValues(body, META, instanceScope(module, instance));
      configs.push(providerAt({ module: withoutKeys(module.path), source, alias }, values, setting));
    }
  }
  return configs;
}

/** The source address that a module's local provider name means. */
function sourceOf(module: ModuleScope, localName: string, defaultHost: string): string | undefined {
  for (const { body } of blocksOf(module.source.body, 'terraform', 0)) {
    const required = mergedBlocks(body, 'required_providers')[localName];
    const written = isMap(required) ? required.source : undefined;
    if (typeof written === 'string') return providerSource(written, defaultHost);
  }
  return providerSource(localName, defaultHost);
}

/** The reference that a resource block makes, or the one that its type implies. Undefined where it cannot be told. */
export function referenceOf(written: Value | undefined, type: string, scope: Scope): ProviderReference | undefined {
  if (written === undefined || written === null) return { localName: type.split('_')[0] ?? type, alias: undefined };
  const node = parseExpression(referenceText(written) ?? '');
  const [block, key] = node?.kind === 'index' ? [node.of, node.key] : [node, undefined];
  const index = key === undefined ? undefined : toText(evaluateNode(key, scope));
  if (block === undefined || index === UNKNOWN) return undefined;
  if (block.kind === 'name' && index === undefined) return { localName: block.name, alias: undefined };
  if (block.kind !== 'attribute' || block.of.kind !== 'name') return undefined;
  return { localName: block.of.name, alias: aliasOf(block.name, index) };
}

/**
 * Follows a reference up through `providers` of module calls, or through inheritance, to the block that configures it.
 * `above` is the chain of module scopes from the root down to the module of the reference.
 * Source: Terraform language, "Providers Within Modules".
 */
export function resolveProvider(
  reference: ProviderReference,
  above: readonly ModuleScope[],
  setting: ProviderSetting,
): ProviderAddress | undefined {
  const module = above.at(-1);
  if (module === undefined) return undefined;
  const source = sourceOf(module, reference.localName, setting.defaultHost);
  if (source === undefined) return undefined;
  const own = { module: withoutKeys(module.path), source, alias: reference.alias };
  if (above.length === 1) return own;
  const parents = above.slice(0, -1);
  const parent = parents.at(-1) as ModuleScope;
  const passed = passedProvider(reference, module, parent);
  if (passed !== undefined) return resolveProvider(passed, parents, setting);
  if (hasBlock(module, reference)) return own;
  if (reference.alias !== undefined) return undefined;
  return resolveProvider({ localName: nameFor(source, parent, setting), alias: undefined }, parents, setting);
}

function passedProvider(
  of: ProviderReference,
  module: ModuleScope,
  parent: ModuleScope,
): ProviderReference | undefined {
  const call = module.path.at(-1)?.name;
  const block = blocksOf(parent.source.body, 'module', 1).find((one) => one.labels[0] === call);
  const providers = block?.body.providers;
  if (!isMap(providers)) return undefined;
  const key = of.alias === undefined ? of.localName : `${of.localName}.${of.alias}`;
  return Object.hasOwn(providers, key) ? referenceOf(providers[key], '', parent) : undefined;
}

function hasBlock(module: ModuleScope, reference: ProviderReference): boolean {
  return blocksOf(module.source.body, 'provider', 1).some(
    ({ labels, body }) => labels[0] === reference.localName && (body.alias ?? undefined) === reference.alias,
  );
}

/** The name that a module gives to a provider source; the last part of the source where it gives none. */
function nameFor(source: string, module: ModuleScope, setting: ProviderSetting): string {
  for (const { body } of blocksOf(module.source.body, 'terraform', 0)) {
    const names = Object.keys(mergedBlocks(body, 'required_providers'));
    const name = names.find((one) => sourceOf(module, one, setting.defaultHost) === source);
    if (name !== undefined) return name;
  }
  return source.split('/').at(-1) ?? source;
}

function aliasOf(alias: string | undefined, key: string | number | undefined): string | undefined {
  return alias === undefined || key === undefined ? alias : `${alias}[${quoteHcl(String(key))}]`;
}

/** Modules with provider blocks of their own have one instance only, so a provider's address has no keys. */
function withoutKeys(path: ModulePath): ModulePath {
  return path.map((step) => ({ name: step.name, key: undefined }));
}
