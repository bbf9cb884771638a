const QUOTED = /"((?:[^"]|"")*)"/y;

/** One row of a table, with the line at which it begins (1 is the first). */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values (RFC 4180): cells in double quotes may hold commas, line ends and doubled quotes. Empty
 * lines are passed over. `unclosed` is the line of a quote that never ends, else null.
 */
export function parseCsv(text: string): { readonly rows: readonly CsvRow[]; readonly unclosed: number | null } {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let start = 1;
  const endRow = (): void => {
    cells.push(cell);
    if (cells.length > 1 || cell !== '') rows.push({ line: start, cells });
    cells = [];
    cell = '';
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '"' && cell === '') {
      QUOTED.lastIndex = i;
      const inner = QUOTED.exec(text)?.[1];
      if (inner === undefined) return { rows, unclosed: line };
      cell = inner.replaceAll('""', '"');
      line += inner.split('\n').length - 1;
      i += inner.length + 1;
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      endRow();
      line += 1;
      start = line;
    } else if (character !== '\r') cell += character;
  }
  if (cell !== '' || cells.length > 0) endRow();
  return { rows, unclosed: null };
}

/**
 * A quoted cell (RFC 4180) that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it. A
 * cell that begins so is run when the file is opened.
 */
export function csvCell(text: string): string {
  const defused = /^\s*[=+\-@|]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${defused.replaceAll('"', '""')}"`;
}
