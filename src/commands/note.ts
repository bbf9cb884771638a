import { type Command, Option } from 'commander';
import type { NoteRequest } from '../wire/annotate.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { collect } from './options.ts';

type NoteOptions = Omit<NoteRequest, 'entry'> & { readonly json?: boolean };

/** `driftbom note`: says something of an entry, or why the change was made. */
export function addNote(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  addAnnotateOptions(
    program
      .command('note')
      .description('add a remark to an entry, or the reason that was not known when it was recorded')
      .argument('<entry>', 'index (12, #12), digest (6 digits or more), urn:uuid, or an address: its newest entry')
      .option('--text <text>', 'the remark')
      .option('--reason <text>', 'why the change was made; stands in the place of the reason in the entry')
      .option('--by <who>', 'who says so (default: from the environment, and said)'),
  ).action(async (entry: string, options: NoteOptions) => {
    const { wireNote } = await import('../wire/annotate.ts');
    await show(await wireNote({ ...options, entry }, io), options.json === true, io);
    finish(EXIT.inSync);
  });
}

/** Options of every command that says something of an entry. */
export function addAnnotateOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--evidence <file>', 'file that shows it, kept in the ledger (up to 10 MB); repeatable')
        .argParser(collect(String))
        .default([], 'none'),
    )
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was written as JSON');
}

/** Prints what was written; where the speaker's name was the environment's, says so. */
export async function show(
  annotated: Awaited<ReturnType<typeof import('../wire/annotate.ts')['wireNote']>>,
  json: boolean,
  io: Io,
): Promise<void> {
  const { annotatedJson, annotatedTerminal } = await import('../report/annotated.ts');
  const { identity } = annotated;
  if (identity !== undefined)
    io.err(`driftbom: by ${identity.name}, says ${identity.source}; --by names somebody else\n`);
  io.out(json ? annotatedJson(annotated) : annotatedTerminal(annotated));
}
