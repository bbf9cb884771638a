import type { ProtocolVersion } from './protocol.ts';

/** Where a provider serves, as its first line on stdout says. */
export interface Handshake {
  readonly protocol: ProtocolVersion;
  /** gRPC target: unix:/path or host:port. */
  readonly target: string;
}

/** The longest line that can still be a handshake; more than that without a line end is something else. */
export const LONGEST_LINE = 16 * 1024;

/**
 * Reads the handshake line `1|<protocol>|unix|<socket>|grpc|<certificate>`. Gives a sentence that says what is wrong
 * with it instead. Source: hashicorp/go-plugin, client side; Windows providers serve on TCP of the local host.
 */
export function parseHandshake(line: string): Handshake | string {
  const [core, protocol, network, address, kind] = line.trim().split('|');
  if (core === undefined || protocol === undefined || network === undefined || address === undefined) {
    return 'its first line is no plugin handshake; is this file a Terraform provider?';
  }
  if (core !== '1') return `it speaks version ${JSON.stringify(core)} of the plugin handshake; 1 is known`;
  if (protocol !== '5' && protocol !== '6') {
    return `it speaks version ${JSON.stringify(protocol)} of the provider protocol; 5 and 6 are known`;
  }
  if (kind !== 'grpc') return 'it does not speak gRPC';
  if (network === 'tcp') return { protocol: protocol === '5' ? 5 : 6, target: address };
  if (network !== 'unix') return `it serves on an unknown kind of network: ${JSON.stringify(network)}`;
  return { protocol: protocol === '5' ? 5 : 6, target: `unix:${address}` };
}
