import type { Command } from 'commander';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { addAnnotateOptions, show } from './note.ts';

interface ApproveOptions {
  readonly by: string;
  readonly text?: string;
  readonly evidence: readonly string[];
  readonly ledger?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `driftbom approve`: somebody else stands behind what an entry tells. */
export function addApprove(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  addAnnotateOptions(
    program
      .command('approve')
      .description('approve what an entry tells; whoever did it, said it or asked for it cannot')
      .argument('<entry>', 'index (12, #12), digest (6 digits or more), urn:uuid, or an address: its newest entry')
      .requiredOption('--by <who>', 'who approves it')
      .option('--text <text>', 'a remark'),
  ).action(async (entry: string, options: ApproveOptions) => {
    const { wireApprove } = await import('../wire/annotate.ts');
    await show(await wireApprove({ ...options, entry }, io), options.json === true, io);
    finish(EXIT.inSync);
  });
}
