import { FormatError } from './format-error.ts';

/** Deeper nesting than any statement needs; hostile text must not exhaust the stack of who walks the value. */
const MAX_DEPTH = 200;

/**
 * Parses JSON and refuses an object that names a key twice: readers disagree on which of the two counts, so a signature
 * over such a text would mean two things. Also refuses nesting beyond 200 levels. Throws FormatError.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError('not JSON');
  }
  refuseRepeatedKeys(text);
  return value;
}

/** Walks text that JSON.parse has accepted; only strings and brackets matter then. */
function refuseRepeatedKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (keyNext) addKey(open.at(-1), text.slice(at, end + 1));
      keyNext = false;
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined);
      if (open.length > MAX_DEPTH) throw new FormatError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
      keyNext = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      keyNext = false;
    } else if (char === ',') {
      keyNext = open.at(-1) !== undefined;
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
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
