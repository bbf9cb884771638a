import type { Command } from 'commander';
import { EXIT, type ExitCode, type Io } from './io.ts';

interface InitOptions {
  readonly ledger?: string;
  readonly origin?: string;
  readonly config?: string;
}

/** `driftbom init`: makes the ledger and its keys. */
export function addInit(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('make an empty ledger and its signing keys (scan does it by itself on first use)')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--origin <name>', 'name of the ledger in its checkpoints, for example ledger.example/acme-prod')
    .option('--config <file>', 'driftbom.yaml to use')
    .action(async (options: InitOptions) => {
      const { wireInit } = await import('../wire-ledger.ts');
      const made = await wireInit(options, io);
      io.out(made.length === 0 ? 'driftbom: the ledger and its keys are there already\n' : `${made.join('\n')}\n`);
      finish(EXIT.inSync);
    });
}
