import { ambiguityOf } from '../model/json-ambiguity.ts';
import { FormatError } from './format-error.ts';

/** Deeper nesting than any statement needs; hostile text must not exhaust the stack of who walks the value. */
const MAX_DEPTH = 200;

/**
 * Parses JSON and refuses an object that names a key twice: readers disagree on which of the two counts, so a signature
 * over such a text would mean two things. Also refuses nesting beyond 200 levels. Throws FormatError.
 */
export function parseStrictJson(text: string): unknown {
  const value = parseSpelledJson(text);
  // Text that is as it would be written again names no key twice; most of what we read is, and that is quickly seen.
  if (!isDeeper(value, MAX_DEPTH) && JSON.stringify(value) === text) return value;
  const ambiguity = ambiguityOf(text, MAX_DEPTH);
  if (ambiguity !== undefined) throw new FormatError(ambiguity);
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(member, levels - 1)) return true;
  }
  return false;
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
