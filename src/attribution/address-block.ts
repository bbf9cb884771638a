const known = new Map<string, string | undefined>();
const MOST_KNOWN = 20_000;

/**
 * A CIDR block with its host bits cleared, as services store it (`203.0.113.7/24` is `203.0.113.0/24`); IPv6 written out.
 * Undefined where the text is none. Source: RFC 4632 (IPv4), RFC 4291 section 2.2 (IPv6).
 */
export function maskedBlock(text: string): string | undefined {
  if (text.length > 49) return undefined;
  // The same few blocks stand in most rules.
  if (known.has(text)) return known.get(text);
  const block = blockOf(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, block);
  return block;
}

function blockOf(text: string): string | undefined {
  const match = /^([0-9a-fA-F:.]{2,45})\/(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, address = '', size = ''] = match;
  const bits = Number(size);
  const v4 = parse4(address);
  if (v4 !== undefined && bits <= 32) return `${print4(clear(v4, 32, bits))}/${bits}`;
  const v6 = parse6(address);
  if (v6 !== undefined && bits <= 128) return `${clear(v6, 128, bits).toString(16).padStart(32, '0')}/${bits}`;
  return undefined;
}

function clear(address: bigint, width: number, bits: number): bigint {
  const host = BigInt(width - bits);
  return (address >> host) << host;
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function print4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function parse6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
