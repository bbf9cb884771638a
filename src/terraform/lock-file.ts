import { DriftbomError } from '../model/error.ts';

export const LOCK_FILE = '.terraform.lock.hcl';

/** What `terraform init` selected for one provider. */
export interface LockedProvider {
  readonly version: string;
  /** `h1:` and `zh:` hashes. */
  readonly hashes: readonly string[];
}

/** Selected providers by source address (registry host/namespace/name). */
export type LockFile = ReadonlyMap<string, LockedProvider>;

export const EMPTY_LOCK: LockFile = new Map();

const TOKEN = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\\n]|\\.)*)"|([A-Za-z_][\w-]*)|([{}[\]=,])/y;

/**
 * Parses a dependency lock file. It is the small, literal part of HCL that Terraform writes, so no HCL parser is loaded
 * for it. Errors: E_HCL with file, line and column. Source: Terraform language, "Dependency Lock File".
 */
export function parseLockFile(text: string, name: string): LockFile {
  const tokens = tokenize(text, name);
  const locked = new Map<string, LockedProvider>();
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', offset: text.length };
  const fault = (what: string): DriftbomError => hclFault(text, name, peek().offset, what);
  const take = (kind: Token['kind'], what: string, exact?: string): string => {
    const token = peek();
    if (token.kind !== kind || (exact !== undefined && token.text !== exact)) throw fault(`${what} is expected`);
    at++;
    return token.text;
  };
  const list = (): string[] => {
    const items: string[] = [];
    take('mark', '"["', '[');
    while (peek().text !== ']' || peek().kind !== 'mark') {
      items.push(take('text', 'a quoted text'));
      if (peek().kind === 'mark' && peek().text === ',') at++;
      else break;
    }
    take('mark', '"]"', ']');
    return items;
  };
  while (peek().kind !== 'end') {
    take('word', 'a provider block', 'provider');
    const source = take('text', 'a source address');
    const fields = new Map<string, string | string[]>();
    take('mark', '"{"', '{');
    while (peek().kind === 'word') {
      const field = take('word', 'an argument');
      take('mark', '"="', '=');
      fields.set(field, peek().kind === 'text' ? take('text', 'a text') : list());
    }
    take('mark', '"}"', '}');
    const version = fields.get('version');
    const hashes = fields.get('hashes') ?? [];
    if (typeof version !== 'string') throw fault(`a version for ${source}`);
    locked.set(source, { version, hashes: typeof hashes === 'string' ? [hashes] : hashes });
  }
  return locked;
}

interface Token {
  readonly kind: 'text' | 'word' | 'mark' | 'end';
  readonly text: string;
  readonly offset: number;
}

function tokenize(text: string, name: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    if (match === null) throw hclFault(text, name, offset, 'this cannot stand in a lock file');
    const [all, quoted, word, mark] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, offset });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, offset });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, offset });
    offset += all.length;
  }
  return tokens;
}

function hclFault(text: string, name: string, offset: number, what: string): DriftbomError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const cure = 'Restore the lock file, or write it again with `terraform init`.';
  return new DriftbomError('E_HCL', `${name}:${line}:${column}: ${what}`, cure);
}
