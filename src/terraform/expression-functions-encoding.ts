import { createHash } from 'node:crypto';
import type { Value } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { byText, toText } from './evaluate-convert.ts';
import type { Functions } from './expression-function.ts';
import { parseJson } from './json.ts';

function ofText(apply: (text: string) => Value): (...args: readonly Value[]) => Value {
  return (...args) => {
    const text = args.length === 1 ? toText(args[0] ?? null) : UNKNOWN;
    return text === UNKNOWN ? UNKNOWN : apply(text);
  };
}

const digest = (algorithm: string, encoding: 'hex' | 'base64') =>
  ofText((text) => createHash(algorithm).update(text).digest(encoding));

/** Encodings and digests. Source: Terraform language, "Encoding Functions", "Hash and Crypto Functions". */
export const encodingFunctions: Functions = {
  jsonencode: (value = null) => jsonEncode(value),
  jsondecode: ofText((text) => decoded(text)),
  base64encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64decode: ofText((text) => {
    const bytes = Buffer.from(text, 'base64');
    const plain = bytes.toString('utf8');
    return bytes.toString('base64') === text && Buffer.from(plain).equals(bytes) ? plain : UNKNOWN;
  }),
  urlencode: ofText((text) =>
    encodeURIComponent(Buffer.from(text).toString())
      .replace(/[!'()*]/g, percent)
      .replaceAll('%20', '+'),
  ),
  md5: digest('md5', 'hex'),
  sha1: digest('sha1', 'hex'),
  sha256: digest('sha256', 'hex'),
  sha512: digest('sha512', 'hex'),
  base64sha256: digest('sha256', 'base64'),
  base64sha512: digest('sha512', 'base64'),
};

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** As Go writes JSON: keys sorted, and <, >, & and two line separators escaped. */
function jsonEncode(value: Value): Value {
  const text = plainJson(value);
  if (text === UNKNOWN) return UNKNOWN;
  return text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function plainJson(value: Value): string | typeof UNKNOWN {
  if (isArray(value)) return enclosed('[', value.map(plainJson), ']');
  if (isMap(value)) {
    const keys = Object.keys(value).sort(byText);
    const members = keys.map((key) => {
      const member = plainJson(value[key] ?? null);
      return member === UNKNOWN ? UNKNOWN : `${JSON.stringify(key)}:${member}`;
    });
    return enclosed('{', members, '}');
  }
  if (typeof value === 'string') return JSON.stringify(value);
  return value === null ? 'null' : toText(value);
}

function enclosed(open: string, parts: readonly (string | typeof UNKNOWN)[], close: string): string | typeof UNKNOWN {
  return parts.includes(UNKNOWN) ? UNKNOWN : `${open}${parts.join(',')}${close}`;
}

function decoded(text: string): Value {
  try {
    return parseJson(text, 'jsondecode', 'E_HCL');
  } catch (thrown) {
    if (thrown instanceof DriftbomError) return UNKNOWN;
    throw thrown;
  }
}
