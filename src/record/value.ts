import { parseJsonText, plainNumbers } from '../model/json-text.ts';
import type { Value } from '../model/value.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads a value as somebody types it: as JSON where it is JSON (`50`, `true`, `null`, `"50"`, `{"max": 10}`), else as the
 * text that it is. A number that a double would change stays text.
 */
export function readValue(text: string): Value {
  const trimmed = text.trim();
  const document = parseJsonText(trimmed);
  if (document !== undefined) return plainNumbers(document);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed === 'null') return null;
  if (NUMBER.test(trimmed)) return keepsDigits(trimmed) ? Number(trimmed) : trimmed;
  const quoted = /^".*"$/s.test(trimmed) ? parsedText(trimmed) : undefined;
  return quoted ?? text;
}

function parsedText(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

/** Whether a double holds all digits: 15 significant ones always fit (IEEE 754 binary64). */
function keepsDigits(number: string): boolean {
  const digits = (number.split(/[eE]/)[0] as string).replace(/[-.]/g, '').replace(/^0+/, '');
  return Number.isFinite(Number(number)) && (digits.length <= 15 || String(Number(number)) === number);
}
