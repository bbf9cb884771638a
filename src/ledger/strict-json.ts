import { FormatError } from './format-error.ts';

/** Deeper nesting than any statement needs; hostile text must not exhaust the stack of who walks the value. */
const MAX_DEPTH = 200;

/**
 * Parses JSON and refuses an object that names a key twice: readers disagree on which of the two counts, so a signature
 * over such a text would mean two things. Also refuses nesting beyond 200 levels. Throws FormatError.
 */
export function parseStrictJson(text: string): unknown {
  const value = parseSpelledJson(text);
  refuseRepeatedKeys(text);
  return value;
}

/**
 * Parses JSON for a caller that writes out again what it took and compares: where that gives the same text, no key stands
 * twice in it. Throws FormatError.
 */
export function parseSpelledJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError('not JSON');
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Walks text that JSON.parse has accepted; only strings and brackets matter then. */
function refuseRepeatedKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      if (keyNext) addKey(open.at(-1), text.slice(at, end + 1));
      keyNext = false;
      at = end;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      open.push(char === OPEN_OBJECT ? new Set() : undefined);
      if (open.length > MAX_DEPTH) throw new FormatError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
      keyNext = char === OPEN_OBJECT;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
      keyNext = false;
    } else if (char === COMMA) {
      keyNext = open.at(-1) !== undefined;
    }
  }
}

/** Where the string that begins at `start` ends. Most of a large text is inside of strings, so they are leapt over. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

function addKey(keys: Set<string> | undefined, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys?.has(key)) throw new FormatError(`a JSON object names the key ${JSON.stringify(key)} twice`);
  keys?.add(key);
}

/** A JSON object, as parsed. Throws FormatError naming what was expected to be one. */
export function asObject(value: unknown, what: string): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError(`${what} is not a JSON object`);
  }
  return value as { readonly [key: string]: unknown };
}

/** The string under a key. Throws FormatError where there is none. */
export function stringAt(object: { readonly [key: string]: unknown }, key: string, what: string): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (typeof value !== 'string') throw new FormatError(`${what}.${key} is not a string`);
  return value;
}
