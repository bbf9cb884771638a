import type { Command } from 'commander';
import type { SaidNote } from '../wire/incident-write.ts';
import type { Io } from './io.ts';

/** How an incident is named, for the help. */
export const INCIDENT = 'its id: INC-0001, inc-1 or 1';

/** Options of every command that says something of an incident. */
export function speakOptions(command: Command): Command {
  return command
    .option('--by <who>', 'who says so (default: from the environment, and said)')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was written as JSON');
}

/** Prints what was written; where the speaker's name was the environment's, says so. */
export async function showSaid(said: SaidNote, json: boolean, io: Io): Promise<void> {
  const { identity } = said;
  if (identity !== undefined)
    io.err(`driftbom: by ${identity.name}, says ${identity.source}; --by names somebody else\n`);
  if (json) io.out((await import('../report/incident/record-json.ts')).saidJson(said));
  else {
    const { saidTerminal, wordingLines } = await import('../report/incident/record-terminal.ts');
    io.out(saidTerminal(said));
    for (const line of wordingLines(said)) io.err(`driftbom: ${line}\n`);
  }
}
