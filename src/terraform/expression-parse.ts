import type { Value } from '../model/value.ts';
import { UNKNOWN } from '../model/value.ts';
import type { BinaryOperator, Node } from './expression-node.ts';
import { ITEM } from './expression-node.ts';
import { losslessNumber } from './json.ts';

/** Deeper than anybody nests by hand. */
const DEEPEST = 100;

const BLANK = /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /\|\||&&|==|!=|<=|>=|[<>+\-*/%]/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt"\\]))/y;
const SHORT: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const WORDS = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Binding strength, weakest first. Source: HCL native syntax specification, "Binary Operations". */
const STRENGTH: { readonly [operator in BinaryOperator]: number } = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** Thrown inside the parser only: the text is beyond the subset, or no expression at all. */
class Beyond extends Error {}

/**
 * Parses a string of JSON configuration syntax (or of hcl2json) as the template that it is. Undefined where it holds
 * what we do not evaluate: directives, strip markers, heredocs, or bad syntax.
 * Source: HCL native syntax specification, "Templates"; HCL JSON syntax specification, "Strings".
 */
export function parseTemplate(text: string): Node | undefined {
  return attempt(() => new Parser(text).wholeTemplate());
}

/** Parses a bare expression, such as the value of a TF_VAR_ variable. Undefined as for parseTemplate. */
export function parseExpression(text: string): Node | undefined {
  return attempt(() => new Parser(text).wholeExpression());
}

/** A number with more digits than a double keeps cannot be reckoned with here. */
function exactNumber(written: string): Value {
  const number = losslessNumber(written);
  return typeof number === 'number' ? number : UNKNOWN;
}

function attempt(parse: () => Node): Node | undefined {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof Beyond) return undefined;
    throw thrown;
  }
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  wholeTemplate(): Node {
    return this.#template(false);
  }

  wholeExpression(): Node {
    const node = this.#expression();
    if (this.#peek() !== '') throw new Beyond();
    return node;
  }

  /** Literal text and `${}` up to the end of the text, or up to the closing quote of a quoted string. */
  #template(quoted: boolean): Node {
    const parts: Node[] = [];
    let text = '';
    while (!this.#templateEnds(quoted)) {
      const opener = this.#text.slice(this.#at, this.#at + 3);
      if (opener.startsWith('${') && opener !== '${~') {
        if (text !== '') parts.push({ kind: 'value', value: text });
        text = '';
        parts.push(this.#interpolation());
      } else text += this.#literal(opener, quoted);
    }
    if (parts.length === 0) return { kind: 'value', value: text };
    if (text !== '') parts.push({ kind: 'value', value: text });
    const [only] = parts;
    // One interpolation and nothing else keeps its type; with text around it, it becomes text.
    return parts.length === 1 && only !== undefined ? only : { kind: 'template', parts };
  }

  #templateEnds(quoted: boolean): boolean {
    const char = this.#text[this.#at];
    if (!quoted) return char === undefined;
    if (char === undefined || char === '\n') throw new Beyond();
    if (char === '"') this.#at++;
    return char === '"';
  }

  /** One character of literal text, or an escape of one. */
  #literal(opener: string, quoted: boolean): string {
    if (opener === '$${' || opener === '%%{') {
      this.#at += 3;
      return opener.slice(1);
    }
    if (opener === '${~' || opener.startsWith('%{')) throw new Beyond();
    if (quoted && opener.startsWith('\\')) return this.#escape();
    this.#at++;
    return opener[0] as string;
  }

  #interpolation(): Node {
    this.#at += 2;
    const node = this.#expression();
    this.#take('}');
    return node;
  }

  #escape(): string {
    const match = this.#match(ESCAPE);
    if (match === undefined) throw new Beyond();
    const [, four, eight, short] = match;
    if (short !== undefined) return SHORT[short] as string;
    const code = Number.parseInt((four ?? eight) as string, 16);
    if (code > 0x10ffff) throw new Beyond();
    return String.fromCodePoint(code);
  }

  #expression(): Node {
    if (++this.#depth > DEEPEST) throw new Beyond();
    const test = this.#binary(1);
    const node: Node = this.#accept('?')
      ? { kind: 'conditional', test, yes: this.#expression(), no: this.#afterColon() }
      : test;
    this.#depth--;
    return node;
  }

  #afterColon(): Node {
    this.#take(':');
    return this.#expression();
  }

  #binary(weakest: number): Node {
    let left = this.#unary();
    while (true) {
      this.#peek();
      const start = this.#at;
      const operator = this.#match(OPERATOR)?.[0] as BinaryOperator | undefined;
      // "=>" and "..." are no operators; a lone "=" never matches.
      if (operator === undefined || STRENGTH[operator] < weakest) {
        this.#at = start;
        return left;
      }
      left = { kind: 'binary', operator, left, right: this.#binary(STRENGTH[operator] + 1) };
    }
  }

  #unary(): Node {
    const sign = this.#peek();
    if (sign !== '-' && sign !== '!') return this.#postfix(this.#primary());
    if (++this.#depth > DEEPEST) throw new Beyond();
    this.#at++;
    const node: Node = { kind: 'unary', operator: sign, of: this.#unary() };
    this.#depth--;
    return node;
  }

  #postfix(start: Node): Node {
    let node = start;
    while (true) {
      const next = this.#text[this.#at];
      if (next === '.' && this.#text.startsWith('...', this.#at)) return node;
      if (next === '.') node = this.#dot(node);
      else if (next === '[') node = this.#bracket(node);
      else return node;
    }
  }

  #dot(of: Node): Node {
    this.#at++;
    if (this.#accept('*')) return { kind: 'splat', of, each: this.#attributes({ kind: 'name', name: ITEM }) };
    const index = this.#match(/\d+/y)?.[0];
    if (index !== undefined) return { kind: 'index', of, key: { kind: 'value', value: Number(index) } };
    return { kind: 'attribute', of, name: this.#identifier() };
  }

  /** What a `.*` splat takes along: attributes only. */
  #attributes(start: Node): Node {
    let node = start;
    while (this.#text[this.#at] === '.' && !this.#text.startsWith('...', this.#at)) {
      this.#at++;
      node = { kind: 'attribute', of: node, name: this.#identifier() };
    }
    return node;
  }

  #bracket(of: Node): Node {
    this.#at++;
    if (this.#accept('*')) {
      this.#take(']');
      return { kind: 'splat', of, each: this.#postfix({ kind: 'name', name: ITEM }) };
    }
    const key = this.#expression();
    this.#take(']');
    return { kind: 'index', of, key };
  }

  #primary(): Node {
    const next = this.#peek();
    if (next === '"') {
      this.#at++;
      return this.#nested(() => this.#template(true));
    }
    if (next === '(') {
      this.#at++;
      const node = this.#expression();
      this.#take(')');
      return node;
    }
    if (next === '[') return this.#tuple();
    if (next === '{') return this.#object();
    const number = this.#match(NUMBER)?.[0];
    if (number !== undefined) return { kind: 'value', value: exactNumber(number) };
    const name = this.#identifier();
    if (this.#text[this.#at] === '(') return this.#call(name);
    const word = WORDS.get(name);
    return word === undefined ? { kind: 'name', name } : { kind: 'value', value: word };
  }

  #nested(parse: () => Node): Node {
    if (++this.#depth > DEEPEST) throw new Beyond();
    const node = parse();
    this.#depth--;
    return node;
  }

  #call(name: string): Node {
    this.#at++;
    const args: Node[] = [];
    let spread = false;
    while (!this.#accept(')')) {
      args.push(this.#expression());
      spread = this.#accept('...');
      if (spread || !this.#accept(',')) {
        this.#take(')');
        break;
      }
    }
    return { kind: 'call', name, args, spread };
  }

  #tuple(): Node {
    this.#at++;
    if (this.#forAhead()) return this.#for(']');
    const items: Node[] = [];
    while (!this.#accept(']')) {
      items.push(this.#expression());
      if (!this.#accept(',')) {
        this.#take(']');
        break;
      }
    }
    return { kind: 'tuple', items };
  }

  #object(): Node {
    this.#at++;
    if (this.#forAhead()) return this.#for('}');
    const entries: [Node, Node][] = [];
    while (!this.#accept('}')) {
      const bare = this.#peek() !== '(';
      const key = this.#expression();
      if (!this.#accept('=') && !this.#accept(':')) throw new Beyond();
      // A bare word is the key itself; in parentheses it is a reference.
      entries.push([bare && key.kind === 'name' ? { kind: 'value', value: key.name } : key, this.#expression()]);
      this.#accept(',');
    }
    return { kind: 'object', entries };
  }

  #forAhead(): boolean {
    this.#peek();
    return /^for\s+[\p{ID_Start}_]/u.test(this.#text.slice(this.#at, this.#at + 16));
  }

  #for(close: ']' | '}'): Node {
    this.#at += 'for'.length;
    const first = this.#nextIdentifier();
    const second = this.#accept(',') ? this.#nextIdentifier() : undefined;
    if (this.#nextIdentifier() !== 'in') throw new Beyond();
    const over = this.#expression();
    this.#take(':');
    let key: Node | undefined;
    let value = this.#expression();
    let group = false;
    if (close === '}') {
      this.#take('=>');
      key = value;
      value = this.#expression();
      group = this.#accept('...');
    }
    const test = this.#accept(close) ? undefined : this.#forTest(close);
    const names = { keyName: second === undefined ? undefined : first, valueName: second ?? first };
    return { kind: 'for', ...names, over, key, value, test, group };
  }

  #forTest(close: ']' | '}'): Node {
    if (this.#identifier() !== 'if') throw new Beyond();
    const test = this.#expression();
    this.#take(close);
    return test;
  }

  #nextIdentifier(): string {
    this.#peek();
    return this.#identifier();
  }

  #identifier(): string {
    const name = this.#match(IDENTIFIER)?.[0];
    if (name === undefined) throw new Beyond();
    return name;
  }

  /** Skips blanks and comments; the next character, or "" at the end. */
  #peek(): string {
    this.#match(BLANK);
    return this.#text[this.#at] ?? '';
  }

  #accept(token: string): boolean {
    this.#peek();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #take(token: string): void {
    if (!this.#accept(token)) throw new Beyond();
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at = pattern.lastIndex;
    return match;
  }
}
