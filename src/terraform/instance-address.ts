import type { InstanceKey } from './address.ts';
import { formatAddress, parseModule, unquoteHcl } from './address.ts';

/** The parts of a resource instance's address, as a state keeps them apart. */
export interface InstanceAddress {
  /** Module address, empty for the root. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
}

const INSTANCE = /^(?:(module\..+)\.)?([^.[\]"]+)\.([^.[\]"]+)(?:\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\])?$/s;

/** The inverse of formatAddress. Undefined where the text is no address of a managed resource instance. */
export function parseAddress(address: string): InstanceAddress | undefined {
  const match = INSTANCE.exec(address);
  if (match === null) return undefined;
  const [, module = '', type = '', name = '', index, quoted] = match;
  const key = index !== undefined ? Number(index) : quoted === undefined ? undefined : unquoteHcl(quoted);
  const exact =
    type !== 'module' && parseModule(module) !== undefined && formatAddress(module, type, name, key) === address;
  return exact ? { module, type, name, key } : undefined;
}
