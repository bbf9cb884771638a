import { type Command, Option } from 'commander';
import { ENTRY_ALGORITHMS, type EntryAlgorithm } from '../ledger/port.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';

interface InitOptions {
  readonly ledger?: string;
  readonly origin?: string;
  readonly config?: string;
  readonly algorithm?: EntryAlgorithm;
  readonly kms?: string;
  readonly passphrase?: boolean;
}

/** `driftbom init`: makes the ledger and its keys. */
export function addInit(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('make an empty ledger and its signing keys (scan does it by itself on first use)')
    .option('--ledger <dir>', 'ledger folder (default: .driftbom/ledger)')
    .option('--origin <name>', 'name of the ledger in its checkpoints, for example ledger.example/acme-prod')
    .addOption(
      new Option('--algorithm <name>', 'kind of the key that signs entries (default: ecdsa-p256)')
        .choices(ENTRY_ALGORITHMS)
        .conflicts('kms'),
    )
    .option('--kms <arn>', 'AWS KMS key (ECC_NIST_P256) that signs entries in place of a key file')
    .option('--passphrase', 'lock the key files with the passphrase in DRIFTBOM_KEY_PASSPHRASE')
    .option('--config <file>', 'driftbom.yaml to use')
    .action(async (options: InitOptions) => {
      const { wireInit } = await import('../wire/ledger.ts');
      const made = await wireInit(options, io);
      io.out(made.length === 0 ? 'driftbom: the ledger and its keys are there already\n' : `${made.join('\n')}\n`);
      finish(EXIT.inSync);
    });
}
