import { FormatError } from './format-error.ts';

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * JSON Canonicalization Scheme: the one text of a JSON value (RFC 8785). Keys sorted by UTF-16 code units (section
 * 3.2.3), numbers and strings as ECMAScript writes them (3.2.2). Keys whose value is undefined are left out. Throws
 * FormatError on what JSON cannot hold: NaN, infinities, lone surrogates, functions, symbols.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new FormatError(`JSON has no ${typeof value}`);
  const object = value as { readonly [key: string]: unknown };
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] !== undefined) members.push(`${canonicalString(key)}:${canonicalJson(object[key])}`);
  }
  return `{${members.join(',')}}`;
}

/** The UTF-8 bytes of canonicalJson. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new FormatError('JSON has no NaN and no infinity');
  return JSON.stringify(value);
}

function canonicalString(text: string): string {
  const json = JSON.stringify(text);
  // Half of a pair is the one thing that is written as such an escape (ECMA-262, QuoteJSONString); that is quickly seen.
  if (json.includes('\\ud') && LONE_SURROGATE.test(text)) {
    throw new FormatError('a string holds half of a surrogate pair');
  }
  return json;
}
