import { glob, parsePathPattern } from '../model/path-pattern.ts';

/** What a waiver is to cover. */
export interface WaiverTarget {
  /** Address or glob. */
  readonly address: string;
  /** Attribute pattern; null: all of the resource. */
  readonly path: string | null;
  /** Known addresses that it covers now. */
  readonly matched: readonly string[];
}

const KEY = String.raw`\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]`;
const MODULE = String.raw`module\.[\w*?-]+(?:${KEY})?`;
const NAME = String.raw`[A-Za-z_*?][\w*?-]*`;
const MODULES_ONLY = new RegExp(`^${MODULE}(?:\\.${MODULE})*$`);
const RESOURCE = new RegExp(`^((?:${MODULE}\\.)*(?:data\\.)?${NAME}\\.${NAME}(?:${KEY})?)(.*)$`, 's');

/**
 * Splits `ADDRESS[.attribute]`. What the ledger knows decides: the longest beginning that names known resources (by
 * address, glob, module, or without its instance keys) is the address. Where it knows none, Terraform's grammar of
 * addresses does. Undefined where neither can make sense of it.
 */
export function splitTarget(word: string, known: readonly string[]): WaiverTarget | undefined {
  for (const at of [word.length, ...boundaries(word)]) {
    const path = attributeOf(word.slice(at));
    if (path === undefined) continue;
    for (const address of spellings(word.slice(0, at))) {
      const matches = glob(address);
      const matched = known.filter(matches);
      if (matched.length > 0) return { address, path, matched };
    }
  }
  return byGrammar(word);
}

function byGrammar(word: string): WaiverTarget | undefined {
  if (MODULES_ONLY.test(word)) return { address: `${word}.*`, path: null, matched: [] };
  const [, address, rest = ''] = RESOURCE.exec(word) ?? [];
  if (address === undefined) return /^[*?]+$/.test(word) ? { address: word, path: null, matched: [] } : undefined;
  const path = attributeOf(rest);
  return path === undefined ? undefined : { address, path, matched: [] };
}

/** An address as written; all instances of a resource; all that lies in a module. */
function spellings(address: string): string[] {
  return MODULES_ONLY.test(address) ? [`${address}.*`] : [address, `${address}[*]`];
}

/** null for nothing, undefined for what is no attribute. */
function attributeOf(rest: string): string | null | undefined {
  if (rest === '') return null;
  const path = rest.replace(/^\./, '');
  return path.startsWith('.') || parsePathPattern(path) === undefined ? undefined : path;
}

/** Places at which an attribute may begin, the last first: dots and brackets outside quotes. */
function boundaries(word: string): number[] {
  const found: number[] = [];
  let quoted = false;
  for (let at = 0; at < word.length; at++) {
    const character = word[at];
    if (character === '\\' && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && at > 0 && (character === '.' || character === '[')) found.unshift(at);
  }
  return found;
}
