const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * What a reader could take in two ways in JSON text that JSON.parse has accepted (only strings and brackets matter then), in
 * words: a key that stands twice in one object, or nesting beyond `deepest` levels. undefined: nothing.
 */
export function ambiguityOf(text: string, deepest = Number.POSITIVE_INFINITY): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  // Of the object whose key comes next; undefined before values.
  let keys: Set<string> | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      const twice = repeatedKey(keys, text, at, end);
      if (twice !== undefined) return `a JSON object names the key ${JSON.stringify(twice)} twice`;
      keys = undefined;
      at = end;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      keys = char === OPEN_OBJECT ? new Set() : undefined;
      open.push(keys);
      if (open.length > deepest) return `JSON is nested deeper than ${deepest} levels`;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
      keys = undefined;
    } else if (char === COMMA) {
      keys = open.at(-1);
    }
  }
  return undefined;
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

/** The key between two quotes, where it was among the keys already; else it is now. */
function repeatedKey(keys: Set<string> | undefined, text: string, from: number, to: number): string | undefined {
  if (keys === undefined) return undefined;
  const quoted = text.slice(from, to + 1);
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys.has(key)) return key;
  keys.add(key);
  return undefined;
}
