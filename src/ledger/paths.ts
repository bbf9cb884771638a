/** Hashes or entries in a full tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

export const HEAD_KEY = 'checkpoint';

/** Every checkpoint ever published, by tree size. */
export function checkpointKey(size: number): string {
  return `checkpoints/${size}`;
}

/** A content-addressed document that entries name by digest. */
export function documentKey(sha256: string): string {
  return `state/${sha256}.json`;
}

/** A file that somebody handed in as evidence of an entry. */
export function evidenceKey(sha256: string): string {
  return `evidence/${sha256}`;
}

/** A tile's number in groups of three digits, all but the last marked with x: 1234067 is x001/x234/067. */
export function tileNumber(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) as string[];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Key of a hash tile; `width` below 256 names the partial tile. */
export function tileKey(level: number, index: number, width: number): string {
  return `tile/${level}/${tileNumber(index)}${partial(width)}`;
}

/** Key of an entry bundle: the leaves of 256 entries. */
export function bundleKey(index: number, width: number): string {
  return `tile/entries/${tileNumber(index)}${partial(width)}`;
}

/** Key of a payload file: the envelopes of the same 256 entries, one a line. It has no partial form. */
export function payloadKey(index: number): string {
  return `dsse/${tileNumber(index)}.intoto.jsonl`;
}

function partial(width: number): string {
  return width < TILE_WIDTH ? `.p/${width}` : '';
}

/** Where the partial forms of a full tile or bundle stand. */
export function partialsOf(fullKey: string): string {
  return `${fullKey}.p/`;
}
