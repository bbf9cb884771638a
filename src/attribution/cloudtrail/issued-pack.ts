/** A call that issued credentials. Its text may have been put down again where there were too many of them. */
export interface IssuedDraft {
  readonly issuedKey: string;
  readonly callerKey: string | null;
  readonly index: number;
  readonly bytes: Buffer | undefined;
}

/**
 * The calls of one object that issued credentials, side by side: of a large log there are tens of thousands, and so many
 * small things in memory are work for whoever tidies up.
 */
export interface IssuedPack {
  readonly issuedKeys: string;
  readonly callerKeys: string;
  readonly texts: Uint8Array;
  /** Four numbers a call: its index, and where its issued key, its caller's key and its text end. */
  readonly places: Uint32Array;
  /** By call: 1 where the caller has a key, and 2 where the text was kept. */
  readonly has: Uint8Array;
}

const CALLER = 1;
const TEXT = 2;

export function packIssued(calls: readonly IssuedDraft[]): IssuedPack {
  const texts = new Uint8Array(calls.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0));
  const places = new Uint32Array(calls.length * 4);
  const has = new Uint8Array(calls.length);
  let [issuedEnd, callerEnd, textEnd] = [0, 0, 0];
  for (const [i, { issuedKey, callerKey, index, bytes }] of calls.entries()) {
    if (bytes !== undefined) texts.set(bytes, textEnd);
    issuedEnd += issuedKey.length;
    callerEnd += callerKey?.length ?? 0;
    textEnd += bytes?.length ?? 0;
    places.set([index, issuedEnd, callerEnd, textEnd], i * 4);
    has[i] = (callerKey === null ? 0 : CALLER) | (bytes === undefined ? 0 : TEXT);
  }
  const issuedKeys = calls.map(({ issuedKey }) => issuedKey).join('');
  return { issuedKeys, callerKeys: calls.map(({ callerKey }) => callerKey ?? '').join(''), texts, places, has };
}

export function* unpackIssued(pack: IssuedPack): Generator<IssuedDraft, void, undefined> {
  const { issuedKeys, callerKeys, texts, places, has } = pack;
  let [issuedFrom, callerFrom, textFrom] = [0, 0, 0];
  for (let i = 0; i < has.length; i++) {
    const [index = 0, issuedEnd = 0, callerEnd = 0, textEnd = 0] = places.subarray(i * 4, i * 4 + 4);
    const known = has[i] as number;
    yield {
      index,
      issuedKey: issuedKeys.slice(issuedFrom, issuedEnd),
      callerKey: known & CALLER ? callerKeys.slice(callerFrom, callerEnd) : null,
      bytes: known & TEXT ? Buffer.from(texts.buffer, texts.byteOffset + textFrom, textEnd - textFrom) : undefined,
    };
    [issuedFrom, callerFrom, textFrom] = [issuedEnd, callerEnd, textEnd];
  }
}
