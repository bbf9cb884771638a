import type { ErrorCode } from '../model/error.ts';
import type { Value } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { decodeText } from './text.ts';

/** Deeper than any provider's schema nests, shallow enough that no later recursion over the value can overflow. */
const DEEPEST = 256;

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Parses JSON without loss: a number that a double would change becomes its decimal string, a `__proto__` key is plain
 * data, and text may be UTF-8 or UTF-16 with or without a byte order mark (as PowerShell writes it). Of equal keys the
 * last one stands, as in Go. `where` names the input in errors; errors carry `code`, line and column.
 * Source: RFC 8259; go-cty's JSON for the number rule.
 */
export function parseJson(input: Uint8Array | string, where: string, code: ErrorCode): Value {
  const text = typeof input === 'string' ? input : decodeText(input, where, code);
  return new JsonReader(text, where, code).read();
}

/** Writes a value as JSON, indented where `indent` is not 0. Throws a TypeError on an unknown, which JSON cannot hold. */
export function stringifyJson(value: Value, indent = 0): string {
  const refuse = (_key: string, item: unknown): unknown => {
    if (typeof item === 'symbol') throw new TypeError('an unknown value cannot be written as JSON');
    return item;
  };
  return JSON.stringify(value, refuse, indent);
}

class JsonReader {
  readonly #text: string;
  readonly #where: string;
  readonly #code: ErrorCode;
  #at = 0;
  #depth = 0;

  constructor(text: string, where: string, code: ErrorCode) {
    this.#text = text;
    this.#where = where;
    this.#code = code;
  }

  read(): Value {
    const value = this.#value();
    if (this.#next() !== undefined) throw this.#fault('text after the end of the JSON value');
    return value;
  }

  /** Skips space and gives the character that stands there, undefined at the end. */
  #next(): string | undefined {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
    return this.#text[this.#at];
  }

  #value(): Value {
    const first = this.#next();
    switch (first) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw this.#fault(`nested more than ${DEEPEST} levels deep`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Value {
    const object: { [key: string]: Value } = Object.create(null);
    if (this.#next() === '}') {
      this.#at++;
      return object;
    }
    while (true) {
      if (this.#next() !== '"') throw this.#fault('a key in double quotes is expected');
      const key = this.#string();
      if (this.#next() !== ':') throw this.#fault('":" is expected after a key');
      this.#at++;
      object[key] = this.#value();
      if (this.#endsWith('}')) return object;
    }
  }

  #array(): Value {
    const array: Value[] = [];
    if (this.#next() === ']') {
      this.#at++;
      return array;
    }
    while (true) {
      array.push(this.#value());
      if (this.#endsWith(']')) return array;
    }
  }

  /** Takes a comma (false) or the closing bracket (true). */
  #endsWith(close: '}' | ']'): boolean {
    const next = this.#next();
    if (next !== ',' && next !== close) throw this.#fault(`"," or "${close}" is expected`);
    this.#at++;
    return next === close;
  }

  #string(): string {
    let text = '';
    this.#at++;
    while (true) {
      PLAIN.lastIndex = this.#at;
      PLAIN.exec(this.#text);
      text += this.#text.slice(this.#at, PLAIN.lastIndex);
      this.#at = PLAIN.lastIndex;
      const stop = this.#text[this.#at];
      if (stop === '"') {
        this.#at++;
        return text;
      }
      if (stop !== '\\') throw this.#fault(stop === undefined ? 'a string has no end' : 'a raw control character');
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const hex = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.#fault('\\u needs four hexadecimal digits');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw this.#fault('no such escape in a string');
    this.#at += 2;
    return plain;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('a JSON value is expected');
    this.#at += word.length;
    return value;
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at;
    const written = NUMBER.exec(this.#text)?.[0];
    if (written === undefined) throw this.#fault('a JSON value is expected');
    this.#at = NUMBER.lastIndex;
    return losslessNumber(written);
  }

  #fault(what: string): DriftbomError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    const ended = this.#at >= this.#text.length ? ' (the text ends here: is it cut off?)' : '';
    return new DriftbomError(
      this.#code,
      `${this.#where}:${line}:${column}: not valid JSON: ${what}${ended}`,
      'Check that the file is complete and was not edited by hand.',
    );
  }
}

/** A JSON number as a double where that keeps every digit, else as the decimal string that was written. */
export function losslessNumber(written: string): number | string {
  const number = Number(written);
  // Fifteen significant digits always survive a double; so most numbers need no closer look.
  if (written.length <= 15 && Number.isFinite(number) && !/[eE]/.test(written)) return number === 0 ? 0 : number;
  if (!Number.isFinite(number)) return written;
  return canonical(written) === canonical(String(number)) ? number : written;
}

/** Sign, digits without outer zeros, and exponent: equal texts for equal numbers. */
function canonical(written: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written);
  if (match === null) return written;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
