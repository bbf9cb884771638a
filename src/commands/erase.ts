import type { Command } from 'commander';
import type { EraseRequest } from '../wire/erase.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';

/** `driftbom erase`: takes payloads out of the ledger, with proof that they existed. */
export function addErase(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('erase')
    .description('take the payloads of entries out of the ledger for good; the log still proves that they existed')
    .argument('<entries...>', 'log indexes, digest prefixes or urn:uuid')
    .requiredOption('--reason <text>', 'why; stands in the log')
    .requiredOption('--requested-by <who>', 'who asks for it')
    .requiredOption('--approved-by <who>', 'who allows it; somebody else')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--config <file>', 'driftbom.yaml to use')
    .option('--json', 'print what was done as JSON')
    .action(
      async (entries: readonly string[], options: Omit<EraseRequest, 'entries'> & { readonly json?: boolean }) => {
        const { wireErase } = await import('../wire/erase.ts');
        const { erased, shown } = await wireErase({ ...options, entries }, io);
        if (options.json === true) {
          io.out(`${JSON.stringify({ schema: 'driftbom.erase/v1', ledger: shown, ...erased }, undefined, 2)}\n`);
        } else {
          const { eraseTerminal } = await import('../report/erase.ts');
          io.out(eraseTerminal(erased));
        }
        finish(erased.kept.length === 0 ? EXIT.inSync : EXIT.incomplete);
      },
    );
}
