import { type Command, Option } from 'commander';
import { DriftbomError } from '../model/error.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect } from './options.ts';
import { addQueryOptions, openQuestions, parseWhen, type QueryOptions, textOptions } from './query-options.ts';

interface DiffOptions extends QueryOptions {
  readonly at: readonly number[];
  readonly recorded?: boolean;
}

/** `driftbom diff`: what differs between two moments, as far as the ledger knows. */
export function addDiff(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const diff = program
    .command('diff')
    .description('show what the ledger knows of the difference between two moments')
    .argument('[address]', 'an address, a module (all below it), or a pattern with *')
    .addOption(
      new Option(
        '--at <time>',
        'a moment: 2026-03-14, RFC 3339, or how long ago (6h, 3d); twice, or once for until now',
      )
        .argParser(collect(parseWhen(io)))
        .default([], 'none'),
    )
    .option('--recorded', 'by when the ledger knew, not by when it happened');
  addQueryOptions(diff).action(async (address: string | undefined, options: DiffOptions) => {
    const [from, to] = momentsOf(options.at, io);
    const questions = await openQuestions(options, io);
    const axis = options.recorded === true ? 'recorded' : 'happened';
    const found = await questions.diff({ from, to, axis, address });
    if (options.json === true) io.out((await import('../report/query/json.ts')).diffJson(found));
    else io.out((await import('../report/query/diff.ts')).diffTerminal(found, textOptions(questions, io)));
    finish(EXIT.inSync);
  });
}

function momentsOf(given: readonly number[], io: Io): readonly [number, number] {
  const [from, to = io.clock().getTime()] = [...given].sort((a, b) => a - b);
  if (from !== undefined && given.length <= 2 && from < to) return [from, to];
  throw new DriftbomError('E_USAGE', 'diff needs two different moments', 'Give --at twice, or once for until now.');
}
