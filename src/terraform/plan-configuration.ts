import type { ValueMap } from '../model/value.ts';
import { isMap } from '../model/value.ts';
import type { Shape } from './shape.ts';

/** The expressions of one resource as the plan's configuration prints them, with the place they come from. */
export interface PlanConfiguration {
  readonly expressions: ValueMap;
  readonly schemaVersion: number;
  /** Provider configuration by the configuration's own key, such as "aws.west" or "module.net:aws". */
  readonly providerKey: string;
}

export type PlanConfigurations = ReadonlyMap<string, PlanConfiguration>;

const INSTANCE_KEY = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g;

/** The address of the resource block: an instance's address without the keys that count and for_each gave it. */
export function staticAddress(address: string): string {
  return address.replace(INSTANCE_KEY, '');
}

/** Reads `configuration` of a plan into one table by static address. Faults go to `shape`. */
export function readPlanConfiguration(plan: ValueMap, shape: Shape): PlanConfigurations {
  const table = new Map<string, PlanConfiguration>();
  const configuration = shape.map(plan, 'configuration', '');
  const root = configuration && shape.map(configuration, 'root_module', 'configuration');
  if (root !== undefined) readModule(root, '', 'configuration.root_module', shape, table);
  return table;
}

function readModule(
  module: ValueMap,
  prefix: string,
  where: string,
  shape: Shape,
  table: Map<string, PlanConfiguration>,
): void {
  for (const [resource, place] of shape.maps(module, 'resources', where)) {
    table.set(prefix + shape.required(resource, 'address', place), {
      expressions: shape.map(resource, 'expressions', place) ?? {},
      schemaVersion: shape.integer(resource, 'schema_version', place) ?? 0,
      providerKey: shape.text(resource, 'provider_config_key', place) ?? '',
    });
  }
  for (const [name, call] of Object.entries(shape.map(module, 'module_calls', where) ?? {})) {
    const child = isMap(call) ? shape.map(call, 'module', `${where}.module_calls.${name}`) : undefined;
    if (child !== undefined)
      readModule(child, `${prefix}module.${name}.`, `${where}.module_calls.${name}.module`, shape, table);
  }
}
