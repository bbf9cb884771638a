import type { ModulePath } from './address.ts';
import { formatModule, parseModule } from './address.ts';

/** Host that a provider source without a host means: Terraform's, and OpenTofu's own. */
export const TERRAFORM_HOST = 'registry.terraform.io';
export const OPENTOFU_HOST = 'registry.opentofu.org';

/** Which provider block: `module.x.provider["registry.terraform.io/hashicorp/aws"].east`. */
export interface ProviderAddress {
  readonly module: ModulePath;
  /** Source address: registry host/namespace/name. */
  readonly source: string;
  /** With the instance key where the block uses for_each: `by_region["eu-west-1"]`. */
  readonly alias: string | undefined;
}

/** Writes the address as the state does. */
export function formatProvider(address: ProviderAddress): string {
  const module = formatModule(address.module);
  const alias = address.alias === undefined ? '' : `.${address.alias}`;
  return `${module === '' ? '' : `${module}.`}provider["${address.source}"]${alias}`;
}

const CURRENT = /^(?:(module\..+?)\.)?provider\["([^"]+)"\](?:\.(.+))?$/;
/** As Terraform 0.12 wrote it, before providers had a namespace: provider.aws.east */
const LEGACY = /^(?:(module\..+?)\.)?provider\.([^.[\]"]+)(?:\.([^.[\]"]+))?$/;

/** Reads the `provider` of a state's resource. Undefined where it is no provider address. */
export function parseProvider(text: string): ProviderAddress | undefined {
  const [, module = '', name = '', alias] = CURRENT.exec(text) ?? LEGACY.exec(text) ?? [];
  const path = parseModule(module);
  const source = name === '' ? undefined : providerSource(name, TERRAFORM_HOST);
  return path === undefined || source === undefined ? undefined : { module: path, source, alias };
}

/**
 * Completes a source address: `aws`, `hashicorp/aws` or with a host. Undefined where it has more parts than that or an
 * empty one. Source: Terraform language, "Provider Requirements".
 */
export function providerSource(written: string, defaultHost: string): string | undefined {
  if (written === 'terraform') return 'terraform.io/builtin/terraform';
  const parts = written.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => part === '')) return undefined;
  const [name = '', namespace = 'hashicorp', host = defaultHost] = parts.reverse();
  // "-" stood for the namespace that nobody knew, in states that Terraform 0.13 upgraded.
  return `${host}/${namespace === '-' ? 'hashicorp' : namespace}/${name}`;
}

/** The key under which resources refer to a provider configuration: unique over all workspaces of a run. */
export function providerKey(workspace: string, address: ProviderAddress): string {
  return `${workspace}: ${formatProvider(address)}`;
}
