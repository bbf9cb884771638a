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

/** What a key of a tile or bundle names. */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** Inverse of tileKey and bundleKey; undefined for any other key. */
export function parseTileKey(key: string): TileName | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(key);
  if (match === null) return undefined;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number((match[2] as string).replaceAll(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  const canonical = level === 'entries' ? bundleKey(index, width) : tileKey(level, index, width);
  return canonical === key && width > 0 ? { level, index, width } : undefined;
}
