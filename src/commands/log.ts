import { type Command, Option } from 'commander';
import { VERDICTS, type Verdict } from '../model/attribution.ts';
import { ENTRY_KINDS, type EntryKind } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import type { LogRequest } from '../wire/query.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { parsePositive } from './options.ts';
import {
  addQueryOptions,
  openQuestions,
  parseSome,
  parseWhen,
  type QueryOptions,
  textOptions,
} from './query-options.ts';

interface LogOptions extends QueryOptions {
  readonly since?: number;
  readonly until?: number;
  readonly recordedSince?: number;
  readonly recordedUntil?: number;
  readonly address?: string;
  readonly type?: string;
  readonly attribute?: string;
  readonly actor?: string;
  readonly kind?: ReadonlySet<EntryKind | 'all'>;
  readonly verdict?: ReadonlySet<Verdict>;
  readonly open?: boolean;
  readonly resolved?: boolean;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** `driftbom log`: what the ledger holds, newest first. */
export function addLog(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const when = parseWhen(io);
  const log = program
    .command('log')
    .description('list what the ledger holds, newest first: what changed, when, who, why, and where it stands now')
    .addOption(
      new Option('--since <time>', 'what may have happened since then: 2026-03-14, RFC 3339, 6h, 3d').argParser(when),
    )
    .addOption(new Option('--until <time>', 'what may have happened before then').argParser(when))
    .addOption(new Option('--recorded-since <time>', 'what was recorded since then').argParser(when))
    .addOption(new Option('--recorded-until <time>', 'what was recorded before then').argParser(when))
    .option('--address <pattern>', 'an address, a module (all below it), or a pattern with *')
    .option('--type <pattern>', 'resource type; * is a wildcard')
    .option('--attribute <pattern>', 'attribute path (all below it), or a pattern with *')
    .option('--actor <pattern>', 'name or id of who did it or said it; * is a wildcard')
    .addOption(
      new Option(
        '--kind <kinds>',
        `some of ${ENTRY_KINDS.join(', ')}, with commas; or all (default: all but scan)`,
      ).argParser(parseSome([...ENTRY_KINDS, 'all'] as const)),
    )
    .addOption(new Option('--verdict <verdicts>', `some of ${VERDICTS.join(', ')}`).argParser(parseSome(VERDICTS)))
    .option('--open', 'drifts that are open')
    .option('--resolved', 'drifts that are over')
    .option('--limit <n>', 'show at most so many', parsePositive(true))
    .option('--reverse', 'oldest first');
  addQueryOptions(log).action(async (options: LogOptions) => finish(await runLog(options, io)));
}

async function runLog(options: LogOptions, io: Io): Promise<ExitCode> {
  const request = requestOf(options);
  const questions = await openQuestions(options, io);
  const text = textOptions(questions, io);
  if (options.json === true) {
    const { logEndLine, logLine } = await import('../report/query/json.ts');
    io.out(logEndLine(await questions.log(request, (hit) => io.out(logLine(hit, text)))));
  } else {
    const { logEnd, logParagraph } = await import('../report/query/log.ts');
    io.out(logEnd(await questions.log(request, (hit) => io.out(logParagraph(hit, text))), text));
  }
  return EXIT.inSync;
}

const LISTED: ReadonlySet<EntryKind> = new Set(ENTRY_KINDS.filter((kind) => kind !== 'scan'));

function requestOf(options: LogOptions): LogRequest {
  const { open, resolved, kind, since, until, recordedSince, recordedUntil } = options;
  if (open === true && resolved === true) {
    throw new DriftbomError('E_USAGE', '--open and --resolved exclude each other', 'Give one of them, or neither.');
  }
  const kinds = kind === undefined ? LISTED : kind.has('all') ? undefined : (kind as ReadonlySet<EntryKind>);
  const { address, type, attribute, actor, verdict } = options;
  return {
    filter: {
      happened: windowOf(since, until, '--since', '--until'),
      recorded: windowOf(recordedSince, recordedUntil, '--recorded-since', '--recorded-until'),
      address,
      type,
      attribute,
      actor,
      kinds,
      verdicts: verdict,
      standing: open === true ? 'open' : resolved === true ? 'resolved' : undefined,
    },
    limit: options.limit,
    oldestFirst: options.reverse === true,
  };
}

function windowOf(from: number | undefined, to: number | undefined, fromName: string, toName: string) {
  if (from === undefined && to === undefined) return undefined;
  if (from !== undefined && to !== undefined && from >= to) {
    throw new DriftbomError('E_USAGE', `${fromName} is not before ${toName}`, 'Swap them, or leave one out.');
  }
  return { from, to };
}
