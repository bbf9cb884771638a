import type { Path } from '../model/path.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { isArray, isMap } from '../model/value.ts';
import type { ModulePath } from './address.ts';
import { parseModule } from './address.ts';
import { parseJson } from './json.ts';
import type { ProviderAddress } from './provider-address.ts';
import { parseProvider } from './provider-address.ts';
import { sensitivePaths } from './state-paths.ts';

/** A Terraform or OpenTofu state of format 4, checked. Source: hashicorp/terraform, internal/states/statefile/version4.go. */
export interface StateFile {
  readonly name: string;
  readonly terraformVersion: string | undefined;
  readonly serial: number | undefined;
  readonly lineage: string | undefined;
  /** Root outputs by name. */
  readonly outputs: { readonly [name: string]: { readonly value: Value; readonly sensitive: boolean } };
  readonly blocks: readonly StateBlock[];
}

/** One `resource` or `data` block in the state, with all its instances. */
export interface StateBlock {
  readonly module: ModulePath;
  /** The module's address as written; empty for the root. */
  readonly moduleAddress: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly provider: ProviderAddress;
  readonly objects: readonly StateObject[];
}

/** One object of a block's instance. */
export interface StateObject {
  readonly key: string | number | undefined;
  /** Set for an object that was replaced and still waits for its deletion. */
  readonly deposed: string | undefined;
  readonly tainted: boolean;
  readonly schemaVersion: number;
  /** Undefined where the state holds only the flat form of Terraform 0.11, or none. */
  readonly attributes: ValueMap | undefined;
  readonly private: string | undefined;
  readonly sensitive: readonly Path[];
}

/** Faults are listed up to this many; a file that is no state at all would give thousands. */
const MOST_FAULTS = 20;

/**
 * Parses a state. Errors: E_STATE_VERSION for any format but 4, E_STATE_FORMAT for what is no state, with every fault
 * that was found. Attribute values never enter an error.
 */
export function parseState(bytes: Uint8Array | string, name: string): StateFile {
  const root = parseJson(bytes, name, 'E_STATE_FORMAT');
  if (!isMap(root)) throw notState(name, ['the top level is not an object']);
  refuseOthers(root, name);
  const faults = new Faults();
  const resources = root.resources ?? [];
  if (!isArray(resources)) throw notState(name, ['resources: not a list']);
  const file: StateFile = {
    name,
    terraformVersion: faults.optionalString(root, 'terraform_version', ''),
    serial: faults.optionalCount(root, 'serial', ''),
    lineage: faults.optionalString(root, 'lineage', ''),
    outputs: outputsOf(root, faults),
    blocks: resources.map((one, i) => blockOf(one, `resources[${i}]`, faults)).filter((one) => one !== undefined),
  };
  if (faults.found.length > 0) throw notState(name, faults.found);
  return file;
}

function refuseOthers(root: ValueMap, name: string): void {
  const { version } = root;
  if (Object.hasOwn(root, 'encrypted_data')) {
    const cure = 'Write a plain copy with `tofu state pull > plain.tfstate`, or scan the directory it belongs to.';
    throw new DriftbomError('E_STATE_FORMAT', `${name} is a state that OpenTofu encrypted`, cure);
  }
  if (version === 4) return;
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    const shown = Object.hasOwn(root, 'format_version')
      ? 'it looks like the output of `terraform show -json`'
      : 'it has no format version';
    throw notState(name, [shown]);
  }
  const by = typeof root.terraform_version === 'string' ? `, written by Terraform ${root.terraform_version}` : '';
  throw new DriftbomError(
    'E_STATE_VERSION',
    `${name} has state format ${version}${by}; driftbom reads format 4`,
    version < 4
      ? 'Terraform 0.12 or newer upgrades it: run `terraform state pull > upgraded.tfstate` beside it and scan that.'
      : 'Use a newer driftbom.',
  );
}

function notState(name: string, faults: readonly string[]): DriftbomError {
  const shown = faults.slice(0, MOST_FAULTS);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
  return new DriftbomError(
    'E_STATE_FORMAT',
    `${name} is not a Terraform state:\n  ${shown.join('\n  ')}`,
    'Pass a state file of format 4, for example one that `terraform state pull` wrote.',
  );
}

function outputsOf(root: ValueMap, faults: Faults): StateFile['outputs'] {
  const outputs: { [name: string]: { value: Value; sensitive: boolean } } = Object.create(null);
  const written = root.outputs ?? {};
  if (!isMap(written)) faults.add('outputs', 'not an object');
  else {
    for (const [name, output] of Object.entries(written)) {
      if (!isMap(output)) faults.add(`outputs.${name}`, 'not an object');
      else outputs[name] = { value: output.value ?? null, sensitive: output.sensitive === true };
    }
  }
  return outputs;
}

function blockOf(written: Value, at: string, faults: Faults): StateBlock | undefined {
  if (!isMap(written)) return faults.add(at, 'not an object');
  const { mode } = written;
  const moduleAddress = faults.optionalString(written, 'module', at) ?? '';
  const module = parseModule(moduleAddress);
  const type = faults.string(written, 'type', at);
  const name = faults.string(written, 'name', at);
  const providerText = faults.string(written, 'provider', at);
  const provider = providerText === undefined ? undefined : parseProvider(providerText);
  const instances = written.instances ?? [];
  if (mode !== 'managed' && mode !== 'data') faults.add(`${at}.mode`, 'neither "managed" nor "data"');
  if (module === undefined) faults.add(`${at}.module`, 'no module address');
  if (provider === undefined && providerText !== undefined) faults.add(`${at}.provider`, 'no provider address');
  if (!isArray(instances)) return faults.add(`${at}.instances`, 'not a list');
  const objects = instances.map((one, i) => objectOf(one, `${at}.instances[${i}]`, faults));
  if (module === undefined || provider === undefined || type === undefined || name === undefined) return undefined;
  return {
    module,
    moduleAddress,
    mode: mode === 'data' ? 'data' : 'managed',
    type,
    name,
    provider,
    objects: objects.filter((one) => one !== undefined),
  };
}

function objectOf(written: Value, at: string, faults: Faults): StateObject | undefined {
  if (!isMap(written)) return faults.add(at, 'not an object');
  const key = written.index_key ?? undefined;
  const attributes = written.attributes ?? undefined;
  if (typeof key !== 'string' && typeof key !== 'number' && key !== undefined) {
    return faults.add(`${at}.index_key`, 'neither text nor a number');
  }
  if (attributes !== undefined && !isMap(attributes)) return faults.add(`${at}.attributes`, 'not an object');
  return {
    key,
    deposed: faults.optionalString(written, 'deposed', at),
    tainted: written.status === 'tainted',
    schemaVersion: faults.optionalCount(written, 'schema_version', at) ?? 0,
    attributes,
    private: faults.optionalString(written, 'private', at),
    sensitive: sensitivePaths(written.sensitive_attributes, () => faults.add(`${at}.sensitive_attributes`, 'no paths')),
  };
}

/** Collects what is wrong, so that all of it can be told at once. */
class Faults {
  readonly found: string[] = [];

  add(at: string, what: string): undefined {
    this.found.push(`${at}: ${what}`);
  }

  string(map: ValueMap, key: string, at: string): string | undefined {
    const value = map[key];
    if (typeof value === 'string' && value !== '') return value;
    return this.add(joined(at, key), value === undefined ? 'missing' : 'not text');
  }

  optionalString(map: ValueMap, key: string, at: string): string | undefined {
    const value = map[key];
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'string' ? value : this.add(joined(at, key), 'not text');
  }

  optionalCount(map: ValueMap, key: string, at: string): number | undefined {
    const value = map[key];
    if (value === undefined || value === null) return undefined;
    // A serial that outgrew a double is told apart from others by nobody: it is left out rather than rounded.
    if (typeof value === 'string' && /^\d+$/.test(value)) return undefined;
    return typeof value === 'number' && Number.isInteger(value) && value >= 0
      ? value
      : this.add(joined(at, key), 'not a whole number');
  }
}

function joined(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
