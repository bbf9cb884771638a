import { parseCsv } from '../model/csv.ts';
import { ambiguityOf } from '../model/json-ambiguity.ts';
import { parseJsonText, plainNumbers } from '../model/json-text.ts';
import { isMap, type Value } from '../model/value.ts';
import type { Fault } from './fault.ts';
import { readValue } from './value.ts';

/** One change of a file, not yet checked. */
export interface Row {
  /** null: the command line. */
  readonly line: number | null;
  readonly fields: ReadonlyMap<string, Value>;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly faults: readonly Fault[];
}

const LONGEST_LINE = 1024 * 1024;
/** Fields of a table that hold a value and not a text. */
const VALUES = new Set(['old', 'new', 'sensitive']);

/** Reads one JSON object a line (NDJSON). Empty lines are passed over. */
export function jsonRows(text: string): Rows {
  const rows: Row[] = [];
  const faults: Fault[] = [];
  text.split('\n').forEach((written, i) => {
    const line = i + 1;
    if (written.trim() === '') return;
    if (written.length > LONGEST_LINE) faults.push({ line, message: 'longer than 1 MB' });
    else {
      const parsed = parseJsonText(written);
      const ambiguity = isMap(parsed) ? ambiguityOf(written) : 'no JSON object';
      if (ambiguity !== undefined || !isMap(parsed)) faults.push({ line, message: ambiguity ?? 'no JSON object' });
      else rows.push({ line, fields: new Map(Object.entries(plainNumbers(parsed) as typeof parsed)) });
    }
  });
  return { rows, faults };
}

/**
 * Reads a table (CSV) whose first row names the fields. An empty cell is a field that is not there; values are read as JSON
 * where they are JSON.
 */
export function tableRows(text: string): Rows {
  const {
    rows: [head, ...body],
    unclosed,
  } = parseCsv(text);
  if (unclosed !== null) return { rows: [], faults: [{ line: unclosed, message: 'a quote that is never closed' }] };
  if (head === undefined) return { rows: [], faults: [] };
  const names = head.cells.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    return { rows: [], faults: [{ line: head.line, message: `the field ${JSON.stringify(twice)} stands twice` }] };
  }
  const rows: Row[] = [];
  const faults: Fault[] = [];
  for (const { line, cells } of body) {
    if (cells.length > names.length) {
      faults.push({ line, message: `${cells.length} cells under ${names.length} names` });
      continue;
    }
    const fields = cells.flatMap((cell, i): [string, Value][] => {
      const name = names[i] as string;
      return cell === '' ? [] : [[name, VALUES.has(name) ? readValue(cell) : cell]];
    });
    rows.push({ line, fields: new Map(fields) });
  }
  return { rows, faults };
}
