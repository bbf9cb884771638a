import type { Command } from 'commander';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { addQueryOptions, openQuestions, type QueryOptions, textOptions } from './query-options.ts';

/** `driftbom show`: one entry, all that is known of it, and its proof. */
export function addShow(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const show = program
    .command('show')
    .description(
      'show one entry: what, when, old, new, who, why, the evidence, what was said of it later, and its proof',
    )
    .argument('<entry>', 'index (12, #12), digest (6 digits or more), urn:uuid, or an address: its newest entry');
  addQueryOptions(show).action(async (entry: string, options: QueryOptions) => {
    const questions = await openQuestions(options, io);
    const shown = await questions.show(entry);
    const text = textOptions(questions, io);
    if (options.json === true) io.out((await import('../report/query/json.ts')).showJson(shown, text));
    else io.out((await import('../report/query/show.ts')).showTerminal(shown, text));
    finish(EXIT.inSync);
  });
}
