import type { Command } from 'commander';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { addQueryOptions, openQuestions, type QueryOptions, textOptions } from './query-options.ts';

/** `driftbom blame`: each attribute with its last recorded change. */
export function addBlame(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const blame = program
    .command('blame')
    .description('show each attribute of a resource with its last recorded change: when, who, why, and the entry')
    .argument('<address>', 'an address, a module (all below it), or a pattern with *');
  addQueryOptions(blame).action(async (address: string, options: QueryOptions) => {
    const questions = await openQuestions(options, io);
    const resources = await questions.blame(address);
    const text = textOptions(questions, io);
    if (options.json === true) io.out((await import('../report/query/json.ts')).blameJson(address, resources, text));
    else io.out((await import('../report/query/blame.ts')).blameTerminal(address, resources, text));
    finish(EXIT.inSync);
  });
}
