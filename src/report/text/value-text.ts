import { isArray, isMap, UNKNOWN, type Value } from '../../model/value.ts';

const MASK = /^hmac-sha256:.+:([0-9a-f]{8,64})$/;
const DEEPEST = 64;
const UNKNOWN_TEXT = '(unknown)';
/** How what nobody knows stands in signed documents and in JSON, which has no word for it. */
const UNKNOWN_KEY = '$unknown';
/** Characters up to which a list of plain values stays on its line. */
const ONE_LINE = 60;

/** `(sensitive) 3f2a91c4`: that a secret stands here, and enough of its keyed digest to see whether it changed. */
function maskText(leaf: string): string | undefined {
  const digest = MASK.exec(leaf)?.[1];
  return digest === undefined ? undefined : `(sensitive) ${digest.slice(0, 8)}`;
}

function leafText(value: null | boolean | number | string, masked: boolean): string {
  if (typeof value === 'string') return (masked ? maskText(value) : undefined) ?? JSON.stringify(value);
  return String(value);
}

/** A value on one line, JSON-like; map keys in order, so that equal maps read equal. `masked`: hmac strings are masks. */
export function inlineValue(value: Value, masked: boolean, depth = 0): string {
  if (depth > DEEPEST) return '(deeper levels are not shown)';
  if (isUnknown(value)) return UNKNOWN_TEXT;
  if (isArray(value)) return `[${value.map((item) => inlineValue(item, masked, depth + 1)).join(', ')}]`;
  if (!isMap(value)) return leafText(value, masked);
  const members = keysOf(value).map((key) => `${keyText(key)}: ${inlineValue(value[key] ?? null, masked, depth + 1)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A value over several lines, indented by two spaces; map keys in order; short lists of plain values on one line. */
export function prettyValue(value: Value, masked: boolean, indent = ''): string {
  if (indent.length > DEEPEST * 2) return '(deeper levels are not shown)';
  if (isUnknown(value)) return UNKNOWN_TEXT;
  if (isArray(value) && value.every((item) => !isMap(item) && !isArray(item))) {
    const line = inlineValue(value, masked);
    if (line.length <= ONE_LINE) return line;
  }
  const inner = `${indent}  `;
  if (isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + prettyValue(item, masked, inner)).join(',\n')}\n${indent}]`;
  }
  if (!isMap(value)) return leafText(value, masked);
  const keys = keysOf(value);
  if (keys.length === 0) return '{}';
  const members = keys.map((key) => `${inner}${keyText(key)}: ${prettyValue(value[key] ?? null, masked, inner)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function isUnknown(value: Value): value is typeof UNKNOWN {
  if (value === UNKNOWN) return true;
  return isMap(value) && value[UNKNOWN_KEY] === true && Object.keys(value).length === 1;
}

function keysOf(value: { readonly [key: string]: Value }): string[] {
  return Object.keys(value).sort();
}

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? key : JSON.stringify(key);
}

/** The document that a string holds, where it is a JSON object or list (an IAM policy, a state machine). */
export function jsonDocument(value: Value): Value | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

/**
 * A value as JSON can carry it: what is not known becomes {"$unknown": true}, as in the ledger. Leaving it out would read
 * as "not set".
 */
export function jsonValue(value: Value): unknown {
  if (value === UNKNOWN) return { [UNKNOWN_KEY]: true };
  if (isArray(value)) return value.map(jsonValue);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonValue(member)]));
}
