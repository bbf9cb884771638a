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
  ['attributes', (row) => [...new Set(row.changes.map(({ path }) => path))].join(' ')],
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

/** The population of a period, a row a change: as CSV (RFC 4180) and as JSON lines, with the digest of each. */
export function populationFiles(rows: readonly RegisterRow[]): {
  readonly csv: string;
  readonly jsonl: string;
  readonly digests: PopulationCount['list'];
} {
  const lines = rows.map((row) => COLUMNS.map(([, of]) => cell(of(row))).join(','));
  const csv = `${[COLUMNS.map(([name]) => name).join(','), ...lines].join('\r\n')}\r\n`;
  const jsonl = rows
    .map((row) => `${inert(JSON.stringify(Object.fromEntries(COLUMNS.map(([name, of]) => [name, of(row)]))))}\n`)
    .join('');
  return { csv, jsonl, digests: { rows: rows.length, csv: sha256(csv), jsonl: sha256(jsonl) } };
}

/**
 * A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it, and control and
 * direction characters become visible escapes.
 */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const shown = value.replace(HIDDEN, escaped);
  const guarded = /^[=+\-@]/.test(shown.trimStart()) ? `'${shown}` : shown;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Control, format and separator characters: what moves a cursor, ends a line or turns the reading direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function inert(json: string): string {
  return json.replace(HIDDEN, escaped);
}

function escaped(character: string): string {
  let units = '';
  for (let i = 0; i < character.length; i++) units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return units;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
