import { createHash } from 'node:crypto';
import type { PopulationCount, RegisterRow } from './model.ts';

/** Columns of the population list, in their order. New ones are added at the end. */
const COLUMNS: readonly (readonly [string, (row: RegisterRow) => string | number | boolean | null])[] = [
  ['index', (row) => row.entry.index],
  ['digest', (row) => row.entry.digest],
  ['kind', (row) => row.kind],
  ['observed_at', (row) => row.when.observedAt],
  ['occurred_at', (row) => row.when.occurredAt],
  ['not_before', (row) => row.when.notBefore],
  ['not_after', (row) => row.when.notAfter],
  ['workspace', (row) => row.workspace],
  ['address', (row) => row.address],
  ['type', (row) => row.type],
  ['resource_id', (row) => row.id],
  ['drift_kind', (row) => row.driftKind],
  ['class', (row) => row.class],
  ['cause', (row) => row.cause],
  ['severity', (row) => row.severity],
  ['rule', (row) => row.rule?.id ?? null],
  ['attributes', ({ changes }) => [...new Set(changes.map(({ path }) => path))].join(' ')],
  ['verdict', (row) => row.verdict],
  ['actors', (row) => row.actors.map(({ name }) => name).join('; ')],
  ['call', (row) => row.call],
  ['reason', (row) => row.reason?.text ?? null],
  ['reason_source', (row) => row.reason?.source ?? null],
  ['approval', (row) => row.approval.standing],
  ['approvers', (row) => row.approval.approvers.join('; ')],
  ['standing', (row) => row.standing.name],
  ['resolution', (row) => row.standing.resolution],
  ['ended_at', (row) => row.standing.endedAt],
  ['age_ms', (row) => row.standing.age],
  ['overdue', (row) => row.standing.overdue],
  ['waived', (row) => row.waiver?.complete ?? false],
];

const NAMES = COLUMNS.map(([name]) => name);

/** The population of a period as CSV (RFC 4180): a line a change. */
export function* populationCsv(rows: Iterable<RegisterRow>): Generator<string> {
  yield `${NAMES.join(',')}\r\n`;
  for (const row of rows) yield `${COLUMNS.map(([, of]) => cell(of(row))).join(',')}\r\n`;
}

/** The same as JSON lines. */
export function* populationJsonLines(rows: Iterable<RegisterRow>): Generator<string> {
  for (const row of rows) {
    const line: { [name: string]: unknown } = {};
    for (const [name, of] of COLUMNS) line[name] = of(row);
    yield `${inert(JSON.stringify(line))}\n`;
  }
}

/** How many rows the list has, and SHA-256 over each form of it. */
export function populationDigests(rows: readonly RegisterRow[]): PopulationCount['list'] {
  return { rows: rows.length, csv: sha256(populationCsv(rows)), jsonl: sha256(populationJsonLines(rows)) };
}

/**
 * A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it, and control and
 * direction characters become visible escapes.
 */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const shown = PLAIN.test(value) ? value : value.replace(HIDDEN, escaped);
  const guarded = /^[=+\-@]/.test(shown.trimStart()) ? `'${shown}` : shown;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Control, format and separator characters: what moves a cursor, ends a line or turns the reading direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Most text: what is printable in ASCII, which is quickly seen. */
const PLAIN = /^[ -~]*$/;

function inert(json: string): string {
  return PLAIN.test(json) ? json : json.replace(HIDDEN, escaped);
}

function escaped(character: string): string {
  let units = '';
  for (let i = 0; i < character.length; i++) units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return units;
}

function sha256(lines: Iterable<string>): string {
  const digest = createHash('sha256');
  let some = '';
  for (const line of lines) {
    some += line;
    if (some.length < PIECE) continue;
    digest.update(some);
    some = '';
  }
  return digest.update(some).digest('hex');
}

/** Characters that are hashed at a time. */
const PIECE = 1 << 16;
