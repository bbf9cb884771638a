import type { Value, ValueMap } from '../model/value.ts';
import { DriftbomError, messageOf } from '../model/error.ts';
import { isMap, UNKNOWN } from '../model/value.ts';
import { hclProcess } from './hcl-process.ts';

/**
 * Parses a file of HCL native syntax into the shape of JSON configuration: every block an array, every expression a
 * `${...}` string. Whole numbers beyond 2^53 come out rounded by the parser, so they are UNKNOWN here. The parser runs in
 * a process of its own, started on first use.
 * Errors: E_HCL with file, line and column.
 */
export async function parseHcl(text: string, name: string): Promise<ValueMap> {
  let parsed: unknown;
  try {
    // The name is ours alone, so that no character of a file name can disturb the reading of the error.
    parsed = await hclProcess.parse(PLACE, text);
  } catch (cause) {
    throw new DriftbomError(
      'E_HCL',
      faultIn(messageOf(cause), name),
      'Correct the file; `terraform validate` shows more.',
      {
        cause,
      },
    );
  }
  const body = plain(parsed, 0, name);
  return isMap(body) ? body : Object.create(null);
}

const PLACE = 'file.tf';
const FAULT = /file\.tf:(\d+),(\d+)-[\d,]+: ([\s\S]*?)(?= file\.tf:\d+,\d+-|\]$|$)/;
const DEEPEST = 256;

function faultIn(message: string, name: string): string {
  const [, line, column, what] = FAULT.exec(message) ?? [];
  // Without a place, the parser's words might quote anything: only their first line is shown.
  if (what === undefined) return `${name}: ${message.split('\n')[0]}`;
  return `${name}:${line}:${column}: ${what.replace(/\s+/g, ' ').trim()}`;
}

/** Copies what the parser made into null-prototype maps; numbers that it may have rounded are not known. */
function plain(value: unknown, depth: number, name: string): Value {
  if (depth > DEEPEST) {
    throw new DriftbomError(
      'E_HCL',
      `${name}: nested more than ${DEEPEST} levels deep`,
      'Check that this is the right file.',
    );
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1, name));
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? UNKNOWN : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  const map: { [key: string]: Value } = Object.create(null);
  for (const [key, item] of Object.entries(value)) map[key] = plain(item, depth + 1, name);
  return map;
}
