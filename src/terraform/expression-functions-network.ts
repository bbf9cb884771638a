import { isIPv4 } from 'node:net';
import type { Value } from '../model/value.ts';
import { UNKNOWN } from '../model/value.ts';
import { toNumber, toText } from './evaluate-convert.ts';
import type { Functions } from './expression-function.ts';

interface Block {
  /** The network's first address as a 32-bit number. */
  readonly first: number;
  readonly bits: number;
}

/** Address arithmetic, IPv4 only. Source: Terraform language, "IP Network Functions". */
export const networkFunctions: Functions = {
  cidrsubnet: (prefix, newbits, netnum) => subnet(prefix, newbits, netnum),
  cidrhost: (prefix, hostnum) => {
    const block = blockOf(prefix);
    const number = toNumber(hostnum ?? null);
    if (block === undefined || number === UNKNOWN) return UNKNOWN;
    const size = 2 ** (32 - block.bits);
    const offset = number < 0 ? size + number : number;
    return Number.isInteger(number) && offset >= 0 && offset < size ? dotted(block.first + offset) : UNKNOWN;
  },
  cidrnetmask: (prefix) => {
    const block = blockOf(prefix);
    return block === undefined ? UNKNOWN : dotted(2 ** 32 - 2 ** (32 - block.bits));
  },
  cidrsubnets: (prefix, ...newbits) => subnets(prefix, newbits),
};

function subnet(prefix: Value | undefined, newbits: Value | undefined, netnum: Value | undefined): Value {
  const block = blockOf(prefix);
  const added = toNumber(newbits ?? null);
  const number = toNumber(netnum ?? null);
  if (block === undefined || added === UNKNOWN || number === UNKNOWN) return UNKNOWN;
  const bits = block.bits + added;
  if (!Number.isInteger(added) || added < 0 || bits > 32) return UNKNOWN;
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** added) return UNKNOWN;
  return `${dotted(block.first + number * 2 ** (32 - bits))}/${bits}`;
}

/** One block after the other, each aligned to its own size. */
function subnets(prefix: Value | undefined, newbits: readonly Value[]): Value {
  const block = blockOf(prefix);
  if (block === undefined) return UNKNOWN;
  const end = block.first + 2 ** (32 - block.bits);
  const made: string[] = [];
  let next = block.first;
  for (const one of newbits) {
    const added = toNumber(one);
    if (added === UNKNOWN || !Number.isInteger(added) || added < 1 || block.bits + added > 32) return UNKNOWN;
    const size = 2 ** (32 - block.bits - added);
    next = Math.ceil(next / size) * size;
    if (next + size > end) return UNKNOWN;
    made.push(`${dotted(next)}/${block.bits + added}`);
    next += size;
  }
  return made;
}

function blockOf(prefix: Value | undefined): Block | undefined {
  const text = toText(prefix ?? null);
  const [, address = '', length = ''] = text === UNKNOWN ? [] : (/^([\d.]+)\/(\d{1,2})$/.exec(text) ?? []);
  const bits = Number(length);
  if (!isIPv4(address) || bits > 32) return undefined;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return { first: Math.floor(number / size) * size, bits };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
