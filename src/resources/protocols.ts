/** IP protocols have a number and a name, and services give back either (IANA protocol numbers; -1 is AWS for "all"). */
const NAMES: { readonly [number: string]: string } = {
  '-1': 'all',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
};

/** One spelling of a protocol. */
export function protocolName(text: string): string {
  const bare = text.toLowerCase();
  return Object.hasOwn(NAMES, bare) ? (NAMES[bare] as string) : bare;
}
