/** Kinds of values that differ between records of one shape. */
export const TEXT = 0;
export const NUMBER = 1;
export const SWITCH = 2;

const QUOTE = 0x22;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** More digits than a double holds in any case. */
const MOST_DIGITS = 15;
const TRUE = [0x74, 0x72, 0x75, 0x65] as const;
const FALSE = [0x66, 0x61, 0x6c, 0x73, 0x65] as const;

/** Bytes of a text that means what it looks like: ASCII, nothing escaped in JSON, nothing percent-encoded. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x20 && code < 0x7f ? 1 : 0));
for (const sign of '"\\%') PLAIN[sign.charCodeAt(0)] = 0;

/** Where the text ends that begins at `at`: at its closing quote. -1 where it is not plain or does not end. */
export function endOfText(bytes: Uint8Array, at: number, end: number): number {
  // No constant of the module in the loop: engines look those up each time.
  const plain = PLAIN;
  let i = at;
  while (i < end && plain[bytes[i] as number] === 1) i++;
  return i < end && bytes[i] === QUOTE ? i : -1;
}

/** Where a whole number ends that is written as ECMAScript writes it; -1 where there is none. */
export function endOfNumber(bytes: Uint8Array, at: number): number {
  const first = bytes[at] === MINUS ? at + 1 : at;
  let i = first;
  while (isDigit(bytes[i])) i++;
  if (i === first || i - first > MOST_DIGITS) return -1;
  const isCanonical = bytes[first] !== ZERO || (i === first + 1 && first === at);
  return isCanonical ? i : -1;
}

/** Where `true` or `false` ends; -1 where neither stands. */
export function endOfSwitch(bytes: Uint8Array, at: number): number {
  if (stands(bytes, at, TRUE)) return at + TRUE.length;
  return stands(bytes, at, FALSE) ? at + FALSE.length : -1;
}

/** What a text consists of: values, and what stands between them. */
export interface Tokens {
  /** TEXT, NUMBER or SWITCH, by value. */
  readonly kinds: readonly number[];
  /** What stands before each value, and after the last; the quotes of texts are part of it. ASCII. */
  readonly between: readonly string[];
}

/**
 * Takes JSON apart that has no space between its tokens: into values, and names, brackets, null and empty containers around
 * them. Undefined where anything in it needs a closer look: escapes, other characters than ASCII, fractions. Says nothing
 * of whether the text is JSON.
 */
export function tokensOf(bytes: Buffer): Tokens | undefined {
  const kinds: number[] = [];
  const between: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const token = tokenAt(bytes, at);
    if (token === undefined) return undefined;
    const { kind, begins, ends, next } = token;
    if (kind !== undefined) {
      kinds.push(kind);
      between.push(bytes.toString('latin1', from, begins));
      from = ends;
    }
    at = next;
  }
  between.push(bytes.toString('latin1', from));
  return { kinds, between };
}

interface Token {
  /** Undefined: no value. */
  readonly kind: number | undefined;
  readonly begins: number;
  readonly ends: number;
  /** Where the token after it begins. */
  readonly next: number;
}

/** What begins here; undefined where it needs a closer look. */
function tokenAt(bytes: Buffer, at: number): Token | undefined {
  const byte = bytes[at] as number;
  if (byte === QUOTE) {
    const ends = endOfText(bytes, at + 1, bytes.length);
    // What a colon follows is a name.
    const kind = bytes[ends + 1] === COLON ? undefined : TEXT;
    return ends === -1 ? undefined : { kind, begins: at + 1, ends, next: ends + 1 };
  }
  const kind = byte === MINUS || isDigit(byte) ? NUMBER : byte === TRUE[0] || byte === FALSE[0] ? SWITCH : undefined;
  if (kind === undefined) return PLAIN[byte] === 1 ? { kind, begins: at, ends: at, next: at + 1 } : undefined;
  const ends = kind === NUMBER ? endOfNumber(bytes, at) : endOfSwitch(bytes, at);
  return ends === -1 ? undefined : { kind, begins: at, ends, next: ends };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function stands(bytes: Uint8Array, at: number, text: readonly number[]): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
