import { DriftbomError } from '../../model/error.ts';
import type { ChangeRecord } from './sources.ts';
import { parseCsv } from '../../model/csv.ts';

const COLUMNS = ['id', 'from', 'to', 'resources', 'reason', 'approver', 'approved'] as const;
type Column = (typeof COLUMNS)[number];
const NEEDED: readonly Column[] = ['id', 'from', 'to', 'reason'];
const MOST_FAULTS = 20;

/** One line as it was read, before it is checked. */
interface Draft {
  readonly line: number;
  readonly fields: { readonly [name: string]: unknown };
}

/**
 * Reads a file of change records: CSV with a header line, or one JSON object a line, told apart by the first character.
 * Fields: id, from, to, reason (needed), resources (CSV: separated by spaces or semicolons), approver, approved (when). Times are RFC 3339
 * or days; a time without a zone is UTC; a day as `to` is that whole day. Every fault is listed. Errors: E_REASONS.
 */
export function parseChangeRecords(text: string, name: string): ChangeRecord[] {
  const faults: string[] = [];
  const fault = (line: number, what: string): void => void faults.push(`${name}:${line}: ${what}`);
  const plain = text.replace(/^\ufeff/, '');
  const drafts = /^\s*\{/.test(plain) ? jsonLines(plain, fault) : csvLines(plain, fault);
  const records = drafts.flatMap((draft) => recordOf(draft, name, fault) ?? []);
  if (faults.length === 0) return records;
  const more = faults.length > MOST_FAULTS ? `\n  and ${faults.length - MOST_FAULTS} more` : '';
  throw new DriftbomError(
    'E_REASONS',
    `${name} has ${faults.length} fault(s):\n  ${faults.slice(0, MOST_FAULTS).join('\n  ')}${more}`,
    'Correct these lines; docs/attribution.md describes the file.',
  );
}

type Fault = (line: number, what: string) => void;

function jsonLines(text: string, fault: Fault): Draft[] {
  return text.split('\n').flatMap((source, i) => {
    if (source.trim() === '') return [];
    try {
      const fields: unknown = JSON.parse(source);
      if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
        return [{ line: i + 1, fields: fields as Draft['fields'] }];
      }
      fault(i + 1, 'the line is no JSON object');
    } catch {
      fault(i + 1, 'the line is no JSON');
    }
    return [];
  });
}

function csvLines(text: string, fault: Fault): Draft[] {
  const { rows, unclosed } = parseCsv(text);
  if (unclosed !== null) fault(unclosed, 'a quote begins here and never ends');
  const [head, ...body] = rows;
  if (head === undefined) return [];
  const columns = head.cells.map((cell) => cell.trim().toLowerCase());
  for (const column of NEEDED) {
    if (!columns.includes(column)) fault(head.line, `the header has no column "${column}"`);
  }
  return body.map(({ line, cells }) => {
    if (cells.length > columns.length) fault(line, `${cells.length} cells, but the header has ${columns.length}`);
    return { line, fields: Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])) };
  });
}

function recordOf({ line, fields }: Draft, name: string, fault: Fault): ChangeRecord | undefined {
  const field = (column: Column): unknown => (Object.hasOwn(fields, column) ? fields[column] : undefined);
  const text = (column: Column): string => {
    const value = field(column);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (column === 'id' && typeof value === 'number') return String(value);
    if (NEEDED.includes(column)) fault(line, `${column} is missing`);
    else if (value !== undefined && value !== null && value !== '') fault(line, `${column} is no text`);
    return '';
  };
  const time = (column: 'from' | 'to' | 'approved'): string => {
    const written = text(column);
    const read = timeOf(written, column !== 'from');
    if (written !== '' && read === undefined) fault(line, `${column} is no time: "${written.slice(0, 40)}"`);
    return read ?? '';
  };
  const [id, from, to, reason, approver] = [text('id'), time('from'), time('to'), text('reason'), text('approver')];
  const approved = time('approved');
  const resources = resourcesOf(field('resources'));
  if (resources === undefined) fault(line, 'resources is neither a text nor a list of texts');
  if (from !== '' && to !== '' && from > to) fault(line, 'it ends before it begins');
  if (id === '' || from === '' || to === '' || reason === '' || resources === undefined) return undefined;
  const place = `${name}:${line}`;
  const approvedAt = approved === '' ? null : approved;
  return { id, from, to, resources, reason, approver: approver === '' ? null : approver, approvedAt, place };
}

/** A day stands for its first second, or as an end for its last one. */
function timeOf(text: string, isEnd: boolean): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text);
  if (match === null) return undefined;
  const [, day, minutes, seconds, zone] = match;
  const clock = minutes === undefined ? (isEnd ? '23:59:59' : '00:00:00') : `${minutes}${seconds ?? ':00'}`;
  const at = Date.parse(`${day}T${clock}${zone?.toUpperCase() ?? 'Z'}`);
  if (Number.isNaN(at) || !isDay(day as string)) return undefined;
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Date.parse takes 31 February for 3 March. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** Spaces do not stand in globs of addresses but inside quoted instance keys: `a.b["x y"]` is one. */
function resourcesOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string' && one !== '') ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return value.match(/(?:\["[^"]*"\]|[^\s;])+/g) ?? [];
}
