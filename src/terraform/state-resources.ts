import type { DeclaredResource, Gap } from '../model/resource.ts';
import type { ValueMap } from '../model/value.ts';
import type { Path } from '../model/path.ts';
import { formatPath } from '../model/path.ts';
import { formatAddress } from './address.ts';
import { providerKey } from './provider-address.ts';
import { rawPath } from './state-dynamic.ts';
import type { StateBlock, StateFile, StateObject } from './state-file.ts';

export interface StateResources {
  /** In the state's order; `config` is undefined in all of them. */
  readonly resources: readonly DeclaredResource[];
  readonly gaps: readonly Gap[];
  /** Data source instances: counted, never read. */
  readonly skippedDataSources: number;
}

/** Lists the managed resource instances of a state under the name of its workspace, and what could not be taken. */
export function stateResources(file: StateFile, options: { readonly workspace: string }): StateResources {
  const resources: DeclaredResource[] = [];
  const gaps: Gap[] = [];
  const taken = new Set<string>();
  let skippedDataSources = 0;
  for (const block of file.blocks) {
    if (block.mode === 'data') {
      skippedDataSources += block.objects.length;
      continue;
    }
    for (const object of block.objects) {
      const address = addressOf(block, object);
      const gap = gapOf(object) ?? (taken.has(address) ? SECOND : undefined);
      if (gap !== undefined) gaps.push({ address, workspace: options.workspace, ...gap });
      else if (object.attributes !== undefined) {
        taken.add(address);
        resources.push(resourceOf(block, object, object.attributes, address, options.workspace));
      }
    }
  }
  return { resources, gaps, skippedDataSources };
}

const SECOND: Pick<Gap, 'reason' | 'message'> = {
  reason: 'undecodable',
  message: 'the state holds a second object at this address; only the first is compared',
};

/** The address of one object's instance, as Terraform prints it. */
function addressOf(block: StateBlock, object: StateObject): string {
  return formatAddress(block.moduleAddress, block.type, block.name, object.key);
}

function gapOf(object: StateObject): Pick<Gap, 'reason' | 'message'> | undefined {
  if (object.deposed !== undefined) {
    const message = `the replaced object ${object.deposed} still waits to be destroyed; only the current one is compared`;
    return { reason: 'deposed', message };
  }
  if (object.attributes !== undefined) return undefined;
  const message = 'the state holds no attributes in the format of Terraform 0.12 or newer; an apply rewrites them';
  return { reason: 'undecodable', message };
}

function resourceOf(
  block: StateBlock,
  object: StateObject,
  attributes: ValueMap,
  address: string,
  workspace: string,
): DeclaredResource {
  const { id } = attributes;
  return {
    ref: {
      address,
      type: block.type,
      id: typeof id === 'string' && id !== '' ? id : undefined,
      workspace,
      provider: block.provider.source,
    },
    providerKey: providerKey(workspace, block.provider),
    state: {
      attributes,
      schemaVersion: object.schemaVersion,
      private: object.private,
      sensitive: everySpelling(attributes, object.sensitive),
      tainted: object.tainted,
    },
    config: undefined,
  };
}

/** A mark names a place in the decoded value; in the state's own JSON that may lie deeper. Both are marked. */
function everySpelling(attributes: ValueMap, marks: readonly Path[]): readonly Path[] {
  const raw = marks.map((path) => rawPath(attributes, path));
  return [...marks, ...raw.filter((path, i) => formatPath(path) !== formatPath(marks[i] ?? []))];
}
