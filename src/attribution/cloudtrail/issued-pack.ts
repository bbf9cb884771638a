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
  let length = 0;
  for (const { bytes } of calls) length += bytes?.length ?? 0;
  const texts = new Uint8Array(length);
  const places = new Uint32Array(calls.length * 4);
  const has = new Uint8Array(calls.length);
  const issuedKeys: string[] = [];
  const callerKeys: string[] = [];
  let [issuedEnd, callerEnd, textEnd] = [0, 0, 0];
  for (let i = 0; i < calls.length; i++) {
    const { issuedKey, callerKey, index, bytes } = calls[i] as IssuedDraft;
    if (bytes !== undefined) texts.set(bytes, textEnd);
    issuedKeys.push(issuedKey);
    callerKeys.push(callerKey ?? '');
    issuedEnd += issuedKey.length;
    callerEnd += callerKey?.length ?? 0;
    textEnd += bytes?.length ?? 0;
    places[i * 4] = index;
    places[i * 4 + 1] = issuedEnd;
    places[i * 4 + 2] = callerEnd;
    places[i * 4 + 3] = textEnd;
    has[i] = (callerKey === null ? 0 : CALLER) | (bytes === undefined ? 0 : TEXT);
  }
  return { issuedKeys: issuedKeys.join(''), callerKeys: callerKeys.join(''), texts, places, has };
}

/** Takes calls out again: those that issued one of the wanted keys, or all. */
export function* unpackIssued(
  { issuedKeys, callerKeys, texts, places, has }: IssuedPack,
  wanted?: ReadonlySet<string>,
): Generator<IssuedDraft, void, undefined> {
  for (let i = 0; i < has.length; i++) {
    const at = i * 4;
    // Where the call before it ends, this one begins.
    const from = (place: number): number => (i === 0 ? 0 : (places[at - 4 + place] as number));
    const issuedKey = issuedKeys.slice(from(1), places[at + 1]);
    if (wanted?.has(issuedKey) === false) continue;
    const known = has[i] as number;
    const [begin, end] = [from(3), places[at + 3] as number];
    yield {
      index: places[at] as number,
      issuedKey,
      callerKey: known & CALLER ? callerKeys.slice(from(2), places[at + 2]) : null,
      bytes: known & TEXT ? Buffer.from(texts.buffer, texts.byteOffset + begin, end - begin) : undefined,
    };
  }
}
