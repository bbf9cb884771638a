import { type Command, InvalidArgumentError } from 'commander';
import type { LedgerQuestions, QueryRequest } from '../wire/query.ts';
import { type Io, wantsColour } from './io.ts';
import { parseMoment } from './options.ts';

/** Options of all commands that ask the ledger. */
export interface QueryOptions extends QueryRequest {
  readonly json?: boolean;
}

export function addQueryOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--no-index', 'read the whole ledger instead of its index')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use');
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Parses a moment: a day, RFC 3339 with a zone, or how long ago (`30m`, `6h`, `3d`, `2w`). Gives milliseconds. */
export function parseWhen(io: Pick<Io, 'clock'>): (text: string) => number {
  return (text) => {
    const ago = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text);
    if (ago !== null) return io.clock().getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS];
    try {
      return Date.parse(parseMoment(text));
    } catch {
      throw new InvalidArgumentError(
        'Write a day (2026-03-14), a time with its zone (2026-03-14T03:00:00Z), or how long ago (6h, 3d).',
      );
    }
  };
}

/** Parses a list with commas, each item one of a closed list. */
export function parseSome<T extends string>(known: readonly T[]): (text: string) => ReadonlySet<T> {
  return (text) => {
    const items = text.split(',').map((item) => item.trim());
    const unknown = items.filter((item) => !(known as readonly string[]).includes(item));
    if (unknown.length > 0) throw new InvalidArgumentError(`Known are: ${known.join(', ')}.`);
    return new Set(items as T[]);
  };
}

/** Opens the ledger; says on a terminal how far it is where all of it has to be read. */
export async function openQuestions(options: QueryOptions, io: Io): Promise<LedgerQuestions> {
  const { wireQuery } = await import('../wire/query.ts');
  if (!io.errIsTerminal) return wireQuery(options, io);
  let shownAt = 0;
  const progress = (done: number, total: number): void => {
    const now = io.clock().getTime();
    if (total < 10_000 || now - shownAt < 100) return;
    shownAt = now;
    io.err(`\r\u001b[2K  reading the ledger: ${done} of ${total} entries`);
  };
  try {
    return await wireQuery(options, io, progress);
  } finally {
    if (shownAt > 0) io.err('\r\u001b[2K');
  }
}

/** How answers are shown on this terminal, now. */
export function textOptions(questions: LedgerQuestions, io: Io) {
  return {
    colour: wantsColour(io),
    width: Math.max(60, io.columns),
    now: io.clock().toISOString(),
    newest: questions.newest,
  };
}
