import type { Value } from './value.ts';
import { isArray, isMap } from './value.ts';

/** Deeper documents are compared and shown as plain text: no configuration needs them, and recursion has an end. */
const DEEPEST = 64;

/** Stands before a number that a double cannot hold; a control character, so that no sane document has it. */
const MARK = '\u0001number:';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Reads a string that holds a JSON object or list: a policy, a state machine, container definitions. Undefined for any
 * other string. Long numbers are kept digit by digit, so that two that a double cannot tell apart stay different.
 */
export function parseJsonText(text: string): Value | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const parsed = JSON.parse(/\d{16}|\d[eE]/.test(text) ? text.replace(TOKEN, keepDigits) : text, safeMember) as Value;
    return deeperThan(parsed, DEEPEST) ? undefined : parsed;
  } catch {
    return undefined;
  }
}

/** The inverse of parseJsonText, without spaces. */
export function printJsonText(value: Value): string {
  return JSON.stringify(value).replace(/"\\u0001number:([^"]*)"/g, '$1');
}

/** The same value with long numbers as plain decimal strings, as they stand in entries. */
export function plainNumbers(value: Value): Value {
  if (typeof value === 'string') return value.startsWith(MARK) ? value.slice(MARK.length) : value;
  if (isArray(value)) return value.map(plainNumbers);
  if (!isMap(value)) return value;
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainNumbers(member)])),
  );
}

/** Whether maps and lists stand in each other more than `levels` deep. Never recurses itself. */
export function deeperThan(value: Value, levels: number): boolean {
  let row: Value[] = [value];
  for (let level = 0; row.length > 0; level++) {
    if (level > levels) return true;
    const next: Value[] = [];
    for (const item of row) {
      const inner = isArray(item) ? item : isMap(item) ? Object.values(item) : [];
      for (const one of inner) if (typeof one === 'object' && one !== null) next.push(one);
    }
    row = next;
  }
  return false;
}

function keepDigits(token: string): string {
  if (token.startsWith('"') || String(Number(token)) === token) return token;
  return JSON.stringify(MARK + token);
}

/** A member named __proto__ must stay data. */
function safeMember(this: unknown, _key: string, member: unknown): unknown {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
  return Object.assign(Object.create(null), member);
}
