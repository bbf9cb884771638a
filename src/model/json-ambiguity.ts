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
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      const keys = keyNext ? open.at(-1) : undefined;
      if (keys !== undefined) {
        const key = keyOf(text.slice(at, end + 1));
        if (keys.has(key)) return `a JSON object names the key ${JSON.stringify(key)} twice`;
        keys.add(key);
      }
      keyNext = false;
      at = end;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      open.push(char === OPEN_OBJECT ? new Set() : undefined);
      if (open.length > deepest) return `JSON is nested deeper than ${deepest} levels`;
      keyNext = char === OPEN_OBJECT;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
      keyNext = false;
    } else if (char === COMMA) {
      keyNext = open.at(-1) !== undefined;
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

function keyOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}
