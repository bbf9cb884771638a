/** Exact address, everything below a module or a counted resource, or a pattern with `*` for any run of characters. */
export function addressMatches(address: string, wanted: string | undefined): boolean {
  if (wanted === undefined || address === wanted) return true;
  if (!wanted.includes('*')) return address.startsWith(`${wanted}.`) || address.startsWith(`${wanted}[`);
  const parts = wanted.split('*');
  const [first = '', ...rest] = parts;
  if (!address.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = address.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return address.length - last.length >= at && address.endsWith(last);
}
